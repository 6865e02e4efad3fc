// What the client must send back: masked once, and mapped back only in the field of the method that takes it.

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createScrubber, knownValuesOf } from '../../src/scrub/core.js';
import { createEchoMap } from '../../src/scrub/echo.js';
import type { ScrubSession } from '../../src/scrub/session.js';
import { createSession } from '../../src/scrub/session.js';
import { randomText } from './values.js';

const password = `${randomText(12)}!${randomText(7)}`;
const encoded = encodeURIComponent(password).replaceAll('!', '%21');
const uri = (table: string, user = 'app'): string =>
  ['postgres', `://${user}:${encoded}@db.test/shop/${table}`].join('');
const json = (node: unknown): string => JSON.stringify(node);
const open = (): ScrubSession => createSession(createScrubber(knownValuesOf('db.url', uri('x'))));
const down = (session: ScrubSession, node: unknown): { result: never; params: never } =>
  JSON.parse(session.message(Buffer.from(json(node))).bytes.toString()) as never;
const up = (session: ScrubSession, node: unknown): unknown => {
  const { forward } = session.fromClient(Buffer.from(json(node)));
  return forward === undefined ? undefined : JSON.parse(forward.toString());
};
const result = (value: unknown): unknown => ({ jsonrpc: '2.0', id: 1, result: value });
const request = (method: string, params: unknown): unknown => ({ jsonrpc: '2.0', id: 2, method, params });

interface Row {
  /** The server's message that hands the value out. */
  readonly out: (value: string) => unknown;
  /** The client's message that returns it. */
  readonly back: (value: string) => unknown;
  readonly value: string;
}

const read = (method: string) => (value: string) => request(method, { uri: value });
const ROWS: Readonly<Record<string, Row>> = {
  'resources/list → read': {
    out: (v) => result({ resources: [{ uri: v, name: 'n' }] }),
    back: read('resources/read'),
    value: uri('t'),
  },
  'resources/list → subscribe': {
    out: (v) => result({ resources: [{ uri: v }] }),
    back: read('resources/subscribe'),
    value: uri('t'),
  },
  'resource link → unsubscribe': {
    out: (v) => result({ content: [{ type: 'resource_link', uri: v, name: 'n' }] }),
    back: read('resources/unsubscribe'),
    value: uri('t'),
  },
  'embedded resource → read': {
    out: (v) => result({ content: [{ type: 'resource', resource: { uri: v, text: '' } }] }),
    back: read('resources/read'),
    value: uri('t'),
  },
  'prompt → read': {
    out: (v) => result({ messages: [{ role: 'user', content: { type: 'resource', resource: { uri: v, text: '' } } }] }),
    back: read('resources/read'),
    value: uri('t'),
  },
  'resources/updated → read': {
    out: (v) => ({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: v } }),
    back: read('resources/read'),
    value: uri('t'),
  },
  'template → completion': {
    out: (v) => result({ resourceTemplates: [{ uriTemplate: v, name: 'n' }] }),
    back: (v) =>
      request('completion/complete', { ref: { type: 'ref/resource', uri: v }, argument: { name: 'x', value: '' } }),
    value: `${uri('')}{table}`,
  },
  cursor: {
    out: (v) => result({ tools: [], nextCursor: v }),
    back: (v) => request('tools/list', { cursor: v }),
    value: `after:${password}`,
  },
  'cursor in base64': {
    out: (v) => result({ resources: [], nextCursor: v }),
    back: (v) => request('resources/list', { cursor: v }),
    value: Buffer.from(json({ at: 7, key: password })).toString('base64'),
  },
  requestState: {
    out: (v) => result({ resultType: 'input_required', requestState: v }),
    back: (v) => request('tools/call', { name: 'q', arguments: {}, requestState: v }),
    value: `s.${password}.e`,
  },
  task: {
    out: (v) => result({ task: { taskId: v } }),
    back: (v) => request('tasks/get', { taskId: v }),
    value: `t-${password}`,
  },
  tool: {
    out: (v) => result({ tools: [{ name: v }] }),
    back: (v) => request('tools/call', { name: v, arguments: { a: 1 } }),
    value: `q_${password}`,
  },
  prompt: {
    out: (v) => result({ prompts: [{ name: v }] }),
    back: (v) => request('prompts/get', { name: v }),
    value: `p_${password}`,
  },
};

function handedOut(message: unknown, probe: (value: string) => unknown): string {
  const line = json(message);
  const [before = '', after = ''] = json(probe('\u0000')).split('"\\u0000"');
  return String(JSON.parse(line.slice(before.length, line.length - after.length)));
}

describe.each(Object.entries(ROWS))('%s', (name, { out, back, value }) => {
  test('what was masked is put in its place again', () => {
    const session = open();
    const masked = handedOut(down(session, out(value)), out);
    expect(masked).not.toBe(value);
    expect(decodeURIComponent(masked)).not.toContain(password.slice(0, 8));
    expect(session.isWatching).toBe(true);
    expect(up(session, back(masked))).toEqual(back(value));
    expect(up(session, [back('other'), back(masked)])).toEqual([back('other'), back(value)]);
  });

  test('the same each time, and another one for each original', () => {
    const session = open();
    const other = value.includes('db.test')
      ? value.replace(encoded, `${encoded}${encoded}`)
      : name === 'cursor in base64'
        ? value
        : `${value}${password}`;
    const first = handedOut(down(session, out(value)), out);
    const second = handedOut(down(session, out(other)), out);
    expect(handedOut(down(session, out(value)), out)).toBe(first);
    expect(up(session, back(first))).toEqual(back(value));
    expect(up(session, back(second))).toEqual(back(other));
  });

  test('in no other field and no other method', () => {
    const session = open();
    const masked = handedOut(down(session, out(value)), out);
    for (const [, row] of Object.entries(ROWS)) {
      const line = row.back(masked);
      if (json(up(session, line)) !== json(line))
        expect(row.back('')).toEqual(expect.objectContaining({ method: expect.any(String) }));
    }
    for (const line of [
      request('tools/call', { name: 'x', arguments: {}, uri: masked, cursor: masked, taskId: masked }),
      request('resources/list', { uri: masked, name: masked, requestState: { x: masked } }),
      request('x/y', { uri: masked, name: masked, cursor: masked, taskId: masked, ref: { uri: masked, name: masked } }),
      { jsonrpc: '2.0', id: 9, result: { uri: masked, cursor: masked, requestState: masked, content: masked } },
    ])
      expect(up(session, line)).toEqual(line);
  });
});

test('two URIs that look alike when they are masked', () => {
  const session = open();
  const uris = [uri('t'), uri('t').replace(encoded, password), `${uri('t')}?password=${encoded}`];
  const { resources } = down(session, result({ resources: uris.map((one) => ({ uri: one })) })).result as {
    resources: { uri: string }[];
  };
  const masked = resources.map((resource) => resource.uri);
  expect(masked.slice(0, 2)).toEqual([
    'postgres://app:REDACTED@db.test/shop/t',
    'postgres://app:REDACTED-2@db.test/shop/t',
  ]);
  expect(new Set(masked).size).toBe(3);
  masked.forEach((one, at) =>
    expect(up(session, request('resources/read', { uri: one }))).toEqual(request('resources/read', { uri: uris[at] })),
  );
});

test('a URI that a client makes of a template', () => {
  const session = open();
  const list = down(session, result({ resourceTemplates: [{ uriTemplate: `${uri('')}{table}/{row}` }] })).result as {
    resourceTemplates: [{ uriTemplate: string }];
  };
  const made = list.resourceTemplates[0].uriTemplate.replace('{table}', 'a%20b').replace('{row}', '7');
  expect(up(session, request('resources/read', { uri: made }))).toEqual(
    request('resources/read', { uri: `${uri('')}a%20b/7` }),
  );
});

test('only the bytes of that one token change', () => {
  const session = open();
  const line = Buffer.concat([
    Buffer.from('{"result":{"nextCursor":"\\u0061\\/'),
    Buffer.from(`${password}\u00e9"},"id":1}`),
  ]);
  const masked = (JSON.parse(session.message(line).bytes.toString()) as { result: { nextCursor: string } }).result
    .nextCursor;
  const before = '{ "params" : {"_meta":{"progressToken":1e400, "x":"\\u00e9"} ,"cursor":';
  const after = ', "b":1.0},"method":"tools\\/list", "id":12345678901234567890 }\r';
  const { forward } = session.fromClient(Buffer.from(`${before}${json(masked)}${after}`));
  expect(forward?.toString()).toBe(`${before}"\\u0061\\/${password}\u00e9"${after}`);
});

describe('masks in arguments', () => {
  test.each([
    ['tools/call', { a: `x [REDACTED:db.url.password] y` }],
    ['tools/call', { a: { b: ['[REDACTED]'] } }],
    ['tools/call', { '[REDACTED:x]': 1 }],
    ['tools/call', { a: 'postgres://app:REDACTED@db.test/shop' }],
    ['tools/call', { a: `psql "postgres://app:REDACTED-2@db.test"` }],
    ['prompts/get', { a: '[REDACTED:db.url.password]' }],
  ])('%s %j is refused', (method, args) => {
    const session = open();
    down(session, result({ content: [{ type: 'text', text: password }] }));
    for (const id of ['7', '"a\\u00e9"', '12345678901234567890', '-0']) {
      const line = `{"jsonrpc":"2.0","method":${json(method)},"params":{"name":"q","arguments":${json(args)}},"id":${id}}`;
      const { forward, answer } = session.fromClient(Buffer.from(line));
      expect(forward).toBeUndefined();
      expect(answer?.toString()).toMatch(/^\{"jsonrpc":"2\.0","id":/);
      expect(answer?.toString()).toContain(`"id":${id},"error":{"code":65,"message":"secretctl: `);
      const { error } = JSON.parse(answer?.toString() ?? '') as { error: object };
      expect(Object.keys(error)).toEqual(['code', 'message']);
    }
  });

  test('of a batch nothing is passed on, and every request has its answer', () => {
    const session = open();
    down(session, result({ content: [{ type: 'text', text: password }] }));
    const bad = request('tools/call', { name: 'q', arguments: { a: '[REDACTED:x]' } });
    const batch = [
      bad,
      { jsonrpc: '2.0', id: 'b', method: 'ping' },
      { jsonrpc: '2.0', method: 'notifications/x' },
      { jsonrpc: '2.0', id: 5, result: {} },
    ];
    const { forward, answer } = session.fromClient(Buffer.from(json(batch)));
    expect(forward).toBeUndefined();
    expect(JSON.parse(answer?.toString() ?? '')).toEqual(
      [2, 'b'].map((id) => expect.objectContaining({ id, error: expect.objectContaining({ code: 65 }) }) as unknown),
    );
    expect(
      session.fromClient(
        Buffer.from(json({ jsonrpc: '2.0', method: 'tools/call', params: { arguments: ['[REDACTED:x]'] } })),
      ),
    ).toEqual({ forward: undefined, answer: undefined });
  });

  test.each([
    ['ordinary text', { a: 'REDACTED', b: 'is it REDACTED? user:REDACTED', c: '[REDACTED' }],
    ['another member', {}],
  ])('%s passes as the very same Buffer', (_, args) => {
    const session = open();
    down(session, result({ content: [{ type: 'text', text: password }] }));
    const line = Buffer.from(json(request('tools/call', { name: 'q', arguments: args, note: '[REDACTED:x]' })));
    expect(session.fromClient(line).forward).toBe(line);
  });
});

test.each([
  ['id', { jsonrpc: '2.0', id: password, result: {} }],
  [
    'progress token',
    { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: password, progress: 1 } },
  ],
  [
    'progress token of a request',
    { jsonrpc: '2.0', id: 1, method: 'x', params: { _meta: { progressToken: password } } },
  ],
  ['id of a cancelled request', { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: password } }],
])('a credential in the %s drops the line', (_, message) => {
  const session = open();
  expect(() => session.message(Buffer.from(json(message)))).toThrow('a credential stands in the id');
});

test('a shape in such a field passes as it is', async () => {
  const { createScrubber: withShapes } = await import('../../src/scrub/scrubber.js');
  const session = createSession(withShapes(knownValuesOf('x', randomText(20))));
  const text = ['mysql', `://u:${randomText(14, undefined, 99)}@h/db`].join('');
  const line = Buffer.from(json(result({ resources: [{ uri: text, name: 'n' }], nextCursor: text })));
  expect(session.message(line).bytes).toBe(line);
  expect(session.isWatching).toBe(false);
  expect(session.message(Buffer.from(json(result({ content: [{ type: 'text', text }] })))).bytes.toString()).toContain(
    'REDACTED',
  );
});

test('nothing is watched before anything was masked', () => {
  const session = open();
  down(session, result({ content: [{ type: 'text', text: 'fine' }], nextCursor: 'REDACTED' }));
  expect(session.isWatching).toBe(false);
});

test('memory is bounded: what was not used for longest is forgotten', () => {
  const echoes = createEchoMap();
  const mask = (at: number): string => echoes.mask('uri', Buffer.from(`u:${at}`), `u:REDACTED/${at}`, () => true);
  for (let at = 0; at < 10_000; at++) mask(at);
  mask(0);
  for (let at = 10_000; at < 10_100; at++) mask(at);
  expect(echoes.original(['uri'], mask(0))?.toString()).toBe('u:0');
  expect(echoes.original(['uri'], 'u:REDACTED/1')).toBeUndefined();
  for (let at = 0; at < 20; at++) echoes.mask('state', Buffer.alloc(1024 * 1024, at), `s${at}`, () => true);
  expect(echoes.original(['uri'], 'u:REDACTED/10099')).toBeUndefined();
});

test('any line of the client that holds no mask of ours is the very same Buffer', () => {
  const session = open();
  down(session, result({ content: [{ type: 'text', text: password }], resources: [{ uri: uri('t') }] }));
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('resources/read', 'tools/call', 'x'), (params, method) => {
      const line = Buffer.from(json({ jsonrpc: '2.0', id: 1, method, params, REDACTED: 1 }));
      expect(session.fromClient(line).forward).toBe(line);
    }),
  );
  for (const text of ['REDACTED', '{"REDACTED":', '[REDACTED]', '{"params":{"arguments":"[REDACTED:x]"', 'null']) {
    const line = Buffer.from(text);
    expect(session.fromClient(line).forward).toBe(line);
  }
});
