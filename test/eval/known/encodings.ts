// Set K, encodings: how a value looks after the programs between the database and the message have written it.

export interface Encoding {
  readonly name: string;
  readonly group: 'raw' | 'json' | 'percent' | 'base64' | 'hex' | 'decimal' | 'html' | 'quoting' | 'broken' | 'beside';
  readonly encode: (value: string) => string;
}

/** Groups in which not a single leak is accepted. */
export const ABSOLUTE: readonly Encoding['group'][] = ['raw', 'json', 'percent', 'base64', 'hex', 'decimal'];

const inner = (text: string): string => JSON.stringify(text).slice(1, -1);
const unit = (character: string): string =>
  character
    .split('')
    .map((half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
const units = (text: string, which: RegExp): string => text.replace(which, unit);
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const pairs = (text: string): string[] => hex(text).match(/../g) ?? [];
const everySecond = (text: string, change: (character: string) => string): string =>
  Array.from(text)
    .map((character, at) => (at % 2 === 1 ? change(character) : character))
    .join('');
const everyByte = (text: string): string =>
  pairs(text)
    .map((pair) => `%${pair.toUpperCase()}`)
    .join('');
const strict = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, everyByte);
const wrapped = (text: string, width: number): string =>
  (text.match(new RegExp(`.{1,${width}}`, 'gsu')) ?? []).join('\n');
const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (pair) => pair.toLowerCase());

const ENTITY: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
const named = (text: string): string => text.replace(/[&<>"']/g, (mark) => `&${ENTITY[mark] ?? ''};`);
const entity = (character: string, radix: 10 | 16): string =>
  `&#${radix === 16 ? 'x' : ''}${(character.codePointAt(0) ?? 0).toString(radix)};`;

const GROUPS: Readonly<Record<Encoding['group'], Readonly<Record<string, (value: string) => string>>>> = {
  raw: {
    plain: (value) => value,
    NFC: (value) => value.normalize('NFC'),
    NFD: (value) => value.normalize('NFD'),
  },
  json: {
    'JSON once': inner,
    'JSON twice': (value) => inner(inner(value)),
    'JSON three times': (value) => inner(inner(inner(value))),
    'JSON, slash escaped': (value) => inner(value).replaceAll('/', '\\/'),
    'JSON, ASCII only': (value) => units(inner(value), /[^ -~]/g),
    'JSON of Go': (value) => units(inner(value), /[<>&]/g),
    'JSON of .NET': (value) => units(inner(value), /[<>&'+`]/g),
    'every character \\u': (value) => units(value, /[^]/gu),
    'every character \\u, capitals': (value) => units(value, /[^]/gu).replace(/[a-f]/g, (digit) => digit.toUpperCase()),
    'every second character \\u': (value) => everySecond(value, unit),
    'every character \\u, twice': (value) => inner(units(value, /[^]/gu)),
  },
  percent: {
    percent: encodeURIComponent,
    'percent, small letters': (value) => lower(encodeURIComponent(value)),
    'percent, form': (value) => new URLSearchParams({ x: value }).toString().slice(2),
    'percent, reserved only': (value) => value.replace(/[%@:/?#[\] ]/g, everyByte),
    'percent, user info': strict,
    'percent, every byte': everyByte,
    'percent, every second character': (value) => everySecond(value, everyByte),
    'percent twice': (value) => encodeURIComponent(encodeURIComponent(value)),
    'percent three times': (value) => encodeURIComponent(encodeURIComponent(encodeURIComponent(value))),
  },
  base64: {
    base64,
    'base64 after user:': (value) => base64(`app:${value}`),
    'base64 after usr: with a tail': (value) => base64(`usr1:${value}, and more`),
    'base64 with a tail': (value) => base64(`${value}\n`),
    'base64 of JSON': (value) => base64(JSON.stringify({ user: 'app', password: value })),
    base64url: (value) => Buffer.from(value).toString('base64url'),
    'base64, wrapped': (value) => wrapped(base64(`the user of the database is app and its password is ${value}`), 76),
    'base64 in a URL': (value) => encodeURIComponent(base64(value)),
  },
  hex: {
    hex,
    'hex, capitals': (value) => hex(value).toUpperCase(),
    'hex, bytea': (value) => `\\x${hex(value)}`,
    'hex, 0x': (value) => `0x${hex(value)}`,
    'hex, colons': (value) => pairs(value).join(':'),
    'hex, spaces': (value) => pairs(value).join(' '),
    'hex, C string': (value) =>
      pairs(value)
        .map((pair) => `\\x${pair}`)
        .join(''),
  },
  decimal: {
    'bytes, Buffer in JSON': (value) => JSON.stringify(Buffer.from(value)),
    'bytes, indented': (value) => JSON.stringify([{ value: Buffer.from(value) }], undefined, 2),
    'bytes, Uint8Array in JSON': (value) => JSON.stringify(new Uint8Array(Buffer.from(value))),
    'bytes, Go': (value) => `[${Array.from(Buffer.from(value)).join(' ')}]`,
  },
  html: {
    'HTML, names': named,
    'HTML, decimal': (value) =>
      Array.from(value)
        .map((character) => entity(character, 10))
        .join(''),
    'HTML, hexadecimal': (value) =>
      Array.from(value)
        .map((character) => entity(character, 16))
        .join(''),
    'HTML twice': (value) => named(named(value)),
  },
  quoting: {
    'sh, single quotes': (value) => `'${value.replaceAll("'", `'\\''`)}'`,
    'sh, other quotes': (value) => `'${value.replaceAll("'", `'"'"'`)}'`,
    'sh, printf %q': (value) => value.replace(/[^A-Za-z0-9_./\u0080-\uffff\n-]/g, '\\$&').replaceAll('\n', "$'\\n'"),
    'SQL literal': (value) => `'${value.replaceAll("'", "''")}'`,
    libpq: (value) => `'${value.replace(/['\\]/g, '\\$&')}'`,
    'Python repr': (value) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`,
  },
  broken: {
    'line break inside': (value) => wrapped(value, 7),
  },
  // Told beside the tables, and not counted: case change and reversal are out of reach, a second base64 is beyond the target.
  beside: {
    'capital letters': (value) => value.toUpperCase(),
    'base64 of base64': (value) => base64(base64(value)),
    reversed: (value) => Array.from(value).toReversed().join(''),
  },
};

export const ENCODINGS: readonly Encoding[] = Object.entries(GROUPS).flatMap(([group, rows]) =>
  Object.entries(rows).map(([name, encode]) => ({ name, group: group as Encoding['group'], encode })),
);
