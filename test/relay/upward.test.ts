// From the client to the server: as it comes until a mask was handed out, then line by line.

import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createScrubber } from '../../src/scrub/core.js';
import type { ScrubSession } from '../../src/scrub/session.js';
import { createSession } from '../../src/scrub/session.js';
import { clientLines } from '../../src/relay/upward.js';
import { randomText } from '../scrub/values.js';

const secret = randomText(20);

interface Harness {
  readonly session: ScrubSession;
  readonly push: (chunk: string | Buffer) => string;
  readonly flush: () => string;
  readonly answers: string[];
  readonly notes: string[];
}

const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString('latin1');

function harness(isWatching = true): Harness {
  const session = createSession(createScrubber([{ name: 'x', value: secret }]));
  const [answers, notes]: [string[], string[]] = [[], []];
  const lines = clientLines({
    maxLineBytes: 64 * 1024 * 1024,
    tools: undefined,
    session,
    onAnswer: (line) => answers.push(line.toString()),
    onDropped: (why) => notes.push(why),
  });
  if (isWatching) session.message(Buffer.from(JSON.stringify({ result: { nextCursor: secret } })));
  return {
    session,
    answers,
    notes,
    push: (chunk) => text(lines.transform(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)),
    flush: () => text(lines.flush()),
  };
}

const back = '{"id":1,"method":"tools/list","params":{"cursor":"REDACTED"}}';
const restored = back.replace('REDACTED', secret);
const bad = '{"id":2,"method":"tools/call","params":{"arguments":{"a":"[REDACTED:x]"}}}';

test('before a mask was handed out every chunk is passed on as it came', () => {
  const { push, flush, session } = harness(false);
  for (const chunk of ['{"id":', '1}\n{"a"', bad, '\n', '']) expect(push(chunk)).toBe(chunk);
  expect([flush(), session.isWatching]).toEqual(['', false]);
});

test('a line that had begun before goes on as it is; the next is looked at', () => {
  const { push, session } = harness(false);
  expect(push('{"id":0,"a":"[REDACTED')).toBe('{"id":0,"a":"[REDACTED');
  session.message(Buffer.from(JSON.stringify({ result: { nextCursor: secret } })));
  expect(push(':x]"')).toBe(':x]"');
  expect(push(`}\n${back}\n${back.slice(0, 9)}`)).toBe(`}\n${restored}\n`);
  expect(push(back.slice(9))).toBe('');
  expect(push('\r\n')).toBe(`${restored}\r\n`);
});

test('a refused request is answered, and not passed on', () => {
  const { push, answers, notes, flush } = harness();
  expect(push(`${bad}\n${back}\n`)).toBe(`${restored}\n`);
  expect(answers).toEqual([
    expect.stringMatching(/^\{"jsonrpc":"2\.0","id":2,"error":\{"code":65,"message":"secretctl: .*"\}\}\n$/),
  ]);
  expect([push(back), flush()]).toEqual(['', restored]);
  expect(notes).toHaveLength(1);
  expect(notes.join('')).not.toContain(secret);
});

test('chunks may end anywhere', () => {
  const input = `{"id":0}\n${back}\n\r\n\n${bad}\nnoise \u00e9\n${back}`;
  const output = Buffer.from(`{"id":0}\n${restored}\n\r\n\nnoise \u00e9\n${restored}`).toString('latin1');
  const bytes = Buffer.from(input);
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length), { maxLength: 60 }), (cuts) => {
      const { push, flush, answers } = harness();
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const parts = places.slice(1).map((end, at) => push(bytes.subarray(places[at], end)));
      expect(parts.join('') + flush()).toBe(output);
      expect(answers).toHaveLength(1);
    }),
  );
  const one = harness();
  expect([...bytes].map((byte) => one.push(Buffer.from([byte]))).join('') + one.flush()).toBe(output);
});
