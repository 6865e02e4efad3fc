import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Scrubber } from '../../src/scrub/scrubber.js';
import { createScrubber, knownValuesOf } from '../../src/scrub/scrubber.js';
import { ENCODINGS } from './encodings.js';
import { POSITIONS } from './positions.js';
import { MEDIUM, randomText, STRONG } from './values.js';

const secret = STRONG['quotes and brackets'] ?? '';
const scrubber = createScrubber(knownValuesOf('db.password', secret));

const scrub = (line: string, by: Scrubber = scrubber): string => by.message(Buffer.from(line)).bytes.toString();
const json = (value: unknown): string => JSON.stringify(value);
const list = (text: string): string => `[${Array.from(Buffer.from(text)).join(', ')}]`;

describe('what is not a credential stays as it is', () => {
  test('a clean line is the very same Buffer', () => {
    for (const text of [
      '{"jsonrpc":"2.0","id":1,"result":{}}',
      '[]',
      '  {"a" : 1e400}\r',
      'banner',
      '',
      '42',
      '{"a":',
      '\ufeff{}',
    ]) {
      const line = Buffer.from(text);
      expect(scrubber.message(line).bytes).toBe(line);
      expect(scrubber.text(line).bytes).toBe(line);
    }
  });

  test.each([
    ['{"jsonrpc":"2.0","id":1}', 'json'],
    [' [ {"id":1} ] \r', 'json'],
    ['{}', 'json'],
    ['"a string"', 'text'],
    ['17', 'text'],
    ['null', 'text'],
    ['', 'text'],
    ['[INFO] listening', 'text'],
    ['{ level: 1 }', 'text'],
    ['\ufeff{}', 'text'],
    ['{"a":1}{"b":2}', 'text'],
  ])('%j is %s', (line, kind) => {
    expect(scrubber.message(Buffer.from(line)).kind).toBe(kind);
  });

  test('duplicate keys, order, white space, escapes and numbers of a line that changes', () => {
    const before = '{ "b":1.0,"a":12345678901234567890,\t"a":"\\u00e9\\/", "n":1e400,"s":"';
    const after = '" , "z":[-0 ,"\\ud83d\\ude00"]}\r';
    expect(scrub(before + json(secret).slice(1, -1) + after)).toBe(`${before}[REDACTED:db.password]${after}`);
  });

  test('bytes that are not UTF-8, in a clean line and beside a finding', () => {
    const bad = Buffer.from([0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]);
    const clean = Buffer.concat([Buffer.from('{"a":"'), bad, Buffer.from('"}')]);
    expect(scrubber.message(clean).bytes).toBe(clean);
    const escaped = Buffer.from(json(secret).slice(1, -1));
    const found = Buffer.concat([
      Buffer.from('{"a":"'),
      bad,
      escaped,
      bad,
      Buffer.from('","b":"'),
      bad,
      Buffer.from('"}'),
    ]);
    const expected = [
      Buffer.from('{"a":"'),
      bad,
      Buffer.from('[REDACTED:db.password]'),
      bad,
      Buffer.from('","b":"'),
      bad,
      Buffer.from('"}'),
    ];
    expect(scrubber.message(found)).toMatchObject({ kind: 'json', bytes: Buffer.concat(expected) });
    const text = Buffer.concat([bad, Buffer.from(secret), bad]);
    expect(scrubber.text(text).bytes).toEqual(Buffer.concat([bad, Buffer.from('[REDACTED:db.password]'), bad]));
  });

  test('JSON inside a string stays JSON, at every depth', () => {
    let text = json({ a: `before ${secret} after`, n: [1.0, '\n'] });
    for (let depth = 1; depth <= 4; depth++) {
      let inner: unknown = JSON.parse(scrub(json({ text })));
      for (let level = 0; level < depth; level++) inner = JSON.parse((inner as { text: string }).text);
      expect(inner).toEqual({ a: 'before [REDACTED:db.password] after', n: [1.0, '\n'] });
      text = json({ text });
    }
  });

  test('JSON inside a string stays JSON for values that end with a backslash or begin like an escape', () => {
    for (const kind of ['ends with a backslash', 'begins with a backslash', 'begins with n', 'begins with a quote']) {
      const by = createScrubber([{ name: 'x', value: STRONG[kind] ?? '' }]);
      const inner = json({ a: STRONG[kind], b: `\n${STRONG[kind]}\t` });
      const outer = JSON.parse(scrub(json({ t: inner, u: json({ v: inner }) }), by)) as { t: string; u: string };
      expect(JSON.parse(outer.t)).toMatchObject({ a: '[REDACTED:x]' });
      expect(JSON.parse((JSON.parse(outer.u) as { v: string }).v)).toMatchObject({ a: '[REDACTED:x]' });
    }
  });
});

describe('the envelope', () => {
  const words = ['result', 'method', 'jsonrpc', 'id', 'error', 'message', 'data', 'code', 'params', 'type', 'text'];

  test('its member names and keywords stay, whatever the values are', () => {
    const by = createScrubber(words.map((value) => ({ name: value, value })));
    for (const position of Object.values(POSITIONS)) {
      const line = json(position('hello'));
      expect(JSON.parse(scrub(line, by))).toMatchObject(JSON.parse(line) as object);
    }
    const strong = randomText(20);
    const line = json({ jsonrpc: '2.0', id: 1, error: { code: -1, message: strong, data: { [strong]: 1 } } });
    const error = { code: -1, message: '[REDACTED:s]', data: { '[REDACTED:s]': 1 } };
    expect(JSON.parse(scrub(line, createScrubber([{ name: 's', value: strong }])))).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error,
    });
  });

  test.each([
    ['id', { jsonrpc: '2.0', id: secret, result: {} }],
    ['method', { jsonrpc: '2.0', method: `notifications/${secret}` }],
    [
      'id of a batch',
      [
        { jsonrpc: '2.0', id: 1 },
        { jsonrpc: '2.0', id: `x${secret}` },
      ],
    ],
  ])('a credential in the %s stops the line, and the error says nothing of it', (_, message) => {
    let error: unknown;
    try {
      scrub(json(message));
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ code: 'scrub-failed' });
    expect(String(error)).not.toContain(secret.slice(0, 6));
  });

  test('an id below the envelope is an ordinary string', () => {
    expect(scrub(json({ id: 1, result: { id: secret, method: secret } }))).toBe(
      json({ id: 1, result: { id: '[REDACTED:db.password]', method: '[REDACTED:db.password]' } }),
    );
  });
});

describe('numbers', () => {
  const by = createScrubber([{ name: 'pin', value: '7351942860' }]);
  test.each([
    ['{"a":7351942860}', '{"a":0}'],
    ['{"a":7351942860.0}', '{"a":0}'],
    ['{"a":7.351942860e9}', '{"a":0}'],
    ['{"a":-7351942860}', '{"a":0}'],
    ['{"id":7351942860,"result":[73519428601]}', '{"id":7351942860,"result":[73519428601]}'],
    ['{"a":"7351942860"}', '{"a":"[REDACTED:pin]"}'],
  ])('%s → %s', (line, expected) => {
    expect(scrub(line, by)).toBe(expected);
  });

  test('digits that JavaScript cannot keep', () => {
    const value = '98765432109876543210';
    const digits = createScrubber([{ name: 'n', value }]);
    expect(scrub(`[${value},${String(Number(value))}]`, digits)).toBe('[0,0]');
  });
});

describe('lists of bytes', () => {
  const value = STRONG['random 20'] ?? '';
  const by = createScrubber([{ name: 'x', value }]);
  const bytes = Array.from(Buffer.from(value));
  const zeros = bytes.map(() => 0);

  test('a Buffer: its numbers become 0, those beside them stay, and it counts once', () => {
    const line = (data: readonly number[]): string =>
      json({
        id: bytes[0],
        result: { structuredContent: { n: 7, data: { type: 'Buffer', data: [1, ...data, 300.5] } } },
      });
    const { bytes: out, findings } = by.message(Buffer.from(line(bytes)));
    expect(out.toString()).toBe(line(zeros));
    expect(findings).toEqual([{ name: 'x', count: 1 }]);
  });

  test('a Uint8Array, an array over several lines, one that was cut off', () => {
    expect(scrub(json(new Uint8Array(bytes)), by)).toBe(json(new Uint8Array(zeros)));
    expect(scrub(`[${bytes.join(' ,\t')}]`, by)).toBe(`[${zeros.join(' ,\t')}]`);
    expect(scrub(json([bytes.slice(0, 12)]), by)).toBe(json([zeros.slice(0, 12)]));
    expect(scrub(json([bytes.slice(-12)]), by)).toBe(json([zeros.slice(-12)]));
  });

  test('what only resembles one stays', () => {
    const others = [
      bytes.slice(0, 11),
      bytes.map((byte) => byte + 0.5),
      bytes.map((byte) => byte * 10 + 1),
      bytes.toReversed(),
    ];
    for (const line of others.map((other) => json({ result: { data: other } }))) expect(scrub(line, by)).toBe(line);
    const strings = json({ result: { data: bytes.flatMap((byte) => [byte, 'x']) } });
    expect(scrub(strings, by)).toBe(strings);
  });

  test('a medium value inside the bytes of a longer word stays', () => {
    const medium = createScrubber([{ name: 'm', value: 'kvbqzt' }]);
    expect(scrub(json([list('kvbqzt')]), medium)).toBe('["[[REDACTED:m]]"]');
    expect(scrub(json([list('a kvbqzt.')]), medium)).toBe('["[97, 32, [REDACTED:m], 46]"]');
    expect(scrub(json([`row 101: ${list('kvbqzt')} 101`]), medium)).toBe('["row 101: [[REDACTED:m]] 101"]');
    for (const longer of ['akvbqzt', 'kvbqzty']) expect(scrub(json([list(longer)]), medium)).toBe(json([list(longer)]));
  });
});

describe('masks', () => {
  test('plain in a URI, so that it still parses', () => {
    for (const text of ['userinfo', 'query'].map((name) => ENCODINGS[name]?.encode(secret) ?? '')) {
      const { a } = JSON.parse(scrub(json({ a: text }))) as { a: string };
      expect(a).toMatch(/[:=]REDACTED[@&]/);
      expect(new URL(a).protocol).toMatch(/^\w+:$/);
    }
  });

  test('a base64 field stays base64, and says what happened', () => {
    const image = Buffer.concat([Buffer.alloc(300, 7), Buffer.from(secret), Buffer.alloc(300, 9)]).toString('base64');
    const { blob } = JSON.parse(scrub(json({ blob: image }))) as { blob: string };
    expect(Buffer.from(blob, 'base64').toString('base64')).toBe(blob);
    expect(Buffer.from(blob, 'base64').toString()).toContain('[REDACTED:db.password]');
    const { src } = JSON.parse(scrub(json({ src: `data:image/png;base64,${image}` }))) as { src: string };
    expect(src).toMatch(/^data:image\/png;base64,(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2,3}={1,2})?$/);
  });

  test('of a large base64 field only the surroundings are taken', () => {
    const before = Buffer.from(randomText(200_001));
    const image = Buffer.concat([before, Buffer.from(secret), before]).toString('base64');
    const { blob } = JSON.parse(scrub(json({ blob: image }))) as { blob: string };
    expect(blob.length % 4).toBe(0);
    expect(blob.length).toBeGreaterThan(300_000);
    expect(Buffer.from(blob, 'base64').subarray(0, 1000)).toEqual(before.subarray(0, 1000));
  });

  test('words beside base64 are no part of it', () => {
    const text = `${'some words '.repeat(3)}${Buffer.from(`x${secret}`).toString('base64').replaceAll('=', '')}`;
    for (let pad = 0; pad < 4; pad++) {
      const { a } = JSON.parse(scrub(json({ a: `${text}${' more'.slice(0, pad)}` }))) as { a: string };
      expect(a.startsWith('some words some words some words ')).toBe(true);
    }
  });

  test('bytea stays hexadecimal', () => {
    const { a } = JSON.parse(scrub(json({ a: `\\x00ff${Buffer.from(secret).toString('hex')}00` }))) as { a: string };
    expect(a).toMatch(/^\\x00ff(?:[0-9a-f]{2})+00$/);
  });

  test.each(['REDACTED', '[REDACTED', 'MASKED', 'hidden', '[', '********', 'W1JFREFDVEVE', 'x', 'x]', 'ED:x'])(
    'never holds a value that looks like one: %s',
    (value) => {
      const by = createScrubber([
        { name: 'x', value },
        { name: 'y', value: secret },
      ]);
      const once = scrub(json({ a: `${secret} ${value} ${value}`, b: Buffer.from(secret).toString('base64') }), by);
      expect(once).not.toContain(secret);
      expect(scrub(once, by)).toBe(once);
    },
  );

  test('never makes a value together with its neighbours', () => {
    const value = `]${randomText(14, undefined, 3)}`;
    const by = createScrubber([
      { name: 'a', value: secret },
      { name: 'b', value },
    ]);
    const once = scrub(json({ t: secret + value.slice(1) }), by);
    expect((JSON.parse(once) as { t: string }).t).not.toContain(value);
  });

  test('names are made harmless', () => {
    expect(scrub('{"a":"x y1Z9!q"}', createScrubber([{ name: 'ä"\\\n]', value: 'x y1Z9!q' }]))).toBe(
      '{"a":"[REDACTED:_____]"}',
    );
  });
});

describe('regressions of others', () => {
  test('R03: the longest of several values that begin alike, in one pass', () => {
    const short = randomText(8, undefined, 11);
    const by = createScrubber([
      { name: 'A', value: short },
      { name: 'B', value: `${short}1234WXYZ` },
    ]);
    expect(scrub(json([`${short}1234WXYZ ${short}`]), by)).toBe('["[REDACTED:B] [REDACTED:A]"]');
  });

  test('values that overlap leave no end of either', () => {
    const [a, b, c] = [randomText(10, undefined, 21), randomText(10, undefined, 22), randomText(10, undefined, 23)];
    const by = createScrubber([
      { name: 'A', value: a + b },
      { name: 'B', value: b + c },
    ]);
    expect(scrub(json([`<${a}${b}${c}>`]), by)).toBe('["<[REDACTED:A]>"]');
  });

  test.each(['aab', 'abcabd', 'aabaaac'])('a self-overlapping value behind a part of itself: %s', (unit) => {
    const value = unit.repeat(3) + randomText(9, undefined, 31);
    const by = createScrubber([{ name: 'x', value }]);
    for (let cut = 1; cut < value.length; cut++)
      expect(scrub(json([value.slice(0, cut) + value]), by)).not.toContain(value);
  });

  test('R02: colours and control bytes around a value do not hide it', () => {
    const line = Buffer.from(`\u001b[1m\u001b[31m${'\u0001\u0002'.repeat(50)}${secret}\u001b[0m`);
    const { bytes } = scrubber.text(line);
    expect(bytes.toString()).toBe(`\u001b[1m\u001b[31m${'\u0001\u0002'.repeat(50)}[REDACTED:db.password]\u001b[0m`);
  });

  test('R13: no character of the value survives, nor a fragment of twelve', () => {
    const value = STRONG['random 40'] ?? '';
    const by = createScrubber([{ name: 'x', value }]);
    for (const part of [value, value.slice(0, 12), value.slice(-12), value.slice(0, 30), value.slice(-30)])
      expect(scrub(json([`<${part}>`]), by)).toBe('["<[REDACTED:x]>"]');
    expect(scrub(json([`<${value.slice(0, 11)}>`]), by)).toBe(json([`<${value.slice(0, 11)}>`]));
  });
});

describe('strength', () => {
  test('medium values count only where no longer word surrounds them', () => {
    for (const value of Object.values(MEDIUM)) {
      const by = createScrubber([{ name: 'x', value }]);
      for (const text of [`a${value}`, `${value}b`, `${value}_1`, `\u00e9${value}`])
        expect(scrub(json([text]), by)).toBe(json([text]));
      for (const text of [`(${value})`, `:${value}@`, `\n${value}\n`, value])
        expect(scrub(json([text]), by)).not.toContain(value);
      expect(scrub(json([json([`x\n${value}`])]), by)).not.toContain(value);
    }
  });

  test('a strong value counts inside a longer word', () => {
    expect(
      scrub(json([`x${STRONG['random 20']}y`]), createScrubber([{ name: 'x', value: STRONG['random 20'] ?? '' }])),
    ).toBe('["x[REDACTED:x]y"]');
  });
});

describe('properties', () => {
  const kinds = Object.entries({ ...STRONG, ...MEDIUM });
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(...Array.from('\\"%&=:@/'), '\\n', 'password=', 'REDACTED', '[REDACTED:x]'),
    fc
      .record({ kind: fc.constantFrom(...kinds), encoding: fc.constantFrom(...Object.values(ENCODINGS)) })
      .map(({ kind: [, value], encoding }) => encoding.encode(value)),
  );
  const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
  const by = createScrubber(kinds.map(([name, value]) => ({ name, value })));

  test('the output parses, differs only in tokens with findings, and scrubbing twice changes nothing', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(POSITIONS)), text, (position, string) => {
        const line = Buffer.from(json(POSITIONS[position]?.(string)));
        const { kind, bytes, findings } = by.message(line);
        expect(kind).toBe('json');
        if (findings.length === 0) expect(bytes).toBe(line);
        else expect(JSON.parse(bytes.toString())).not.toEqual(JSON.parse(line.toString()));
        const marked = json(POSITIONS[position]?.('\u0000'));
        const [before = '', after = ''] = marked.split('"\\u0000"');
        expect(bytes.toString().startsWith(before)).toBe(true);
        expect(bytes.toString().endsWith(after)).toBe(true);
        expect(by.message(bytes)).toEqual({ kind: 'json', bytes, findings: [] });
      }),
      { numRuns: 300 },
    );
  });

  test('the same for any JSON value, with values as keys and leaves', () => {
    const leaf = fc.oneof(text, fc.double(), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(text, tie('tree'), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.nat(), (params, id) => {
        const line = Buffer.from(json({ id, jsonrpc: '2.0', method: 'm', params }));
        const { bytes, findings } = by.message(line);
        const out = JSON.parse(bytes.toString()) as { id: number };
        expect(out.id).toBe(id);
        if (findings.length === 0) expect(bytes).toBe(line);
        expect(by.message(bytes).bytes).toBe(bytes);
      }),
      { numRuns: 300 },
    );
  });
});
