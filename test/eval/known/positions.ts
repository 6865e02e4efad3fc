// Set K, positions: every place of a message that a server fills, and the text beside the messages.

export interface Position {
  readonly name: string;
  /** Where only the value as it is can be asked for: halves, and literal cores in pictures. */
  readonly only?: 'as is';
  readonly line: (text: string) => Buffer;
  /** A line that is no message: stderr. */
  readonly plain?: true;
}

const wire = (message: unknown): Buffer => Buffer.from(JSON.stringify(message));
const result = (value: unknown): Buffer => wire({ jsonrpc: '2.0', id: 7, result: value });
const failure = (message: string, data?: unknown): Buffer =>
  wire({ jsonrpc: '2.0', id: 'seven', error: { code: -32603, message, data } });
const notification = (method: string, params: unknown): Buffer => wire({ jsonrpc: '2.0', method, params });
const request = (method: string, params: unknown): Buffer => wire({ jsonrpc: '2.0', id: 12, method, params });
const block = (text: string): unknown => ({ type: 'text', text });
const half = (text: string): [string, string] => {
  const characters = Array.from(text);
  const middle = Math.ceil(characters.length / 2);
  return [characters.slice(0, middle).join(''), characters.slice(middle).join('')];
};

export const POSITIONS: readonly Position[] = [
  { name: 'text block', line: (text) => result({ content: [block(`the row says ${text} and ends`)] }) },
  { name: 'second block', line: (text) => result({ content: [block('1 row'), block(text)] }) },
  { name: 'structured content', line: (text) => result({ content: [], structuredContent: { rows: { cell: text } } }) },
  {
    name: 'array cell',
    line: (text) =>
      result({
        structuredContent: {
          rows: [
            ['id', 1],
            ['note', text, null],
          ],
        },
      }),
  },
  { name: 'object key', line: (text) => result({ structuredContent: { [`note ${text}`]: 1 } }) },
  {
    name: 'JSON in a text block',
    line: (text) => result({ content: [block(JSON.stringify([{ id: 1, note: text }]))] }),
  },
  {
    name: 'JSON in JSON in a text block',
    line: (text) => result({ content: [block(JSON.stringify({ body: JSON.stringify({ note: text }) }))] }),
  },
  {
    name: 'embedded resource',
    line: (text) => result({ content: [{ type: 'resource', resource: { uri: 'shop://rows/1', text: `=${text};` } }] }),
  },
  {
    name: 'URI of a resource',
    line: (text) => result({ content: [{ type: 'resource_link', name: 'rows', uri: `shop://rows/${text}/1` }] }),
  },
  {
    name: 'resource contents',
    line: (text) => result({ contents: [{ uri: 'file:///a', text: `a\nkey ${text}\nb` }] }),
  },
  {
    name: 'blob',
    line: (text) => result({ contents: [{ uri: 'file:///a', mimeType: 'text/plain', blob: blob(`a, ${text}, b\n`) }] }),
  },
  {
    name: 'image',
    line: (text) => result({ content: [{ type: 'image', mimeType: 'image/png', data: image(text) }] }),
    only: 'as is',
  },
  {
    name: 'audio',
    line: (text) => result({ content: [{ type: 'audio', mimeType: 'audio/wav', data: image(text) }] }),
    only: 'as is',
  },
  { name: 'failed tool', line: (text) => result({ isError: true, content: [block(`could not connect (${text})`)] }) },
  { name: 'error message', line: (text) => failure(`no connection with <${text}>`) },
  { name: 'error data', line: (text) => failure('no connection', { cause: { tried: [text] } }) },
  {
    name: 'log message',
    line: (text) => notification('notifications/message', { level: 'info', data: { event: `got ${text}` } }),
  },
  {
    name: 'progress',
    line: (text) => notification('notifications/progress', { progressToken: 1, progress: 2, message: `at ${text}` }),
  },
  {
    name: 'sampling request',
    line: (text) =>
      request('sampling/createMessage', {
        messages: [{ role: 'user', content: block(`explain ${text}`) }],
        systemPrompt: 'be brief',
        maxTokens: 10,
      }),
  },
  {
    name: 'elicitation request',
    line: (text) =>
      request('elicitation/create', {
        message: `is ${text} right?`,
        requestedSchema: { type: 'object', properties: {} },
      }),
  },
  {
    name: 'tool description',
    line: (text) =>
      result({ tools: [{ name: 'query', description: `runs on ${text}`, inputSchema: { type: 'object' } }] }),
  },
  {
    name: 'tool schema',
    line: (text) =>
      result({
        tools: [
          { name: 'query', inputSchema: { type: 'object', properties: { on: { type: 'string', default: text } } } },
        ],
      }),
  },
  {
    name: 'prompt',
    line: (text) => result({ description: 'p', messages: [{ role: 'user', content: block(`use ${text}`) }] }),
  },
  { name: '_meta', line: (text) => result({ content: [], _meta: { 'shop/trace': { at: text } } }) },
  {
    name: 'batch',
    line: (text) =>
      wire([
        { jsonrpc: '2.0', id: 1, result: {} },
        { jsonrpc: '2.0', id: 2, result: { content: [block(text)] } },
      ]),
  },
  { name: 'text that is no message', line: (text) => oneLine(`listening, ${text}, ready`) },
  { name: 'stderr', line: (text) => oneLine(`WARN  pool: ${text} refused`), plain: true },
  {
    name: 'split over two blocks',
    only: 'as is',
    line: (text) => result({ content: half(text).map(block) }),
  },
];

/** A line cannot hold a line break; a program that writes one has begun another line. */
const oneLine = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\\n'));

const blob = (text: string): string => Buffer.from(text).toString('base64');

/** A picture with a comment in it: bytes that are no text around the value. */
function image(text: string): string {
  const noise = Buffer.from('89504e470d0a1a0a0000000d49484452c3f1e8fe00ff81d2', 'hex');
  return Buffer.concat([noise, Buffer.from(text), Buffer.from([0]), noise, noise]).toString('base64');
}
