import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import type { Reference, SecretSource } from '../../src/profile/types.js';
import {
  type Answer,
  oneByOne,
  type Provider,
  type ProviderContext,
  type Providers,
} from '../../src/secrets/provider.js';
import { resolveSecrets, type ResolveOptions } from '../../src/secrets/resolve.js';
import { fieldOf } from '../../src/secrets/secret.js';
import { SecretctlError } from '../../src/errors.js';
import { refusal } from '../support/errors.js';
import { providerContext } from '../support/provider-context.js';

const VALUE = 'never-in-an-error';

function reference(text: string): Reference {
  const [scheme = '', rest = ''] = text.split('://');
  const [body = '', field] = rest.split('#');
  return { text, scheme, body, ...(field !== undefined && { field }) };
}

const source = (text: string): SecretSource => ({ kind: 'reference', reference: reference(text) });
const sources = (wanted: Record<string, string>): Map<string, SecretSource> =>
  new Map(Object.entries(wanted).map(([name, text]) => [name, source(text)]));

type Table = Readonly<Record<string, Provider>>;

function resolve(wanted: ReadonlyMap<string, SecretSource>, table: Table, more: Partial<ResolveOptions> = {}) {
  const providers: Providers = Object.fromEntries(
    Object.entries(table).map(([name, provider]) => [name, () => provider]),
  );
  return resolveSecrets(wanted, providers, { ...providerContext(), ...more });
}

/** Answers after all its questions have been asked, so that only concurrent asking ends. */
function fake(expected: number): Provider & { readonly asked: string[] } {
  const asked: string[] = [];
  const allAsked = new EventEmitter();
  return {
    asked,
    hint: ({ body }) => `make ${body}`,
    refusesPin: () => 'not under a pin',
    resolve: oneByOne(async ({ body }) => {
      asked.push(body);
      if (asked.length < expected) await once(allAsked, 'all');
      else allAsked.emit('all');
      if (body === 'missing') return undefined;
      if (body === 'empty') return { kind: 'value', value: '' };
      if (body === 'binary') return { kind: 'value', value: `\0${VALUE}` };
      if (body === 'broken') throw new Error(VALUE);
      if (body === 'denied') throw new SecretctlError('locked', 'it is locked');
      if (body !== 'db') return { kind: 'value', value: VALUE };
      return {
        kind: 'fields',
        fields: new Map([
          ['host', { value: 'h', secret: false }],
          ['password', { value: VALUE, secret: true }],
        ]),
      };
    }),
  };
}

/** One provider that gives this text. */
const tableOf = (value: string): Table => ({
  x: {
    hint: () => undefined,
    refusesPin: () => undefined,
    resolve: oneByOne(async () => ({ kind: 'value', value })),
  },
});

describe('references', () => {
  test('are resolved at the same time, each secret once', async () => {
    const provider = fake(2);
    const wanted = sources({ a: 'x://one', b: 'x://db', c: 'x://db#password', d: 'x://db#host', e: 'x://one' });
    const secrets = await resolve(wanted, { x: provider });
    expect(provider.asked.toSorted()).toEqual(['db', 'one']);
    expect([...secrets.keys()]).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(secrets.get('a')).toEqual({ name: 'a', reference: 'x://one', value: VALUE });
    expect(secrets.get('b')?.fields?.get('password')).toEqual({ value: VALUE, secret: true });
    expect(secrets.get('c')).toEqual({ name: 'c', reference: 'x://db#password', value: VALUE });
    expect(secrets.get('d')).toEqual({ name: 'd', reference: 'x://db#host', value: 'h', plain: true });
  });

  test('of single fields become a secret with fields', async () => {
    const fields = new Map([
      ['host', { kind: 'plain', text: 'db.example' }],
      ['password', { kind: 'reference', reference: reference('x://db#password') }],
    ] as const);
    const secrets = await resolve(new Map([['db', { kind: 'fields', fields }]]), { x: fake(1) });
    expect(secrets.get('db')).toEqual({
      name: 'db',
      reference: '',
      fields: new Map([
        ['host', { value: 'db.example', secret: false }],
        ['password', { value: VALUE, secret: true }],
      ]),
    });
  });

  test.each([
    ['x://missing', 'secret-not-found', 'there is no such secret', 'make missing'],
    ['x://db#user', 'secret-not-found', 'it has no field user, but host, password', undefined],
    ['x://one#user', 'secret-not-found', 'it is one text, and no JSON or YAML with the field user', undefined],
    ['x://empty', 'bad-data', 'its value is empty', undefined],
    ['x://binary', 'bad-data', 'its value holds a NUL, which no variable can carry', undefined],
    ['x://denied', 'locked', 'it is locked', undefined],
    ['x://broken', 'unavailable', 'the provider of x:// failed (no code)', undefined],
    ['op://a/b', 'not-supported', 'op references are not supported yet', undefined],
    ['toString://a', 'not-supported', 'toString references are not supported yet', undefined],
  ])('%s fails as %s, with the names and without a value', async (text, code, why, hint) => {
    const error = await refusal(() => resolve(sources({ token: text }), { x: fake(1) }));
    expect([error.code, error.message]).toEqual([code, `a secret cannot be resolved: token (${text}): ${why}`]);
    if (hint !== undefined) expect(error.hint).toBe(hint);
    expect(JSON.stringify([error.message, error.hint, error.cause])).not.toContain(VALUE);
  });

  test('that fail are named all at once', async () => {
    const error = await refusal(() =>
      resolve(sources({ a: 'x://missing', ok: 'x://one', b: 'y://b' }), { x: fake(2) }),
    );
    expect(error.message).toBe(
      '2 secrets cannot be resolved: a (x://missing): there is no such secret; b (y://b): y references are not supported yet',
    );
  });

  test('a field that is a secret with fields is refused', async () => {
    const fields = new Map([['password', { kind: 'reference', reference: reference('x://db') }]] as const);
    const error = await refusal(() => resolve(new Map([['db', { kind: 'fields', fields }]]), { x: fake(1) }));
    expect(error).toMatchObject({ code: 'bad-profile', hint: 'add one, as in x://db#password' });
    expect(error.message).toContain('db.password (x://db)');
  });

  test('end at the deadline, also when the provider does not listen', async () => {
    let signal: AbortSignal | undefined;
    const deaf = {
      x: {
        hint: () => undefined,
        refusesPin: () => undefined,
        resolve: (_references: readonly Reference[], context: ProviderContext) => {
          signal = context.signal;
          return new Promise<readonly Answer[]>(() => undefined);
        },
      },
    };
    const error = await refusal(() => resolve(sources({ a: 'x://one' }), deaf, { deadlineMs: 20 }));
    expect([error.code, error.message]).toEqual(['timeout', expect.stringContaining('a (x://one)')]);
    expect(signal?.aborted).toBe(true);
  });

  test('of a text that is JSON pick one field, by name or by pointer', async () => {
    const json = JSON.stringify({
      user: 'u',
      'a/b': { '~c': ['x', VALUE] },
      port: 5432,
      list: [],
      ratio: 1.5,
      big: 2 ** 53,
    });
    const table = tableOf(json);
    const wanted = sources({ a: 'x://j#user', b: 'x://j#/a~1b/~0c/1', c: 'x://j#port' });
    const secrets = await resolve(wanted, table);
    expect([...secrets.values()].map(({ value }) => value)).toEqual(['u', VALUE, '5432']);
    for (const text of [
      'x://j#list',
      'x://j#ratio',
      'x://j#big',
      'x://j#/a~1b',
      'x://j#constructor',
      'x://j#/list/length',
    ])
      expect((await refusal(() => resolve(sources({ a: text }), table))).exitStatus).toBeGreaterThan(64);
  });

  describe('of a text that is YAML', () => {
    const yaml = `# of a team
db:
  password: ${JSON.stringify(VALUE)}   # rotated
  port: 0777
  ratio: 1.50
  tls: yes
  strict: true
  id: 12345678901234567890
  since: 2024-01-02
keys:
  - |
    one
    ${VALUE}
  - two
a/b: { "~c": "007" }
nothing:
`;

    test.each([
      ['/db/password', VALUE],
      ['/db/port', '0777'],
      ['/db/ratio', '1.50'],
      ['/db/tls', 'yes'],
      ['/db/strict', 'true'],
      ['/db/id', '12345678901234567890'],
      ['/db/since', '2024-01-02'],
      ['/keys/0', `one\n${VALUE}\n`],
      ['/keys/1', 'two'],
      ['/a~1b/~0c', '007'],
    ])('#%s is the text as it stands', async (pointer, value) => {
      const secrets = await resolve(sources({ a: `x://y#${pointer}` }), tableOf(yaml));
      expect(secrets.get('a')?.value).toBe(value);
    });

    test.each([
      ['/db', 'bad-data'],
      ['/nothing', 'bad-data'],
      ['/keys/2', 'secret-not-found'],
      ['/keys/01', 'secret-not-found'],
      ['/keys/length', 'secret-not-found'],
      ['/constructor', 'secret-not-found'],
      ['/db/password/0', 'secret-not-found'],
    ])('#%s is %s', async (pointer, code) => {
      const error = await refusal(() => resolve(sources({ a: `x://y#${pointer}` }), tableOf(yaml)));
      expect([error.code, error.message]).toEqual([code, expect.not.stringContaining(VALUE)]);
    });

    test.each([
      ['an alias', `a: &x ${VALUE}\nb: *x\n`],
      ['a tag', `b: !!str ${VALUE}\n`],
      ['two documents', `b: 1\n---\nb: ${VALUE}\n`],
      ['a key twice', `b: 1\nb: ${VALUE}\n`],
      ['a merge key', `<<: { b: ${VALUE} }\nb: ${VALUE}\n`],
      ['a nest of 40 levels', `b: ${VALUE}\nc: ${'['.repeat(40)}${']'.repeat(40)}\n`],
      ['more than a profile may be', `b: ${VALUE}\nc: ${'x'.repeat(65_536)}\n`],
      ['a text', VALUE],
      ['a deep nest', `b: ${'['.repeat(10_000)}`],
    ])('%s is none that is read', async (_, text) => {
      const error = await refusal(() => resolve(sources({ a: 'x://y#b' }), tableOf(text)));
      expect([error.code, error.message]).toEqual(['secret-not-found', expect.not.stringContaining(VALUE)]);
    });
  });

  test('are not asked of a provider that refuses pins, where a pin is all there is', async () => {
    const provider = fake(1);
    const error = await refusal(() => resolve(sources({ a: 'x://one' }), { x: provider }, { pinned: true }));
    expect([error.code, provider.asked]).toEqual(['not-permitted', []]);
    expect(error.message).toContain('not under a pin');
  });

  test('none is fine', async () => {
    expect(await resolve(new Map(), {})).toEqual(new Map());
  });
});

describe('fieldOf', () => {
  const whole = { name: 'token', reference: 'x://t', value: 'v' };
  const db = { name: 'db', reference: 'x://db', fields: new Map([['host', { value: 'h', secret: false }]]) };

  test('gives value or field', () => {
    expect(fieldOf(whole)).toEqual({ value: 'v', secret: true });
    expect(fieldOf({ ...whole, plain: true })).toEqual({ value: 'v', secret: false });
    expect(fieldOf(db, 'host')).toEqual({ value: 'h', secret: false });
  });

  test.each([
    [db, undefined, '${db} names a secret with fields'],
    [db, 'user', 'the secret db has no field user: it has host'],
    [whole, 'user', 'the secret token has no field user: it is one text without fields'],
  ])('refuses what is not there', async (secret, field, message) => {
    expect(await refusal(() => fieldOf(secret, field))).toMatchObject({ code: 'bad-profile', message });
  });
});
