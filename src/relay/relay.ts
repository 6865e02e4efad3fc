// Both directions of a running server, from its start to its end, and nothing of what it says.

import type { Readable, Writable } from 'node:stream';
import type { Scrubber } from '../scrub/scrubber.js';
import { createAside } from './aside.js';
import { drain } from './drain.js';
import { createFindings } from './findings.js';
import { serverLines } from './messages.js';
import { pump } from './pump.js';
import { startupDeadline } from './startup.js';

export interface RelayedChild {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly once: (event: 'exit', listener: (code: number | null, signal: NodeJS.Signals | null) => void) => unknown;
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

/**
 * 1. client → child as it comes · 2. child → client line by line, scrubbed · 3. stderr and noise scrubbed, aside ·
 * 4. whoever ends first is the cause: the client's end or a signal starts a ladder · 5. after the child's end its last
 * output is drained, then what is left of its group is ended. One AbortController owns every listener.
 */
export async function relay(options: RelayOptions): Promise<Outcome> {
  const { client, child, ladder, scrubber } = options;
  const findings = createFindings();
  const stop = new AbortController();
  const aside = createAside(client.stderr);
  const errors = scrubber.textStream();
  let cause: Cause = 'child';
  let dropped = 0;
  let chunks = 0;

  const blame = (candidate: Cause): void => {
    if (cause === 'child') cause = candidate;
  };
  const clientEnds = (): void => {
    blame('client');
    ladder.endOfInput();
  };
  const onDropped = (why: string): void => {
    dropped++;
    aside.write(Buffer.from(`secretctl: ${why}\n`));
  };
  const startup = startupDeadline(options.startupTimeoutMs, () => {
    blame('startup-timeout');
    ladder.signal('SIGTERM');
  });
  const lines = serverLines({ scrubber, findings, onNoise: aside.write, onDropped, onFirstLine: startup.met });
  /** What the scrubber fails on is dropped, never passed on as it came. */
  const guarded = (scrub: () => Buffer): Buffer => {
    try {
      return scrub();
    } catch {
      onDropped('a part of the stderr of the server was dropped: the scrubber failed');
      return Buffer.alloc(0);
    }
  };

  options.onSignal((name) => {
    blame(name);
    ladder.signal(name);
  });
  const forgetParent = options.onParentGone(clientEnds);
  const upward = pump(client.stdin, child.stdin, {
    transform: (chunk) => {
      startup.asked();
      return [chunk];
    },
    signal: stop.signal,
    buffer: UPWARD_BUFFER,
  });
  void upward.then((how) => {
    if (how === 'ended') clientEnds();
    // A server that closed its stdin may live on: the client's end still ends it.
    else if (how === 'closed') onEnd(client.stdin, clientEnds);
  });
  const downward = pump(child.stdout, client.stdout, {
    transform: (chunk) => {
      chunks++;
      return lines.transform(chunk);
    },
    flush: lines.flush,
    signal: stop.signal,
    untilTaken: true,
  });
  void downward.then((how) => {
    // A client that no longer reads has gone; a server that no longer writes can serve nobody.
    if (how === 'closed') clientEnds();
    else if (how === 'ended') ladder.endOfInput();
  }, clientEnds);
  const scrubErrors = (chunk: Buffer): Buffer => guarded(() => errors.push(chunk));
  const stderr = aside.drain(child.stderr, scrubErrors, () => guarded(() => errors.end()));

  const { code, signal } = await exitOf(child);
  const { weEndedIt } = ladder;
  const endCause = cause;
  startup.met();
  const draining = {
    ended: Promise.allSettled([downward, stderr]),
    chunks: () => chunks,
    waiting: () => client.stdout.writableLength,
    patience: () => patienceFor(cause),
  };
  await drain(draining);
  ladder.childEnded();
  await drain(draining);
  stop.abort();
  child.stderr.destroy();
  forgetParent();
  // Whoever still has not taken it by now will not.
  if (client.stdout.writableLength > 0) client.stdout.destroy();
  findings.add(errors.findings);
  return { code, signal, cause: endCause, weEndedIt, findings: findings.counts(), dropped };
}

function patienceFor(cause: Cause): number {
  if (cause === 'child') return Infinity;
  return cause === 'client' ? CLIENT_PATIENCE : SIGNAL_PATIENCE;
}

function exitOf(child: RelayedChild): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}

function onEnd(stream: Readable, handler: () => void): void {
  if (stream.readableEnded || stream.destroyed) handler();
  else stream.once('end', handler).once('close', handler).resume();
}
