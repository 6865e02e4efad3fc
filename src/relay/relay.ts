// Both directions of a running server, from its start to its end, and nothing of what it says.

import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { Scrubber } from '../scrub/scrubber.js';
import { createSession, type ScrubSession } from '../scrub/session.js';
import { createAside, type Aside } from './aside.js';
import { drain } from './drain.js';
import { createFindings, type Findings } from './findings.js';
import { createJournal, type Journal, type JournalEntry } from './journal.js';
import { createLastWords, farewells, type LastWords } from './last-words.js';
import { serverLines } from './messages.js';
import { createPending, type Pending } from './pending.js';
import type { ToolGate } from './policy.js';
import { pump } from './pump.js';
import { startupDeadline, type StartupDeadline } from './startup.js';
import { clientLines } from './upward.js';

export interface RelayedChild {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly exited: Promise<Exit>;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
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
  /** Longest line in bytes. */
  readonly maxLineBytes: number;
  /** What the profile forbids; undefined when that is nothing. */
  readonly tools: ToolGate | undefined;
  /** Hears of the calls of tools, and of where something was scrubbed. What it throws keeps an answer back. */
  readonly onEntry?: ((entry: JournalEntry) => void) | undefined;
  /** Subscribes to the end of an audit that the session may not go on without. */
  readonly onUnaudited?: ((handler: () => void) => void) | undefined;
}

/** What the child's end was: exactly one of code and signal is set. */
interface Ending extends Exit {
  readonly cause: Cause;
  /** The ladder ended the child; false when it ended by itself. */
  readonly weEndedIt: boolean;
}

export interface Outcome extends Ending {
  readonly findings: Readonly<Record<string, number>>;
  /** Lines that were dropped because they could not be scrubbed. */
  readonly dropped: number;
}

/** Who ended the session: the server, the client, the start-up deadline, an audit that failed, or a signal that reached us. */
export type Cause = 'child' | 'client' | 'startup-timeout' | 'unaudited' | NodeJS.Signals;

/** A server that does not read holds up the client only beyond this: else the client's end would not be seen. */
const UPWARD_BUFFER = 8 * 1024 * 1024;
/** Milliseconds without progress that the client has to take the last output. */
const CLIENT_PATIENCE = 2000;
const SIGNAL_PATIENCE = 200;
/** Milliseconds to let go of stderr. */
const LAST_WORDS = 50;
/** Milliseconds that a client whose server died at once has to ask its first question: so that it learns why. */
const FIRST_QUESTION = 2000;
const STEP = 25;

/** What the parts of a running relay share. */
interface Session extends RelayOptions {
  /** One AbortController owns every listener. */
  readonly stop: AbortController;
  readonly aside: Aside;
  readonly findings: Findings;
  readonly startup: StartupDeadline;
  readonly pending: Pending;
  readonly journal: Journal | undefined;
  /** The end of the server's stderr, scrubbed. */
  readonly words: LastWords;
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
 * output is drained, then what is left of its group is ended · 6. whoever still waits for an answer is told why there is none.
 */
export async function relay(options: RelayOptions): Promise<Outcome> {
  const { child, ladder } = options;
  const session = openSession(options);
  options.onSignal((name) => {
    blame(session, name);
    ladder.signal(name);
  });
  options.onUnaudited?.(() => {
    blame(session, 'unaudited');
    ladder.signal('SIGTERM');
  });
  const forgetParent = options.onParentGone(() => clientEnds(session));
  void relayUpward(session);
  const downward = relayDownward(session);
  const errors = relayErrors(session);

  const { code, signal } = await child.exited;
  const { weEndedIt } = ladder;
  const { cause } = session;
  session.startup.met();
  const ended = Promise.allSettled([downward, errors]);
  await drainLastOutput(session, ended);
  await answerPending(session, { code, signal, cause, weEndedIt });
  await letGo(session, ended);
  forgetParent();
  session.journal?.close();
  return { code, signal, cause, weEndedIt, findings: session.findings.counts(), dropped: session.dropped };
}

function openSession(options: RelayOptions): Session {
  const { startupTimeoutMs, onEntry, scrubber } = options;
  const journal = onEntry && createJournal({ scrubber, onEntry });
  const startup = startupDeadline({
    milliseconds: startupTimeoutMs,
    onSlow: (waited) => note(session, slowness(waited, startupTimeoutMs)),
    onMissed() {
      blame(session, 'startup-timeout');
      options.ladder.signal('SIGTERM');
    },
  });
  const session: Session = {
    ...options,
    stop: new AbortController(),
    aside: createAside(options.client.stderr),
    findings: createFindings(),
    startup,
    pending: createPending(journal),
    journal,
    words: createLastWords(),
    masks: createSession(options.scrubber),
    cause: 'child',
    dropped: 0,
    chunks: 0,
  };
  return session;
}

/** Both in milliseconds. */
function slowness(waited: number, limit: number): string {
  return `the server has not answered for ${waited / 1000} s, and has ${limit / 1000} s (server.startupTimeout); a first start may fetch a package`;
}

function blame(session: Session, cause: Cause): void {
  if (session.cause === 'child') session.cause = cause;
}

function clientEnds(session: Session): void {
  blame(session, 'client');
  session.ladder.endOfInput();
}

async function relayUpward(session: Session): Promise<void> {
  const { client, child, startup, stop, masks, tools, maxLineBytes, pending, journal } = session;
  const lines = clientLines({
    session: masks,
    tools,
    maxLineBytes,
    onAnswer: (line) => void client.stdout.write(line),
    onDropped: (why) => note(session, why),
    onRefused: journal?.refused,
  });
  const tracked = (parts: readonly Buffer[]): readonly Buffer[] => {
    for (const part of parts) pending.asked(part);
    return parts;
  };
  const transform = (chunk: Buffer): readonly Buffer[] => {
    startup.asked();
    if (session.cause === 'unaudited') return [];
    return tracked(lines.transform(chunk));
  };
  const options = { transform, flush: () => tracked(lines.flush()), signal: stop.signal, buffer: UPWARD_BUFFER };
  const how = await pump(client.stdin, child.stdin, options);
  if (how === 'ended') return clientEnds(session);
  if (how !== 'closed') return;
  // A server that closed its stdin may live on, and be asked: the client's end still ends it.
  client.stdin.on('data', transform).resume();
  await endOf(client.stdin);
  clientEnds(session);
}

async function relayDownward(session: Session): Promise<void> {
  const { client, child, masks, tools, findings, aside, startup, stop, maxLineBytes, pending, journal } = session;
  const lines = serverLines({
    scrubber: masks,
    tools,
    maxLineBytes,
    findings,
    onNoise: aside.write,
    onDropped: (why) => noteDropped(session, why),
    onFirstLine: startup.met,
    onAnswered: (line, withheld) => pending.answered(line, withheld),
    onFound: journal?.found,
    onAllAnswered: (whole, ends) => pending.allAnswered(whole, ends),
  });
  const transform = (chunk: Buffer): readonly Buffer[] => {
    session.chunks++;
    if (session.cause === 'unaudited') return [];
    return lines.transform(chunk);
  };
  const options = { transform, flush: lines.flush, signal: stop.signal, untilTaken: true };
  const how = await pump(child.stdout, client.stdout, options);
  // A client that no longer reads has gone; a server that no longer writes can serve nobody.
  if (how === 'closed') clientEnds(session);
  else if (how === 'ended') session.ladder.endOfInput();
}

async function relayErrors(session: Session): Promise<void> {
  const { child, scrubber, findings, aside, words, journal } = session;
  const stream = scrubber.textStream();
  /** What the scrubber fails on is dropped, never passed on as it came. */
  const guarded = (scrub: () => Buffer): Buffer => {
    try {
      const bytes = scrub();
      words.heard(bytes);
      return bytes;
    } catch {
      noteDropped(session, 'a part of the stderr of the server was dropped: the scrubber failed');
      return Buffer.alloc(0);
    }
  };
  const scrub = (chunk: Buffer): Buffer => guarded(() => stream.push(chunk));
  await aside.drain(child.stderr, scrub, () => guarded(() => stream.end()));
  findings.add(stream.findings);
  journal?.foundAside(stream.findings);
}

function noteDropped(session: Session, why: string): void {
  session.dropped++;
  note(session, why);
}

/** What we say is scrubbed as well: a note may name what the client called. */
function note({ aside, scrubber }: Session, what: string): void {
  const words = Buffer.from(`secretctl: ${what}`);
  try {
    aside.write(Buffer.concat([scrubber.text(words).bytes, NEWLINE_BYTES]));
  } catch {
    // What cannot be scrubbed is not said.
  }
}
const NEWLINE_BYTES = Buffer.from('\n');

async function drainLastOutput(session: Session, ended: Promise<unknown>): Promise<void> {
  const { client, child, ladder } = session;
  const input = {
    ended,
    chunks: () => session.chunks,
    waiting: () => client.stdout.writableLength,
    patience: () => patienceFor(session.cause),
  };
  await drain(input);
  ladder.childEnded();
  await drain(input);
  child.stderr.destroy();
  // Nobody may read stderr: its end is not worth a second.
  await Promise.race([ended, setTimeout(LAST_WORDS)]);
}

/** Requests that nobody will answer any more; after a signal nobody listens. */
async function answerPending(session: Session, ending: Ending): Promise<void> {
  const { client, pending, words, scrubber } = session;
  if (isSignal(ending.cause)) return;
  // A server that ended because its input did, and left something unanswered, has decided that by itself.
  if (ending.cause === 'client' && !ending.weEndedIt) return;
  // It died before it was asked anything: the client's first question is under way.
  if (ending.cause === 'child' && !pending.hasAsked) await firstQuestion(session);
  for (const line of farewells(pending.take(), textOf(ending, session), words, scrubber)) client.stdout.write(line);
}

async function firstQuestion({ client, pending }: Session): Promise<void> {
  for (let waited = 0; waited < FIRST_QUESTION && !pending.hasAsked && !hasEnded(client.stdin); waited += STEP) {
    // oxlint-disable-next-line no-await-in-loop -- waiting is what this loop does
    await setTimeout(STEP);
  }
}

function isSignal(cause: Cause): cause is NodeJS.Signals {
  return cause !== 'child' && cause !== 'client' && cause !== 'startup-timeout' && cause !== 'unaudited';
}

function textOf({ cause, code, signal }: Ending, { startupTimeoutMs }: Session): string {
  if (cause === 'client') return 'the server was ended before it answered, because the client closed its input';
  if (cause === 'unaudited')
    return 'the audit log cannot be written, and the profile allows nothing without it (audit: required)';
  if (cause === 'startup-timeout')
    return `the server wrote nothing within ${startupTimeoutMs} ms (server.startupTimeout) and was ended`;
  const how = signal === null ? `exited with status ${code ?? 0}` : `was ended by ${signal}`;
  return `the server ${how} before it answered`;
}

/** Stops everything. What the client has not taken by the end of its patience it will not take. */
async function letGo({ client, stop, cause }: Session, ended: Promise<unknown>): Promise<void> {
  if (client.stdout.writableLength > 0 && !client.stdout.destroyed) {
    const taken = new Promise((resolve) => client.stdout.write('', resolve));
    await Promise.race([taken, setTimeout(Math.min(patienceFor(cause), CLIENT_PATIENCE))]);
  }
  stop.abort();
  await Promise.race([ended, setTimeout(LAST_WORDS)]);
  if (client.stdout.writableLength > 0) client.stdout.destroy();
}

function patienceFor(cause: Cause): number {
  if (cause === 'child') return Infinity;
  return cause === 'client' ? CLIENT_PATIENCE : SIGNAL_PATIENCE;
}

function hasEnded(stream: Readable): boolean {
  return stream.readableEnded || stream.destroyed;
}

function endOf(stream: Readable): Promise<void> {
  if (hasEnded(stream)) return Promise.resolve();
  return new Promise((resolve) => stream.once('end', resolve).once('close', resolve));
}
