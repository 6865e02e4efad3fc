// Set F, surroundings: what stands before a token, what stands behind it, and what it is wrapped in.

export const TERMINATORS: Readonly<Record<string, string>> = {
  end: '',
  space: ' rest',
  quote: '" rest',
  'escaped quote': '\\" rest',
  'single quote': "' rest",
  comma: ',rest',
  'full stop': '. Rest',
  'closing parenthesis': ') rest',
  'less than': '<rest',
  bar: '| rest',
  ampersand: '&rest=1',
  colon: ': rest',
  semicolon: ';rest',
  backtick: '` rest',
  'closing brace': '} rest',
  'closing bracket': '] rest',
  'line break': '\nrest',
  'escaped line break': '\\nrest',
  tab: '\trest',
};

export interface Context {
  readonly name: string;
  /** `label` is the name beside the token; `ended` the token with what follows it. */
  readonly text: (ended: string, label: string) => string;
  /** Nothing in it says what the token is: not for tokens that need a label. */
  readonly unlabelled?: true;
  /** The context has its own end: no terminators. */
  readonly closed?: true;
}

const json = (value: unknown): string => JSON.stringify(value);

export const CONTEXTS: readonly Context[] = [
  { name: 'bare', unlabelled: true, text: (ended) => ended },
  { name: 'in a sentence', unlabelled: true, text: (ended) => `The value is ${ended}` },
  { name: 'after an escaped line break', unlabelled: true, text: (ended) => `first line\\n${ended}` },
  { name: 'token=', text: (ended, label) => `${label}=${ended}` },
  { name: 'JSON value', text: (ended, label) => json({ id: 4, [label]: ended, ok: true }) },
  { name: 'escaped JSON', text: (ended, label) => json({ body: json({ [label]: ended }) }) },
  { name: 'name and value', text: (ended, label) => json([{ name: label, value: ended }]) },
  { name: 'YAML', text: (ended, label) => `service:\n  ${label}: ${ended}` },
  { name: 'XML element', text: (ended, label) => `<config><${label}>${ended}</${label}></config>` },
  { name: 'XML attribute', text: (ended, label) => `<add key="${label}" value="${ended}"/>` },
  { name: 'CSV', unlabelled: true, text: (ended) => `4,ann,${ended},2024-01-05` },
  { name: 'SQL table cell', unlabelled: true, text: (ended) => ` id | note\n----+-----\n  4 | ${ended}` },
  { name: 'comment', unlabelled: true, text: (ended) => `let x = 1; // was ${ended}` },
  { name: 'shell export', text: (ended, label) => `export ${label.toUpperCase()}="${ended}"` },
  { name: 'header', unlabelled: true, text: (ended) => `Authorization: Bearer ${ended}` },
  { name: 'header of its own', text: (ended, label) => `X-${label.replaceAll('_', '-')}: ${ended}` },
  { name: 'URL query', text: (ended, label) => `GET https://api.example.com/v1?${label}=${ended}` },
  {
    name: 'URL user info',
    unlabelled: true,
    closed: true,
    text: (ended) => `git clone https://bot:${ended}@example.com/a`,
  },
  { name: 'Markdown', unlabelled: true, text: (ended) => `- use \`${ended}\n- then go on` },
  {
    name: 'stack trace',
    unlabelled: true,
    text: (ended) =>
      `Error: refused ${ended}\n    at connect (/app/src/db.js:12:7)\n    at main (/app/src/main.js:3:1)`,
  },
];

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const percentBytes = (text: string): string => (hex(text).match(/../g) ?? []).map((pair) => `%${pair}`).join('');

/** Given the token and its label when it has one. */
export const WRAPPINGS: Readonly<Record<string, (token: string) => string>> = {
  base64,
  'base64, after text': (token) => base64(`user:${token}`),
  'base64, in JSON': (token) => base64(json({ id: 4, value: token })),
  base64url: (token) => Buffer.from(token).toString('base64url'),
  hex,
  'hex, capitals': (token) => hex(token).toUpperCase(),
  'hex, bytea': (token) => `\\x${hex(token)}`,
  percent: encodeURIComponent,
  'percent, every byte': percentBytes,
  'percent twice': (token) => encodeURIComponent(encodeURIComponent(token)),
  'JSON in JSON': (token) => json(json({ value: token })),
  'JSON in JSON in JSON': (token) => json(json(json({ value: token }))),
  'every character \\u': (token) =>
    Array.from(token)
      .map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
};
