import { describe, expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { terminalOn } from '../../src/system/terminal.js';
import { refusal } from '../support/errors.js';

/** A terminal whose keys the test presses. */
function keyboard() {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => modes.push(isRaw) });
  let screen = '';
  const terminal = terminalOn(input, (text) => (screen += text));
  const type = async (...chunks: (string | Buffer)[]): Promise<void> => {
    for (const chunk of chunks) {
      input.write(chunk);
      await sleep(1);
    }
  };
  return { terminal, input, modes, type, screen: () => screen };
}

describe('a hidden line', () => {
  test('switches the echo off before its prompt, and on after it', async () => {
    const { terminal, type, modes, screen } = keyboard();
    const asked = terminal.askHidden('? ');
    await type('one\r');
    expect([await asked, terminal.hasMore(), modes, screen()]).toEqual(['one', false, [true, false], '? \n']);
  });

  test.each<[string, string, string]>([
    ['backspace, by characters', 'a\u{1F600}\u007fb\r', 'ab'],
    ['Ctrl-U', 'abc\u0015d\r', 'd'],
    ['Ctrl-D in a line', 'a\u0004b\r', 'ab'],
    ['Enter as LF', 'a\n', 'a'],
  ])('is edited: %s', async (_name, keys, line) => {
    const { terminal, type } = keyboard();
    const asked = terminal.askHidden('');
    await type(keys);
    expect(await asked).toBe(line);
  });

  test('that a paste goes on after is told, also when the rest comes in another read', async () => {
    for (const chunks of [['one\rtwo\r'], ['one\r', 'two'], ['one\r', Buffer.from([0xff])]]) {
      const { terminal, type } = keyboard();
      const asked = terminal.askHidden('');
      await type(...chunks);
      expect([await asked, terminal.hasMore()]).toEqual(['one', true]);
    }
  });

  test('ends at CR LF, too', async () => {
    const { terminal, type } = keyboard();
    const asked = terminal.askHidden('');
    await type('one\r\n');
    expect([await asked, terminal.hasMore()]).toEqual(['one', false]);
  });

  test('may be typed ahead of its prompt', async () => {
    const { terminal, type } = keyboard();
    const first = terminal.askHidden('');
    await type('one\rtwo\r');
    expect([await first, await terminal.askHidden('')]).toEqual(['one', 'two']);
  });
});

describe('what is typed', () => {
  test('is UTF-8, wherever the reads part it', async () => {
    const bytes = Buffer.from('p\u00e4\u20ac\u{1F600}\r');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const { terminal, type } = keyboard();
      const asked = terminal.askHidden('');
      await type(bytes.subarray(0, cut), bytes.subarray(cut));
      expect(await asked).toBe('p\u00e4\u20ac\u{1F600}');
    }
  });

  test.each([
    ['Latin-1', [0x70, 0xe4, 0x0d]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80, 0x0d]],
  ])('is refused otherwise: %s', async (_name, bytes) => {
    const { terminal, type, modes } = keyboard();
    const asked = refusal(() => terminal.askHidden(''));
    await type(Buffer.from(bytes));
    expect((await asked).code).toBe('bad-data');
    expect(modes).toEqual([true, false]);
  });

  test('ends with the terminal', async () => {
    for (const way of ['askHidden', 'ask'] as const) {
      const { terminal, input } = keyboard();
      const asked = terminal[way]('');
      input.end();
      expect(await asked).toBeUndefined();
    }
  });
});
