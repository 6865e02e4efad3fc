import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createFindings } from '../../src/relay/findings.js';
import { serverLines } from '../../src/relay/messages.js';
import { createScrubber, knownValuesOf, type Scrubber } from '../../src/scrub/scrubber.js';

const password = ['Tr0ub4dor', '&3"\\', 'hörse'].join('');
const scrubber = createScrubber(knownValuesOf('db.password', password));
const LIMIT = 100_000;

interface Relayed {
  readonly out: string;
  readonly noise: string;
  readonly dropped: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
  readonly firsts: number;
}

function relayed(chunks: readonly Buffer[], using: Scrubber = scrubber): Relayed {
  const findings = createFindings();
  const noise: Buffer[] = [];
  const dropped: string[] = [];
  let firsts = 0;
  const lines = serverLines({
    scrubber: using,
    findings,
    onNoise: (line) => noise.push(line),
    onDropped: (why) => dropped.push(why),
    onFirstLine: () => firsts++,
    maxLineBytes: LIMIT,
    onAnswered: () => undefined,
    onAllAnswered: () => undefined,
    tools: undefined,
  });
  const out = [...chunks.flatMap((chunk) => lines.transform(chunk)), ...lines.flush()];
  return {
    out: Buffer.concat(out).toString('latin1'),
    noise: Buffer.concat(noise).toString('latin1'),
    dropped,
    counts: findings.counts(),
    firsts,
  };
}

const bytes = (text: string): Buffer => Buffer.from(text);
const oneByOne = (buffer: Buffer): Buffer[] => Array.from(buffer, (byte) => Buffer.of(byte));
const latin1 = (text: string): string => bytes(text).toString('latin1');

/** Lines that relays are known to drop or to rewrite. */
const AWKWARD = [
  '{"jsonrpc":"2.0","id":9007199254740993,"result":{"n":9223372036854775807,"d":1.0,"e":1e400,"z":-0}}',
  '{"result":{"a":1,"a":2,"__proto__":{"x":1},"10":1,"2":2},"id":"x","jsonrpc":"2.0"}',
  '  {"id" : null , "error":{"code":1.5,"message":"é \\u00e9 \\/ \\ud800","extra":[]},"more":true}  ',
  '[{"jsonrpc":"2.0","id":1,"result":null},{"jsonrpc":"2.0","method":"n"}]',
  '{"jsonrpc":"2.0","method":"notifications/unknown","params":null}',
  '{"jsonrpc":"2.0","id":{"odd":true},"result":[]}',
  '{}',
  '',
  '\r',
];

describe('what the server writes', () => {
  test.each([['whole'], ['one byte at a time']])('passes as the very bytes that came: %s', (how) => {
    const input = bytes(`${AWKWARD.join('\n')}\n{"last":"without a newline"}`);
    const { out, noise, dropped } = relayed(how === 'whole' ? [input] : oneByOne(input));
    expect(out).toBe(input.toString('latin1'));
    expect([noise, dropped]).toEqual(['', []]);
  });

  test('a clean line keeps bytes that are not UTF-8, and its carriage return', () => {
    const line = Buffer.concat([bytes('{"a":"'), Buffer.of(0xff, 0xc3), bytes('"}\r\n')]);
    expect(relayed([line]).out).toBe(line.toString('latin1'));
  });

  test('a line with a credential is spliced, and everything around it stays', () => {
    const text = JSON.stringify(`the password is ${password}.`);
    const line = `{"id":9007199254740993, "result":{"content":[{"type":"text","text":${text}}], "n":1.0}}\n`;
    const { out, counts } = relayed([bytes(line)]);
    expect(out).toBe(line.replace(text, '"the password is [REDACTED:db.password]."'));
    expect(counts).toEqual({ 'db.password': 1 });
    expect(relayed(oneByOne(bytes(line))).out).toBe(out);
  });

  test('what is no message goes aside, scrubbed, line by line', () => {
    const banner = ['Server ready', '[main] Notice: {', `  password: ${password}`, '}', '"text"', '42'];
    const { out, noise, dropped } = relayed([bytes(`${banner.join('\n')}\n{"ok":true}\n`)]);
    expect(out).toBe('{"ok":true}\n');
    expect(noise).toBe(latin1(`${banner.join('\n').replace(password, '[REDACTED:db.password]')}\n`));
    expect(dropped).toEqual([]);
  });

  test('a line that cannot be scrubbed is dropped with a word, and the next one passes', () => {
    const failing: Scrubber = {
      ...scrubber,
      message: (line) => {
        if (line.includes('odd')) throw new Error(`a bug that shows ${password}`);
        return scrubber.message(line);
      },
    };
    const { out, dropped } = relayed([bytes('{"odd":1}\n{"even":2}\n')], failing);
    expect(out).toBe('{"even":2}\n');
    expect(dropped).toEqual(['a line of the server was dropped: the scrubber failed']);
  });

  test('whoever waits for a response that was dropped is told, unless its id is what cannot be shown', () => {
    const failing: Scrubber = {
      ...scrubber,
      message: (line) => {
        if (line.includes('odd')) throw new Error(`a bug that shows ${password}`);
        return scrubber.message(line);
      },
    };
    const answer = (line: string, using = failing): string => relayed([bytes(`${line}\n`)], using).out;
    for (const id of ['7', '"a\\u00e9"', '12345678901234567890', '-1.0']) {
      const { error } = JSON.parse(answer(`{"result":{"odd":1},"id":${id}}`)) as {
        error: { code: number; message: string };
      };
      expect(answer(`{"result":{"odd":1},"id":${id}}`)).toContain(`"id":${id},`);
      expect(error).toEqual({ code: 70, message: 'secretctl: a result was withheld: the scrubber failed' });
    }
    expect(JSON.parse(answer('[{"id":1,"result":"odd"},{"id":2,"result":0},{"method":"n"}]'))).toMatchObject([
      { id: 1, error: { code: 70 } },
      { id: 2, error: { code: 70 } },
    ]);
    for (const line of [
      '{"id":1,"method":"odd"}',
      '{"method":"odd"}',
      '[{"id":1,"method":"odd"}]',
      '{"id":null,"error":"odd"}',
      'odd',
    ])
      expect(answer(line)).toBe('');
    const pin = randomBytes(12).toString('hex');
    expect(answer(`{"id":"${pin}","result":{}}`, createScrubber(knownValuesOf('x', pin)))).toBe('');
  });

  test('a line that is too long is dropped, whoever waits for it is told, and the next one passes', () => {
    const long = `{"result":{"text":"${'x'.repeat(LIMIT)}"},"jsonrpc":"2.0","id":"a"}\n`;
    for (const chunks of [[bytes(`${long}{"even":2}\n`)], oneByOne(bytes(`${long}{"even":2}\n`))]) {
      const { out, dropped } = relayed(chunks);
      const [first = '', second] = out.split('\n');
      expect(JSON.parse(first)).toMatchObject({ id: 'a', error: { code: 70 } });
      expect(second).toBe('{"even":2}');
      expect(dropped).toEqual([`a line of the server was dropped: it is longer than ${LIMIT} bytes (server.maxLine)`]);
    }
    expect(relayed([bytes(`{"method":"n","params":{"text":"${'x'.repeat(LIMIT)}"}}\n`)]).out).toBe('');
  });

  test('the first line is told once', () => {
    expect(relayed([bytes('{"a":1}\n{"b":2}\n'), bytes('{"c":3}\n')]).firsts).toBe(1);
    expect(relayed([]).firsts).toBe(0);
  });
});
