import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { ToolPolicy } from '../../src/profile/types.js';
import { createToolGate, type ToolGate } from '../../src/relay/policy.js';

const OPEN: ToolPolicy = { allow: undefined, deny: [], denyArguments: [], readOnly: false };

function gate(policy: Partial<ToolPolicy>): ToolGate {
  const made = createToolGate({ ...OPEN, ...policy }, 'shop');
  if (made === undefined) throw new Error('this policy forbids nothing');
  return made;
}
const listed = (policy: Partial<ToolPolicy>, line: string): string =>
  gate(policy).fromServer(Buffer.from(line)).toString();

const schemaOf = (properties: string, required: string): string =>
  `{"result":{"tools":[{"name":"q","inputSchema":{"type":"object","properties":{${properties}},"required":[${required}]},"outputSchema":{"properties":{"dsn":{}}}}]}}`;
const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u').test(text);
const call = (params: string, id = '"id":7'): string =>
  `{"jsonrpc":"2.0",${id},"method":"tools/call","params":${params}}`;
const refusal = (policy: Partial<ToolPolicy>, line: string): ReturnType<ToolGate['fromClient']> =>
  gate(policy).fromClient(Buffer.from(line));
const answerWith = (id: string): unknown =>
  refusal({ deny: ['drop'] }, call('{"name":"drop"}', id))?.answer?.toString();
const listOf = (hint: boolean): Buffer =>
  Buffer.from(`{"result":{"tools":[{"name":"q","annotations":{"readOnlyHint":${hint}}}]}}`);

describe('what the server lists', () => {
  const list =
    '{ "id":12345678901234567890,"result": {"tools": [ {"name":"a"} , {"name":"b","x":1.0,"x":2}, {"name":"c"} ], "n":-0}}';

  test.each<[string, Partial<ToolPolicy>, string]>([
    ['the first', { deny: ['a'] }, '[ {"name":"b","x":1.0,"x":2}, {"name":"c"} ]'],
    ['the middle', { deny: ['b'] }, '[ {"name":"a"} , {"name":"c"} ]'],
    ['the last', { deny: ['c'] }, '[ {"name":"a"} , {"name":"b","x":1.0,"x":2} ]'],
    ['all but one', { allow: ['b'] }, '[ {"name":"b","x":1.0,"x":2} ]'],
    ['all', { allow: [] }, '[  ]'],
    ['by a pattern', { deny: ['[ab]', '?'] }, '[  ]'],
    ['what is allowed and denied', { allow: ['*'], deny: ['a', 'c'] }, '[ {"name":"b","x":1.0,"x":2} ]'],
    ['nothing', { deny: ['A', 'ab', ''] }, '[ {"name":"a"} , {"name":"b","x":1.0,"x":2}, {"name":"c"} ]'],
  ])('%s goes, and every other byte stays', (_, policy, tools) => {
    expect(listed(policy, list)).toBe(list.replace(/\[.*\]/, tools));
  });

  test('the very same Buffer where nothing is forbidden', () => {
    for (const text of [list, '{"result":{"content":[]}}', 'no message "tools"']) {
      const line = Buffer.from(text);
      expect(gate({ deny: ['z'] }).fromServer(line)).toBe(line);
    }
  });

  test.each([
    ['{"result":{"t\\u006fols":[{"n\\u0061me":"\\u0061"},{"name":"b"}]}}', '{"result":{"t\\u006fols":[{"name":"b"}]}}'],
    [
      '[{"result":{"tools":[{"name":"a"}]}},{"result":{"tools":[{"name":"b"}]}}]',
      '[{"result":{"tools":[]}},{"result":{"tools":[{"name":"b"}]}}]',
    ],
    [
      '{"result":{"tools":[{"name":"a"}],"tools":[{"name":"a"},{"name":"b"}]}}',
      '{"result":{"tools":[],"tools":[{"name":"b"}]}}',
    ],
    ['{"result":{"tools":[{"name":"b","name":"a"}]}}', '{"result":{"tools":[]}}'],
  ])('%s', (line, expected) => {
    expect(listed({ deny: ['a'] }, line)).toBe(expected);
  });

  test.each([
    '{"result":{"structuredContent":{"tools":[{"name":"a"}]}}}',
    '{"params":{"tools":[{"name":"a"}]},"method":"sampling/createMessage","id":1}',
    '{"result":{"content":[{"type":"text","text":"{\\"tools\\":[{\\"name\\":\\"a\\"}]}"}]}}',
    '{"result":{"tools":{"a":{"name":"a"}}}}',
  ])('no list of tools: %s', (line) => {
    expect(listed({ deny: ['a'] }, line)).toBe(line);
  });

  test('forbidden arguments leave the schema, wherever they stand', () => {
    const dsn = '"dsn":{"type":"string"}';
    expect(listed({ denyArguments: ['dsn'] }, schemaOf(`${dsn}, "sql" : {}`, '"sql","dsn"'))).toBe(
      schemaOf('"sql" : {}', '"sql"'),
    );
    expect(listed({ denyArguments: ['dsn'] }, schemaOf(`"sql":{},${dsn}`, '"dsn", "sql"'))).toBe(
      schemaOf('"sql":{}', '"sql"'),
    );
    expect(listed({ denyArguments: ['dsn', 'sql'] }, schemaOf(`"d\\u0073n":{},"sql":{}`, '"d\\u0073n"'))).toBe(
      schemaOf('', ''),
    );
  });

  test('read-only: only what says so, and says nothing else', () => {
    const tools = [
      '{"name":"a","annotations":{"readOnlyHint":true}}',
      '{"name":"b","annotations":{"readOnlyHint":"true"}}',
      '{"name":"c","annotations":{"readOnlyHint":true,"readOnlyHint":false}}',
      '{"name":"d"}',
    ];
    expect(listed({ readOnly: true }, `{"result":{"tools":[${tools.join(',')}]}}`)).toBe(
      `{"result":{"tools":[${tools[0]}]}}`,
    );
  });

  test('for any list and any policy, what parses is what is allowed', () => {
    const name = fc.constantFrom('a', 'b', 'ab', 'list_a', 'list_b', 'é', '"');
    const lists = fc.array(fc.record({ name, extra: fc.jsonValue() }), { maxLength: 8 });
    const patterns = fc.array(fc.constantFrom('a', 'list_*', '*b', '?', '"', 'é'), { maxLength: 3 });
    fc.assert(
      fc.property(lists, patterns, fc.option(patterns, { nil: undefined }), fc.nat(2), (tools, deny, allow, indent) => {
        fc.pre(deny.length > 0 || allow !== undefined);
        const line = JSON.stringify({ id: 1, result: { tools } }, null, indent).replaceAll('\n', ' ');
        const out = JSON.parse(listed({ deny, allow }, line)) as { result: { tools: unknown[] } };
        const shown = tools.filter(
          (tool) =>
            !deny.some((pattern) => matches(pattern, tool.name)) &&
            (allow === undefined || allow.some((pattern) => matches(pattern, tool.name))),
        );
        expect(out.result.tools).toEqual(JSON.parse(JSON.stringify(shown)));
      }),
    );
  });
});

describe('what the client calls', () => {
  test.each<[string, Partial<ToolPolicy>, string]>([
    ['what is not forbidden', { deny: ['drop'] }, call('{"name":"query","arguments":{"drop":1}}')],
    ['another method', { deny: ['drop'] }, '{"id":1,"method":"prompts/get","params":{"name":"drop","x":"tools/call"}}'],
    ['an argument deeper down', { denyArguments: ['dsn'] }, call('{"name":"q","arguments":{"a":{"dsn":1}}}')],
    ['no message', { deny: ['drop'] }, 'banner'],
  ])('%s goes on', (_, policy, line) => {
    expect(refusal(policy, line)).toBeUndefined();
  });

  test.each<[string, Partial<ToolPolicy>, string, RegExp]>([
    ['a denied tool', { deny: ['dr*'] }, call('{"name":"drop"}'), /the tool "drop": tools.deny forbids it/],
    ['one that is not allowed', { allow: ['query'] }, call('{"name":"drop"}'), /tools.allow does not name it/],
    [
      'a forbidden argument',
      { denyArguments: ['dsn'] },
      call('{"name":"q","arguments":{"a":1,"d\\u0073n":1}}'),
      /the argument "dsn"/,
    ],
    ['one that was not listed', { readOnly: true }, call('{"name":"q"}'), /list the tools first/],
    ['no name', { deny: ['drop'] }, call('{"arguments":{}}'), /names no tool/],
    ['a name that is no text', { deny: ['drop'] }, call('{"name":["drop"]}'), /names no tool/],
    ['params that are a list', { deny: ['drop'] }, call('["drop"]'), /names no tool/],
    [
      'keys in another letter case',
      { deny: ['drop'] },
      '{"id":7,"METHOD":"tools/call","Params":{"Name":"drop"}}',
      /"drop"/,
    ],
    [
      'a key with a NUL',
      { deny: ['drop'] },
      '{"id":7,"method\\u0000x":"tools/call","params":{"name":"drop"}}',
      /"drop"/,
    ],
    [
      'an argument in another letter case',
      { denyArguments: ['dsn'] },
      call('{"name":"q","arguments":{"DSN":1}}'),
      /the argument "DSN"/,
    ],
    ['one of two names', { deny: ['drop'] }, call('{"name":"query","name":"drop"}'), /"drop"/],
    ['the other of two names', { deny: ['drop'] }, call('{"name":"drop","name":"query"}'), /"drop"/],
    ['one of two params', { deny: ['drop'] }, call('{"name":"drop"},"params":{"name":"query"}'), /"drop"/],
    ['one of two methods', { deny: ['drop'] }, call('{"name":"drop"},"method":"ping"'), /"drop"/],
    [
      'a method in another spelling',
      { deny: ['drop'] },
      '{"id":7,"m\\u0065thod":"t\\u006fols\\/call","params":{"name":"dro\\u0070"}}',
      /"drop"/,
    ],
    [
      'a slash in another spelling',
      { deny: ['drop'] },
      '{"id":7,"method":"tools\\u002fcall","params":{"name":"drop"}}',
      /"drop"/,
    ],
  ])('%s is refused with a result that the model sees', (_, policy, line, says) => {
    const refused = refusal(policy, line);
    expect(refused?.why).toMatch(says);
    expect(JSON.parse(String(refused?.answer))).toEqual({
      jsonrpc: '2.0',
      id: 7,
      result: { content: [{ type: 'text', text: expect.stringMatching(says) }], isError: true },
    });
  });

  test('the id comes back as it was, and a notification gets no answer', () => {
    expect(answerWith('"id":12345678901234567890')).toContain('"id":12345678901234567890,');
    expect(answerWith('"id":"\\u0061"')).toContain('"id":"\\u0061",');
    expect(answerWith('"x":1')).toBeUndefined();
    expect(answerWith('"id":null')).toBeUndefined();
  });

  test('in the 2026-07-28 era the result says that it is complete', () => {
    const meta = '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}';
    const refused = refusal({ deny: ['drop'] }, call(`{"name":"drop",${meta}}`));
    expect(JSON.parse(String(refused?.answer))).toMatchObject({ result: { isError: true, resultType: 'complete' } });
  });

  test('nothing of a batch with a forbidden call is passed on', () => {
    const batch = `[{"id":1,"method":"ping"},${call('{"name":"drop"}')},{"method":"notifications/x"},{"id":2,"result":{}}]`;
    expect(JSON.parse(String(refusal({ deny: ['drop'] }, batch)?.answer))).toMatchObject([
      { id: 1, error: { code: 77 } },
      { id: 7, result: { isError: true } },
    ]);
  });

  test.each([
    `\ufeff${call('{"name":"drop"}')}`,
    `${call('{"name":"drop"}')}\0`,
    `${call('{"name":"drop"}')}${call('{"name":"query"}')}`,
    `{"id":1}\r${call('{"name":"drop"}')}`,
    call('{"name":"drop","arguments":{"x":NaN}}'),
    `{"id":1,"method":"ping","params":\r${call('{"name":"drop"}')}\r}`,
    `/* */${call('{"name":"drop"}')}`,
  ])('what a lenient server might take for a call does not pass: %j', (line) => {
    expect(refusal({ deny: ['drop'] }, line)).toMatchObject({ answer: undefined });
  });

  test('a tool may be called once it was listed as read-only, and no longer when it is listed otherwise', () => {
    const tools = gate({ readOnly: true });
    tools.fromServer(listOf(true));
    expect(tools.fromClient(Buffer.from(call('{"name":"q"}')))).toBeUndefined();
    tools.fromServer(listOf(false));
    expect(tools.fromClient(Buffer.from(call('{"name":"q"}')))?.why).toMatch(/list the tools first/);
  });
});

test('a policy that forbids nothing costs nothing', () => {
  expect(createToolGate(OPEN, 'shop')).toBeUndefined();
});
