// Ways in which a server may write a value, and the decoders with which a reader would get it back.

const bytesOf = (value: string): number[] => [...Buffer.from(value)];
const hex = (number: number, width: number): string => number.toString(16).padStart(width, '0');
const units = (value: string): number[] => value.split('').map((unit) => unit.charCodeAt(0));
const unitEscapes = (value: string): string =>
  units(value)
    .map((unit) => `\\u${hex(unit, 4)}`)
    .join('');
const json = (value: string): string => JSON.stringify(value).slice(1, -1);
const base64 = (value: string): string => Buffer.from(value).toString('base64');
const wrapped = (text: string, width: number, lineEnd: string): string =>
  (text.match(new RegExp(`.{1,${width}}`, 'gs')) ?? []).join(lineEnd);
const percentAll = (value: string): string =>
  bytesOf(value)
    .map((byte) => `%${hex(byte, 2).toUpperCase()}`)
    .join('');
const middle = (value: string): [string, string] => {
  const characters = Array.from(value);
  const half = Math.floor(characters.length / 2);
  return [characters.slice(0, half).join(''), characters.slice(half).join('')];
};

export interface Encoding {
  readonly group:
    | 'plain'
    | 'json'
    | 'escapes'
    | 'percent'
    | 'base64'
    | 'hex'
    | 'decimal'
    | 'html'
    | 'quoting'
    | 'inside';
  readonly encode: (value: string) => string;
}

const of = (group: Encoding['group'], encode: Encoding['encode']): Encoding => ({ group, encode });

export const ENCODINGS: Readonly<Record<string, Encoding>> = {
  plain: of('plain', (value) => value),
  'in a sentence': of('plain', (value) => `the password is ${value}, is it not`),
  'in JSON': of('json', (value) => JSON.stringify({ password: value })),
  'in JSON in JSON': of('json', (value) => JSON.stringify({ a: JSON.stringify({ password: value }) })),
  'three levels of JSON': of('json', (value) => JSON.stringify([JSON.stringify([JSON.stringify([value])])])),
  'escaped slashes': of('json', (value) => json(value).replaceAll('/', '\\/')),
  'escaped non-ASCII': of('json', (value) =>
    json(value).replace(/[^ -~]/g, (unit) => `\\u${hex(unit.charCodeAt(0), 4)}`),
  ),
  'Go escapes': of('json', (value) => json(value).replace(/[<>&]/g, (unit) => `\\u00${hex(unit.charCodeAt(0), 2)}`)),
  'all escaped': of('json', (value) =>
    units(value)
      .map((unit) => `\\u${hex(unit, 4)}`)
      .join(''),
  ),
  'all escaped, upper case': of('json', (value) =>
    units(value)
      .map((unit) => `\\u${hex(unit, 4).toUpperCase()}`)
      .join(''),
  ),
  'every other escaped': of('json', (value) =>
    Array.from(value)
      .map((character, index) =>
        index % 2 === 0 || json(character) !== character ? unitEscapes(character) : character,
      )
      .join(''),
  ),
  'bytes \\x': of('escapes', (value) =>
    bytesOf(value)
      .map((byte) => `\\x${hex(byte, 2)}`)
      .join(''),
  ),
  octal: of('escapes', (value) =>
    bytesOf(value)
      .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
      .join(''),
  ),
  'code points \\u{}': of('escapes', (value) =>
    Array.from(value)
      .map((character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
      .join(''),
  ),
  component: of('percent', (value) => encodeURIComponent(value)),
  'component, lower case': of('percent', (value) =>
    encodeURIComponent(value).replace(/%../g, (code) => code.toLowerCase()),
  ),
  form: of('percent', (value) => new URLSearchParams({ p: value }).toString().slice(2)),
  partial: of('percent', (value) => value.replace(/[^A-Za-z0-9%]/gu, percentAll).replace(/[aeiou]/g, percentAll)),
  userinfo: of('percent', (value) => `mongodb://app:${encodeURIComponent(value)}@db.test:5432/shop`),
  query: of('percent', (value) => `redis:///shop?host=db.test&password=${encodeURIComponent(value)}&x=1`),
  'every byte': of('percent', percentAll),
  twice: of('percent', (value) => encodeURIComponent(encodeURIComponent(value))),
  whole: of('base64', base64),
  'behind a user': of('base64', (value) => `Basic ${base64(`app:${value}`)}`),
  'before a tail': of('base64', (value) => base64(`${value}@db.test:5432/shop`)),
  'at the third alignment': of('base64', (value) => base64(`ab${value}z`)),
  'base64 in JSON': of('base64', (value) => JSON.stringify({ data: base64(`k=${value}`) }).replaceAll('/', '\\/')),
  base64url: of('base64', (value) => Buffer.from(`u:${value}`).toString('base64url')),
  'MIME lines': of('base64', (value) => wrapped(base64('x'.repeat(50) + value + 'y'.repeat(60)), 76, '\r\n')),
  'short lines': of('base64', (value) => wrapped(base64(value), 20, '\n')),
  'percent-encoded base64': of('base64', (value) => encodeURIComponent(base64(`ab${value}`))),
  'hex, lower case': of('hex', (value) => Buffer.from(value).toString('hex')),
  'hex, upper case': of('hex', (value) => Buffer.from(value).toString('hex').toUpperCase()),
  'UTF-16 in base64': of('base64', (value) => Buffer.from(`x${value}`, 'utf16le').toString('base64')),
  'varbinary of UTF-16': of('hex', (value) => `0x${Buffer.from(value, 'utf16le').toString('hex').toUpperCase()}`),
  'a document in hex': of('hex', (value) => Buffer.from(JSON.stringify({ p: value })).toString('hex')),
  'a document as a Buffer': of('decimal', (value) => JSON.stringify(Buffer.from(encodeURIComponent(`a ${value}`)))),
  bytea: of('hex', (value) => `\\x${Buffer.from(value).toString('hex')}`),
  'with colons': of('hex', (value) =>
    bytesOf(value)
      .map((byte) => hex(byte, 2))
      .join(':'),
  ),
  'byte list': of('hex', (value) =>
    bytesOf(value)
      .map((byte) => `0x${hex(byte, 2)}`)
      .join(', '),
  ),
  'Buffer of Node': of('decimal', (value) => JSON.stringify({ value: Buffer.from(value) })),
  'Buffer of Node, indented': of('decimal', (value) => JSON.stringify([{ value: Buffer.from(value) }], undefined, 2)),
  'Uint8Array of Node': of('decimal', (value) => JSON.stringify(new Uint8Array(Buffer.from(value)))),
  'bytes of Go': of('decimal', (value) => `[${bytesOf(value).join(' ')}]`),
  'bytes of Java': of('decimal', (value) => `[${new Int8Array(Buffer.from(value)).join(', ')}]`),
  'named entities': of('html', (value) =>
    value.replace(
      /[&<>"']/g,
      (unit) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[unit] ?? unit,
    ),
  ),
  decimal: of('html', (value) =>
    Array.from(value)
      .map((character) => `&#${character.codePointAt(0)};`)
      .join(''),
  ),
  hexadecimal: of('html', (value) =>
    Array.from(value)
      .map((character) => `&#x${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()};`)
      .join(''),
  ),
  'escaped twice': of('html', (value) =>
    Array.from(value)
      .map((character) => `&amp;#${character.codePointAt(0)};`)
      .join(''),
  ),
  'sh single quotes': of('quoting', (value) => `'${value.replaceAll("'", "'\\''")}'`),
  'sh double quotes': of('quoting', (value) => `'${value.replaceAll("'", `'"'"'`)}'`),
  'printf %q': of('quoting', (value) => value.replace(/[^A-Za-z0-9\u0080-\u{10ffff}]/gu, '\\$&')),
  SQL: of('quoting', (value) => `PASSWORD '${value.replaceAll("'", "''")}'`),
  CSV: of('quoting', (value) => `"${value.replaceAll('"', '""')}"`),
  libpq: of('quoting', (value) => `password='${value.replace(/['\\]/g, '\\$&')}'`),
  Python: of('quoting', (value) => `'${value.replace(/['\\]/g, '\\$&')}'`),
  'line break inside': of('inside', (value) => middle(value).join('\n')),
  'escaped line break inside': of('inside', (value) => middle(value).join('\\r\\n')),
  'NUL inside': of('inside', (value) => middle(value).join('\0')),
  'zero width inside': of('inside', (value) => Array.from(value).join('\u200b')),
  'soft hyphen inside': of('inside', (value) => middle(value).join('\u00ad')),
};

/** Every text that a reader gets from this one by one or two decodings; the text itself first. */
export function decodings(text: string, depth = 2): readonly string[] {
  const direct = DECODERS.flatMap((decode) => decode(text)).filter((decoded) => decoded !== text && decoded.length > 3);
  return [text, ...(depth > 1 ? direct.flatMap((decoded) => decodings(decoded, depth - 1)) : direct)];
}

const INVISIBLE = /[\0\u00ad\u200b-\u200f\u2060\ufeff]|\\*[\r\n]|\\+[rn]/g;

const DECODERS: readonly ((text: string) => readonly string[])[] = [
  (text) => [text.replace(INVISIBLE, '')],
  (text) => [percentDecoded(text), percentDecoded(text.replaceAll('+', ' '))],
  (text) => [backslashDecoded(text)],
  (text) => [htmlDecoded(text)],
  (text) => [text.replaceAll("''", "'").replaceAll('""', '"').replaceAll('$$', '$')],
  base64Decoded,
  (text) =>
    (text.match(/(?:[0-9a-fA-F]{2}(?:[ :,-]{1,2}(?:0x)?)?){4,}/g) ?? []).map((run) =>
      Buffer.from(run.replace(/0x|[ :,-]/g, ''), 'hex').toString(),
    ),
  (text) =>
    (text.replace(/"\d+":/g, '').match(/-?\d{1,3}(?:[\s,]{1,40}-?\d{1,3}){3,}/g) ?? []).map((run) =>
      Buffer.from(run.split(/[\s,]+/).map(Number)).toString(),
    ),
];

function percentDecoded(text: string): string {
  let decoded = text;
  for (let round = 0; round < 3; round++)
    decoded = decoded.replace(/(?:%[0-9a-fA-F]{2})+/g, (codes) =>
      Buffer.from(codes.replaceAll('%', ''), 'hex').toString(),
    );
  return decoded;
}

function backslashDecoded(text: string): string {
  return text
    .replace(/(?:\\+x[0-9a-fA-F]{2})+/g, (codes) => Buffer.from(codes.replace(/[\\x]/g, ''), 'hex').toString())
    .replace(/(?:\\[0-3][0-7]{2})+/g, (codes) =>
      Buffer.from(
        codes
          .split('\\')
          .slice(1)
          .map((code) => Number.parseInt(code, 8)),
      ).toString(),
    )
    .replace(/\\+u\{([0-9a-fA-F]{1,6})\}/g, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replace(/\\+u([0-9a-fA-F]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\+([^A-Za-z0-9])/g, '$1');
}

function htmlDecoded(text: string): string {
  return text
    .replaceAll('&amp;', '&')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code) % 0x110000))
    .replace(/&#x([0-9a-fA-F]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16) % 0x110000))
    .replace(/&(lt|gt|quot|apos);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'" })[name] ?? '');
}

/** Every run, from each of the four characters that a group may begin at. */
function base64Decoded(text: string): readonly string[] {
  const runs =
    percentDecoded(text)
      .replace(INVISIBLE, '')
      .replaceAll('\\/', '/')
      .match(/[A-Za-z0-9+/_-]{8,}/g) ?? [];
  return runs.flatMap((run) => [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString()));
}
