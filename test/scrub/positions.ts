// Where in the traffic of a server a string can stand.

type Message = (text: string) => unknown;

const result = (inner: unknown): unknown => ({ jsonrpc: '2.0', id: 7, result: inner });
const notification = (method: string, params: unknown): unknown => ({ jsonrpc: '2.0', method, params });
const content = (...blocks: unknown[]): unknown => result({ content: blocks, isError: false });

export const POSITIONS: Readonly<Record<string, Message>> = {
  'text block': (text) => content({ type: 'text', text }),
  'second text block': (text) => content({ type: 'text', text: 'one' }, { type: 'text', text }),
  'error result': (text) => result({ content: [{ type: 'text', text }], isError: true }),
  'structured leaf': (text) => result({ content: [], structuredContent: { rows: [{ a: 1, b: { c: text } }] } }),
  'array cell': (text) => result({ content: [], structuredContent: { rows: [[1, 'x', text, null]] } }),
  'object key': (text) => result({ structuredContent: { [text]: true } }),
  'embedded resource': (text) => content({ type: 'resource', resource: { uri: 'file:///a', text } }),
  'resource uri': (text) => result({ resources: [{ uri: text, name: 'r' }] }),
  'resource blob': (text) => result({ contents: [{ uri: 'file:///b', blob: text }] }),
  'error message': (text) => ({ jsonrpc: '2.0', id: 7, error: { code: -32000, message: text } }),
  'error data': (text) => ({ jsonrpc: '2.0', id: 7, error: { code: -32000, message: 'm', data: { detail: [text] } } }),
  'log notification': (text) => notification('notifications/message', { level: 'info', data: { line: text } }),
  'progress notification': (text) =>
    notification('notifications/progress', { progressToken: 1, progress: 2, message: text }),
  'sampling request': (text) => ({
    jsonrpc: '2.0',
    id: 's1',
    method: 'sampling/createMessage',
    params: { messages: [{ role: 'user', content: { type: 'text', text } }], maxTokens: 10 },
  }),
  'elicitation request': (text) => ({ jsonrpc: '2.0', id: 3, method: 'elicitation/create', params: { message: text } }),
  'tool description': (text) => result({ tools: [{ name: 't', description: text, inputSchema: { type: 'object' } }] }),
  'schema default': (text) => result({ tools: [{ name: 't', inputSchema: { properties: { p: { default: text } } } }] }),
  'prompt message': (text) => result({ messages: [{ role: 'assistant', content: { type: 'text', text } }] }),
  instructions: (text) => result({ instructions: text, serverInfo: { name: 's', version: '1' } }),
  _meta: (text) => result({ _meta: { 'x/y': text } }),
  'unknown member': (text) => ({ jsonrpc: '2.0', id: 1, result: {}, extension: text }),
  batch: (text) => [result({}), content({ type: 'text', text })],
};

/** The strings and names of members in a JSON text, at any depth: what a reader sees. */
export function stringsIn(node: unknown): readonly string[] {
  if (typeof node === 'string') return [node];
  if (typeof node !== 'object' || node === null) return [];
  if (Array.isArray(node)) return node.flatMap((item: unknown) => stringsIn(item));
  return Object.entries(node).flatMap(([key, value]) => [key, ...stringsIn(value)]);
}
