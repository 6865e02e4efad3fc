// Questions to a person, on the controlling terminal: stdin and stdout may belong to a protocol or a pipe.

import { openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { SecretctlError } from '../errors.js';

export interface Terminal {
  /** Shows text as it is; the caller has passed it through `safe`. */
  print(text: string): void;
  /** The line that was typed, without its end; undefined at end of input. */
  ask(prompt: string): Promise<string | undefined>;
  /** The same without echo. */
  askHidden(prompt: string): Promise<string | undefined>;
  close(): void;
}

/** undefined where there is no controlling terminal: a client's child, CI, a service. */
export function openTerminal(platform: NodeJS.Platform): Terminal | undefined {
  try {
    const [input, output] = platform === 'win32' ? ['\\\\.\\CONIN$', '\\\\.\\CONOUT$'] : ['/dev/tty', '/dev/tty'];
    return terminalOn(new ReadStream(openSync(input, 'r')), openSync(output, 'w'));
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

function terminalOn(input: ReadStream, output: number): Terminal {
  input.pause();
  /** Typed ahead of the next question. */
  let typed = '';
  const print = (text: string): void => void writeSync(output, text);
  const readLine = (prompt: string, hidden: boolean): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      // Before the prompt: what is typed the moment it shows must not be echoed.
      if (hidden) input.setRawMode(true);
      print(prompt);
      const editor = lineEditor();
      const finish = (settle: () => void): void => {
        input.off('data', onData).off('end', onEnd);
        input.pause();
        if (hidden) {
          input.setRawMode(false);
          print('\n');
        }
        settle();
      };
      const onEnd = (): void => finish(() => resolve(undefined));
      const onData = (chunk: Buffer | string): void => {
        typed += chunk.toString();
        const result = editor(typed);
        typed = result.rest;
        if (result.state === 'interrupted') finish(() => reject(interrupted()));
        else if (result.state === 'ended') onEnd();
        else if (result.state === 'line') finish(() => resolve(result.line));
      };
      input.on('data', onData).on('end', onEnd);
      input.resume();
      if (typed !== '') onData('');
    });
  return {
    print,
    ask: (prompt) => readLine(prompt, false),
    askHidden: (prompt) => readLine(prompt, true),
    close: () => void input.destroy(),
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

function interrupted(): SecretctlError {
  return new SecretctlError('not-permitted', 'interrupted', undefined);
}
