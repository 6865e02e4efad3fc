// Both directions of a running server, from its start to its end, and nothing of what it says.

import type { Readable, Writable } from 'node:stream';
import type { Scrubber } from '../scrub/scrubber.js';
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
  /** Subscribes to the signals that reach us; returns the unsubscription. */
  readonly onSignal: (handler: (name: NodeJS.Signals) => void) => () => void;
  readonly startupTimeoutMs: number;
}

export interface Outcome {
  /** What the child's end was: exactly one of the two is set. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly cause: 'child' | 'client' | 'startup-timeout' | NodeJS.Signals;
  /** The ladder ended the child; false when it ended by itself. */
  readonly weEndedIt: boolean;
  readonly findings: Readonly<Record<string, number>>;
  /** Lines that were dropped because they could not be scrubbed. */
  readonly dropped: number;
}

/**
 * 1. client → child as it comes · 2. child → client line by line, scrubbed · 3. stderr scrubbed · 4. whoever ends first
 * decides the cause: the client's end or a signal starts a ladder · 5. after the child's end its last output is drained.
 * One AbortController owns every listener.
 */
export async function relay(options: RelayOptions): Promise<Outcome> {
  const { client, child, ladder, scrubber } = options;
  const findings = createFindings();
  const stop = new AbortController();
  let cause: Outcome['cause'] = 'child';
  let dropped = 0;
  let chunks = 0;
  const blame = (candidate: Outcome['cause']): void => {
    if (cause === 'child') cause = candidate;
  };

  const errors = scrubber.textStream();
  const startup = startupDeadline(options.startupTimeoutMs, () => {
    blame('startup-timeout');
    ladder.signal('SIGTERM');
  });
  const onDropped = (why: string): void => {
    dropped++;
    client.stderr.write(`secretctl: ${why}\n`);
  };
  /** What the scrubber fails on is dropped, never passed on as it came. */
  const guarded = (scrub: () => Buffer): readonly Buffer[] => {
    try {
      return [scrub()];
    } catch {
      onDropped('a part of the stderr of the server was dropped: the scrubber failed');
      return [];
    }
  };
  const lines = serverLines({
    scrubber,
    findings,
    onNoise: (line) => client.stderr.write(line),
    onDropped,
    onFirstLine: startup.met,
  });

  const unsubscribe = options.onSignal((name) => {
    blame(name);
    ladder.signal(name);
  });
  const upward = pump(client.stdin, child.stdin, {
    transform: (chunk) => {
      startup.asked();
      return [chunk];
    },
    signal: stop.signal,
  });
  const clientEnds = (): void => {
    blame('client');
    ladder.endOfInput();
  };
  void upward.then((how) => how === 'ended' && !stop.signal.aborted && clientEnds());
  const downward = pump(child.stdout, client.stdout, {
    transform: (chunk) => {
      chunks++;
      return lines.transform(chunk);
    },
    flush: lines.flush,
    signal: stop.signal,
  });
  // A client that no longer reads has gone.
  void downward.then((how) => how === 'closed' && clientEnds(), clientEnds);
  const aside = pump(child.stderr, client.stderr, {
    transform: (chunk) => guarded(() => errors.push(chunk)),
    flush: () => guarded(() => errors.end()),
    signal: stop.signal,
  });
  // Nobody listens to stderr any more: it is still read, because a full pipe would stop the server.
  void aside.then((how) => how === 'closed' && child.stderr.resume());

  const { code, signal } = await exitOf(child);
  const { weEndedIt } = ladder;
  const endCause = cause;
  startup.met();
  const ended = Promise.allSettled([downward, aside]);
  const isBlocked = (): boolean => client.stdout.writableNeedDrain;
  const isUrgent = (): boolean => cause !== 'child';
  await drain({ ended, chunks: () => chunks, isBlocked, isUrgent });
  ladder.childEnded();
  await drain({ ended, chunks: () => chunks, isBlocked, isUrgent });
  stop.abort();
  await ended;
  unsubscribe();
  findings.add(errors.findings);
  return { code, signal, cause: endCause, weEndedIt, findings: findings.counts(), dropped };
}

function exitOf(child: RelayedChild): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
}
