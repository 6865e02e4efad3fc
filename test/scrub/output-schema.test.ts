// A masked string stays valid against the schema of its tool where any string can; where none can, the result is an error.
// Ajv is what clients check with.

import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { createScrubber, knownValuesOf } from '../../src/scrub/core.js';
import type { ScrubSession } from '../../src/scrub/session.js';
import { createSession } from '../../src/scrub/session.js';
import { randomText } from './values.js';

const secret = randomText(20);
const json = (node: unknown): string => JSON.stringify(node);

interface Result {
  readonly result: {
    readonly structuredContent?: { readonly v: unknown };
    readonly isError?: boolean;
    readonly content: unknown;
  };
}

function opened(v: unknown, value = secret): ScrubSession {
  const session = createSession(createScrubber(knownValuesOf('x', value)));
  const outputSchema = { type: 'object', properties: { v, w: { type: 'string' } }, required: ['v'], $defs: DEFS };
  session.message(
    Buffer.from(json({ jsonrpc: '2.0', id: 0, result: { tools: [{ name: 'q', outputSchema }, { name: 'r' }] } })),
  );
  return session;
}

function answer(session: ScrubSession, structuredContent: unknown, id: number | string = 5): Result {
  const call = Buffer.from(json({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'q', arguments: {} } }));
  expect(session.fromClient(call).forward).toBe(call);
  const content = [{ type: 'text', text: json(structuredContent) }];
  const line = Buffer.from(json({ jsonrpc: '2.0', id, result: { content, structuredContent } }));
  return JSON.parse(session.message(line).bytes.toString()) as Result;
}

const DEFS = {
  short: { type: 'string', maxLength: 24 },
  rows: { type: 'array', items: { $ref: '#/$defs/row' } },
  row: { type: 'object', properties: { a: { $ref: '#/$defs/short' }, next: { $ref: '#/$defs/row' } } },
};

function validates(v: unknown, value: unknown): boolean {
  const ajv = new Ajv2020({ strict: false });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv.validate({ type: 'object', properties: { v }, $defs: DEFS }, { v: value });
}

const ROWS: readonly (readonly [string, unknown, unknown])[] = [
  ['nothing', { type: 'string' }, secret],
  ['maxLength', { type: 'string', maxLength: 20 }, secret],
  ['a small maxLength', { type: 'string', maxLength: 20, pattern: '^.{0,20}$' }, secret],
  ['minLength', { type: 'string', minLength: 20 }, secret],
  ['a larger minLength', { type: 'string', minLength: 40, maxLength: 60 }, `${secret}${'.'.repeat(30)}`],
  ['letters and digits', { type: 'string', pattern: '^[A-Za-z0-9]+$' }, secret],
  ['twenty letters and digits', { type: 'string', pattern: '^[A-Za-z0-9]{20}$' }, secret],
  ['small letters around it', { type: 'string', pattern: '^[a-z]+-[A-Za-z0-9]+$' }, `key-${secret}`],
  ['uri', { type: 'string', format: 'uri' }, `https://h/?q=${secret}`],
  ['uri with user info', { type: 'string', format: 'uri' }, ['ftp', `://u:${secret}@h/p`].join('')],
  ['an opaque uri', { type: 'string', format: 'uri' }, `x:${secret}`],
  ['email', { type: 'string', format: 'email' }, `${secret}@db.test`],
  ['hostname', { type: 'string', format: 'hostname' }, `${secret}.db.test`],
  ['a slug', { type: 'string', pattern: '^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$' }, `a-${secret}`],
  ['a pattern that could take for ever', { type: 'string', pattern: '^((?:[A-Za-z0-9]+)+)+$' }, secret],
  ['items', { type: 'array', items: { type: 'string', maxLength: 20 } }, ['a', secret, secret]],
  ['tuples', { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string', pattern: '^\\w+$' }] }, [1, secret]],
  [
    'additional properties',
    { type: 'object', additionalProperties: { type: 'string', pattern: '^\\S{20}$' } },
    { any: secret },
  ],
  ['references', { $ref: '#/$defs/rows' }, [{ a: secret, next: { a: secret, next: { a: `${secret}.` } } }]],
  ['allOf', { allOf: [{ type: 'string', minLength: 5 }, { pattern: '^[A-Z a-z0-9]+$' }] }, secret],
  ['anyOf', { anyOf: [{ type: 'null' }, { type: 'string', pattern: '^[0-9A-Za-z]{16,24}$' }] }, secret],
  [
    'oneOf objects',
    {
      oneOf: [
        { type: 'object', properties: { t: { const: 'a' }, u: { type: 'string', maxLength: 20 } } },
        { type: 'null' },
      ],
    },
    { t: 'a', u: secret },
  ],
];

describe('valid before and after', () => {
  test.each(ROWS)('%s', (_, schema, value) => {
    expect(validates(schema, value)).toBe(true);
    const { result } = answer(opened(schema), { v: value, w: secret });
    expect(result.isError).toBeUndefined();
    expect(validates(schema, result.structuredContent?.v)).toBe(true);
    expect(json(result)).not.toContain(secret);
    expect(json(result.structuredContent)).toContain('"w":"[REDACTED:x]"');
  });

  test.each([
    ['date-time', '2024-05-06T07:08:09Z'],
    ['date', '2024-05-06'],
    ['uuid', '6d9b8c3e-1f2a-4b5c-8d7e-9f0a1b2c3d4e'],
    ['ipv4', '203.0.113.77'],
  ])('a value that is a %s', (format, value) => {
    const schema = { type: 'string', format };
    const { result } = answer(opened(schema, value), { v: value });
    expect(result.isError).toBeUndefined();
    expect(result.structuredContent?.v).not.toBe(value);
    expect(validates(schema, result.structuredContent?.v)).toBe(true);
  });

  test('a list of values: the schema was masked like the value', () => {
    const { result } = answer(opened({ enum: ['a', secret] }), { v: secret });
    expect(result.structuredContent).toEqual({ v: '[REDACTED:x]' });
  });
});

describe('where nothing fits', () => {
  test.each([
    ['a checksum', { type: 'string', pattern: `^${secret.slice(0, 3)}\\w+${secret.slice(-3)}$` }],
    ['a wild pattern', { type: 'string', pattern: '^([A-Za-z0-9]{4})+[A-Za-z0-9]{12}$' }],
  ])('%s: an error with the text, without structuredContent', (_, schema) => {
    const session = opened(schema);
    const { result } = answer(session, { v: secret });
    expect(result).toEqual({ isError: true, content: [{ type: 'text', text: json({ v: '[REDACTED:x]' }) }] });
    const again = answer(session, { v: 'abc' }, 'b');
    expect(again.result.structuredContent).toEqual({ v: 'abc' });
  });
});

describe('what is left alone', () => {
  test('a result without a finding, one of another tool, and one that was invalid before', () => {
    const session = opened({ type: 'string', maxLength: 10 });
    expect(answer(session, { v: 'abc' }).result.structuredContent).toEqual({ v: 'abc' });
    expect(answer(session, { v: secret }).result.structuredContent).toEqual({ v: '[REDACTED:x]' });
    const line = Buffer.from(
      json({ jsonrpc: '2.0', id: 99, result: { structuredContent: { v: secret.slice(0, 12) } } }),
    );
    expect(session.message(line).bytes.toString()).toBe(
      json({ jsonrpc: '2.0', id: 99, result: { structuredContent: { v: '[REDACTED:x]' } } }),
    );
  });

  test('the rest of the line, byte by byte', () => {
    const session = opened({ type: 'string', maxLength: 20 });
    session.fromClient(Buffer.from('{"method":"tools/call","params":{"name":"q"},"id":12345678901234567890}'));
    const [before, after] = [
      '{ "id":12345678901234567890,"result" : {"a":1e400,"structuredContent":{"v":"',
      '","v2":-0, "w":"\\u00e9"}} }\r',
    ];
    expect(session.message(Buffer.from(before + secret + after)).bytes.toString()).toBe(
      `${before}[REDACTED:x]${after}`,
    );
  });

  test('tools without rules for strings are not watched', () => {
    const session = createSession(createScrubber(knownValuesOf('x', secret)));
    const outputSchema = { type: 'object', properties: { v: { type: 'string' } } };
    session.message(Buffer.from(json({ id: 0, result: { tools: [{ name: 'q', outputSchema }] } })));
    expect(session.isWatching).toBe(false);
    expect(opened({ type: 'string', maxLength: 3 }).isWatching).toBe(true);
  });

  test('hostile schemas and messages do no harm', () => {
    let deep: unknown = { type: 'string', maxLength: 3 };
    for (let depth = 0; depth < 500; depth++) deep = { properties: { v: deep } };
    for (const schema of [
      deep,
      { $ref: '#/properties/v' },
      { $ref: '#/nowhere', maxLength: 20 },
      { pattern: '(' },
      { anyOf: [{ $ref: '#' }, { $ref: '#' }] },
      { minLength: 1e9 },
      { enum: 3, pattern: 4 },
    ])
      expect(json(answer(opened(schema), { v: secret }))).not.toContain(secret);
    const session = opened({ maxLength: 3 });
    for (const text of [
      '{"method":"tools/call"',
      '[]',
      '{"id":1,"method":"tools/call","params":[]}',
      '{"id":1,"method":"tools/call","params":{"name":3}}',
    ])
      expect(session.fromClient(Buffer.from(text)).forward?.toString()).toBe(text);
  });
});
