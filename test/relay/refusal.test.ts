import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { SecretctlError } from '../../src/errors.js';
import { refuse } from '../../src/relay/refusal.js';

const error = new SecretctlError('untrusted', 'nobody has approved "shop"', 'secretctl trust shop');

async function refusalFor(input: string, end = true): Promise<string> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  if (end) stdin.end(input);
  else stdin.write(input);
  await refuse({ stdin, stdout }, error);
  return ((stdout.read() as Buffer | null) ?? '').toString();
}

describe('the id of the first request', () => {
  test.each([
    ['a number', '{"jsonrpc":"2.0","id":0,"method":"initialize"}', '0'],
    ['a text', '{"method":"initialize","id":"a\\"b"}', '"a\\"b"'],
    ['a number beyond 2^53', '{"id":9007199254740993,"method":"x"}', '9007199254740993'],
    ['the first request of a batch', '[{"method":"n"},{"id":7,"method":"x"}]', '7'],
    ['a notification', '{"method":"notifications/initialized"}', undefined],
    ['a response', '{"id":1,"result":{}}', undefined],
    ['null', '{"id":null,"method":"x"}', undefined],
    ['noise', 'hello', undefined],
  ])('%s', async (_, line, expected) => {
    const answer = await refusalFor(line);
    if (expected === undefined) expect(answer).toBe('');
    else expect(answer).toContain(`,"id":${expected},"error":`);
  });
});

describe('a refusal', () => {
  test('answers the first request with cause, fix and status', async () => {
    const answer = await refusalFor('{"method":"notifications/x"}\n{"id":3,"method":"initialize"}\n', false);
    expect(JSON.parse(answer)).toEqual({
      jsonrpc: '2.0',
      id: 3,
      error: { code: 77, message: 'secretctl: nobody has approved "shop"; to fix it: secretctl trust shop' },
    });
    expect(answer.endsWith('}\n')).toBe(true);
  });

  test('takes a request that has no newline when the input ends', async () => {
    expect(JSON.parse(await refusalFor('{"id":"x","method":"initialize"}'))).toMatchObject({ id: 'x' });
  });

  test('writes nothing to a client that asks nothing', async () => {
    expect(await refusalFor('')).toBe('');
    expect(await refusalFor('{"method":"only/notifications"}\n')).toBe('');
  });
});
