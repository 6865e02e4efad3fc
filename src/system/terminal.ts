// Questions to a person, on the controlling terminal: stdin and stdout may belong to a protocol or a pipe.

import { closeSync, openSync, writeSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { ReadStream } from 'node:tty';
import { SecretctlError } from '../errors.js';

export interface Terminal {
  /** Shows text as it is; the caller has passed it through `safe`. */
  print(text: string): void;
  /** The line that was typed, without its end; undefined at end of input. Throws `bad-data` for what is not UTF-8. */
  ask(prompt: string): Promise<string | undefined>;
  /** The same without echo. */
  askHidden(prompt: string): Promise<string | undefined>;
  /** After a hidden line: more came with it, so several lines were pasted. */
  hasMore(): boolean;
  close(): void;
}

/** The part of a terminal that is read; tests put a stream of their own in its place. */
export type TerminalInput = Readable & { setRawMode(isRaw: boolean): unknown };

/** The reads of one paste follow each other faster than this; a person does not type that fast. */
const PASTE_GAP_MS = 40;

/** undefined where there is no controlling terminal: a client's child, CI, a service. */
export function openTerminal(platform: NodeJS.Platform): Terminal | undefined {
  try {
    const [input, output] = platform === 'win32' ? ['\\\\.\\CONIN$', '\\\\.\\CONOUT$'] : ['/dev/tty', '/dev/tty'];
    const stream = new ReadStream(openSync(input, 'r'));
    const screen = openSync(output, 'w');
    const terminal = terminalOn(stream, (text) => void writeSync(screen, text));
    return {
      ...terminal,
      close() {
        terminal.close();
        closeSync(screen);
      },
    };
  } catch {
    return undefined;
  }
}

/** Throws `no-terminal` with the way that needs none. */
export function requireTerminal(platform: NodeJS.Platform, what: string, hint: string): Terminal {
  const terminal = openTerminal(platform);
  if (terminal === undefined)
    throw new SecretctlError('no-terminal', `${what} needs a terminal, and there is none`, hint);
  return terminal;
}

export function terminalOn(input: TerminalInput, print: (text: string) => void): Terminal {
  const typed = collect(input);

  const nextLine = async (): Promise<Edited> => {
    const edit = lineEditor();
    for (;;) {
      const edited = edit(typed.take());
      typed.putBack(edited.rest);
      if (edited.state !== 'more') return edited;
      // oxlint-disable-next-line no-await-in-loop -- waiting is the purpose
      if (!(await typed.arrives())) return { ...edited, state: 'ended' };
    }
  };
  const readLine = async (prompt: string): Promise<string | undefined> => {
    print(prompt);
    const { state, line } = await nextLine();
    if (state === 'interrupted') throw new Interrupted();
    return state === 'line' ? line : undefined;
  };
  const ask = (prompt: string): Promise<string | undefined> => whileReading(input, () => readLine(prompt));
  const askHidden = (prompt: string): Promise<string | undefined> =>
    whileReading(input, async () => {
      // Before the prompt: what is typed the moment it shows must not be echoed.
      input.setRawMode(true);
      try {
        const line = await readLine(prompt);
        // The rest of a paste must be neither echoed nor left for the shell to run.
        // oxlint-disable-next-line no-await-in-loop -- waiting is the purpose
        while (await typed.arrives(PASTE_GAP_MS));
        return line;
      } finally {
        input.setRawMode(false);
        print('\n');
      }
    });
  return {
    print,
    ask: (prompt) => ask(prompt).catch(endInterrupted),
    askHidden: (prompt) => askHidden(prompt).catch(endInterrupted),
    hasMore: typed.hasMore,
    close: () => void input.destroy(),
  };
}

/** In a terminal's raw mode Ctrl-C is a character. */
class Interrupted extends Error {}

/** The terminal is as it was by now. What would have happened without us: the shell sees a command that SIGINT ended. */
function endInterrupted(error: unknown): never {
  if (!(error instanceof Interrupted)) throw error;
  process.kill(process.pid, 'SIGINT');
  throw new SecretctlError('not-permitted', 'interrupted');
}

async function whileReading<T>(input: TerminalInput, read: () => Promise<T>): Promise<T> {
  input.resume();
  try {
    return await read();
  } finally {
    input.pause();
  }
}

const nobodyWaits = (): void => undefined;

/** What was typed and not yet taken, also ahead of the next question. A character may be split between two reads. */
function collect(input: TerminalInput) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  let state: 'open' | 'ended' | 'garbled' = 'open';
  let wake = nobodyWaits;
  const end = (): void => {
    if (state === 'open') state = 'ended';
    wake();
  };
  // Paused first, so that listening does not start the reading.
  input.pause();
  input.on('end', end).on('error', end);
  input.on('data', (chunk: Buffer) => {
    try {
      text += decoder.decode(chunk, { stream: true });
    } catch {
      state = 'garbled';
    }
    wake();
  });
  return {
    hasMore: (): boolean => state === 'garbled' || text.trim() !== '',
    take(): string {
      if (state === 'garbled') throw new SecretctlError('bad-data', 'what was typed is not UTF-8');
      const taken = text;
      text = '';
      return taken;
    },
    putBack: (rest: string): void => void (text = rest),
    /** False when nothing came: at the end of input, or in time. */
    arrives: (milliseconds?: number): Promise<boolean> =>
      new Promise((resolve) => {
        if (state === 'ended') return resolve(false);
        const timer = milliseconds === undefined ? undefined : setTimeout(() => resolve(false), milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve(state !== 'ended');
        };
      }),
  };
}

interface Edited {
  readonly state: 'more' | 'line' | 'ended' | 'interrupted';
  readonly line: string;
  /** What was typed after the line's end. */
  readonly rest: string;
}

/** In raw mode the terminal edits nothing: backspace, Ctrl-U, Ctrl-C and Ctrl-D are ours. Cooked lines pass unchanged. */
function lineEditor(): (typed: string) => Edited {
  let line = '';
  return (typed) => {
    const characters = Array.from(typed);
    for (const [index, character] of characters.entries()) {
      const rest = characters.slice(index + 1).join('');
      if (character === '\r' || character === '\n') return { state: 'line', line, rest };
      if (character === '\u0003') return { state: 'interrupted', line: '', rest };
      if (character === '\u0004') {
        if (line === '') return { state: 'ended', line, rest };
      } else if (character === '\u007f' || character === '\b') line = Array.from(line).slice(0, -1).join('');
      else if (character === '\u0015') line = '';
      else line += character;
    }
    return { state: 'more', line, rest: '' };
  };
}
