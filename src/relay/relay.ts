// Both directions of a running server, from its start to its end, and nothing of what it says.

import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Scrubber } from '../scrub/scrubber.js';
import { createSession, type ScrubSession } from '../scrub/session.js';
import { createAside, type Aside } from './aside.js';
import { drain } from './drain.js';
import { createFindings, type Findings } from './findings.js';
import { serverLines } from './messages.js';
import { pump } from './pump.js';
import { startupDeadline, type StartupDeadline } from './startup.js';
import { clientLines } from './upward.js';

export interface RelayedChild {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** How the child is ended; see process/shutdown.ts. */
export interface Ladder {
  endOfInput(): void;
  signal(name: NodeJS.Signals): void;
  childEnded(): void;
  readonly weEndedIt: boolean;
}

export interface RelayOptions {
  readonly client: { readonly stdin: Readable; readonly stdout: Writable; readonly stderr: Writable };
  readonly child: RelayedChild;
  readonly ladder: Ladder;
  readonly scrubber: Scrubber;
  /** Subscribes to the signals that reach us. */
  readonly onSignal: (handler: (name: NodeJS.Signals) => void) => void;
  /** Subscribes to the end of the process that started us; returns the unsubscription. */
  readonly onParentGone: (handler: () => void) => () => void;
  readonly startupTimeoutMs: number;
}

export interface Outcome {
  /** What the child's end was: exactly one of the two is set. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly cause: Cause;
  /** The ladder ended the child; false when it ended by itself. */
  readonly weEndedIt: boolean;
  readonly findings: Readonly<Record<string, number>>;
  /** Lines that were dropped because they could not be scrubbed. */
  readonly dropped: number;
}

/** Who ended the session: the server, the client, the start-up deadline, or a signal that reached us. */
export type Cause = 'child' | 'client' | 'startup-timeout' | NodeJS.Signals;

/** A server that does not read holds up the client only beyond this: else the client's end would not be seen. */
const UPWARD_BUFFER = 8 * 1024 * 1024;
/** Milliseconds without progress that the client has to take the last output. */
const CLIENT_PATIENCE = 2000;
const SIGNAL_PATIENCE = 200;
/** Milliseconds to let go of stderr. */
const LAST_WORDS = 50;

/** What the parts of a running relay share. */
interface Session extends RelayOptions {
  /** One AbortController owns every listener. */
  readonly stop: AbortController;
  readonly aside: Aside;
  readonly findings: Findings;
  readonly startup: StartupDeadline;
  /** What the client was given in place of credentials. */
  readonly masks: ScrubSession;
  /** The first who ended it; `child` until somebody else did. */
  cause: Cause;
  /** Lines that could not be scrubbed. */
  dropped: number;
  /** Chunks read from the child's stdout: the sign that it still talks. */
  chunks: number;
}

/**
 * 1. client → child as it comes, masks mapped back · 2. child → client line by line, scrubbed · 3. stderr and noise scrubbed, aside ·
 * 4. whoever ends first is the cause: the client's end or a signal starts a ladder · 5. after the child's end its last
 * output is drained, then what is left of its group is ended.
 */
export async function relay(options: RelayOptions): Promise<Outcome> {
  const { child, ladder } = options;
  const session = openSession(options);
  options.onSignal((name) => {
    blame(session, name);
    ladder.signal(name);
  });
  const forgetParent = options.onParentGone(() => clientEnds(session));
  void relayUpward(session);
  const downward = relayDownward(session);
  const errors = relayErrors(session);

  const { code, signal } = await child.exited;
  const { weEndedIt } = ladder;
  const { cause } = session;
  session.startup.met();
  await drainLastOutput(session, Promise.allSettled([downward, errors]));
  forgetParent();
  return { code, signal, cause, weEndedIt, findings: session.findings.counts(), dropped: session.dropped };
}

function openSession(options: RelayOptions): Session {
  const startup = startupDeadline(options.startupTimeoutMs, () => {
    blame(session, 'startup-timeout');
    options.ladder.signal('SIGTERM');
  });
  const session: Session = {
    ...options,
    stop: new AbortController(),
    aside: createAside(options.client.stderr),
    findings: createFindings(),
    startup,
    masks: createSession(options.scrubber),
    cause: 'child',
    dropped: 0,
    chunks: 0,
  };
  return session;
}

function blame(session: Session, cause: Cause): void {
  if (session.cause === 'child') session.cause = cause;
}

function clientEnds(session: Session): void {
  blame(session, 'client');
  session.ladder.endOfInput();
}

async function relayUpward(session: Session): Promise<void> {
  const { client, child, startup, stop, masks } = session;
  const lines = clientLines({
    session: masks,
    onAnswer: (line) => void client.stdout.write(line),
    onDropped: (why) => note(session, why),
  });
  const transform = (chunk: Buffer): readonly Buffer[] => {
    startup.asked();
    return lines.transform(chunk);
  };
  const options = { transform, flush: lines.flush, signal: stop.signal, buffer: UPWARD_BUFFER };
  const how = await pump(client.stdin, child.stdin, options);
  if (how === 'ended') clientEnds(session);
  // A server that closed its stdin may live on: the client's end still ends it.
  else if (how === 'closed') onEnd(client.stdin, () => clientEnds(session));
}

async function relayDownward(session: Session): Promise<void> {
  const { client, child, masks, findings, aside, startup, stop } = session;
  const lines = serverLines({
    scrubber: masks,
    findings,
    onNoise: aside.write,
    onDropped: (why) => noteDropped(session, why),
    onFirstLine: startup.met,
  });
  const transform = (chunk: Buffer): readonly Buffer[] => {
    session.chunks++;
    return lines.transform(chunk);
  };
  const options = { transform, flush: lines.flush, signal: stop.signal, untilTaken: true };
  const how = await pump(child.stdout, client.stdout, options);
  // A client that no longer reads has gone; a server that no longer writes can serve nobody.
  if (how === 'closed') clientEnds(session);
  else if (how === 'ended') session.ladder.endOfInput();
}

async function relayErrors(session: Session): Promise<void> {
  const { child, scrubber, findings, aside } = session;
  const stream = scrubber.textStream();
  /** What the scrubber fails on is dropped, never passed on as it came. */
  const guarded = (scrub: () => Buffer): Buffer => {
    try {
      return scrub();
    } catch {
      noteDropped(session, 'a part of the stderr of the server was dropped: the scrubber failed');
      return Buffer.alloc(0);
    }
  };
  const scrub = (chunk: Buffer): Buffer => guarded(() => stream.push(chunk));
  await aside.drain(child.stderr, scrub, () => guarded(() => stream.end()));
  findings.add(stream.findings);
}

function noteDropped(session: Session, why: string): void {
  session.dropped++;
  note(session, why);
}

function note({ aside }: Session, what: string): void {
  aside.write(Buffer.from(`secretctl: ${what}\n`));
}

async function drainLastOutput(session: Session, ended: Promise<unknown>): Promise<void> {
  const { client, child, ladder, stop } = session;
  const input = {
    ended,
    chunks: () => session.chunks,
    waiting: () => client.stdout.writableLength,
    patience: () => patienceFor(session.cause),
  };
  await drain(input);
  ladder.childEnded();
  await drain(input);
  stop.abort();
  child.stderr.destroy();
  // Nobody may read stderr: its end is not worth a second.
  await Promise.race([ended, setTimeout(LAST_WORDS)]);
  // Whoever still has not taken it by now will not.
  if (client.stdout.writableLength > 0) client.stdout.destroy();
}

function patienceFor(cause: Cause): number {
  if (cause === 'child') return Infinity;
  return cause === 'client' ? CLIENT_PATIENCE : SIGNAL_PATIENCE;
}

function onEnd(stream: Readable, handler: () => void): void {
  if (stream.readableEnded || stream.destroyed) handler();
  else stream.once('end', handler).once('close', handler).resume();
}
