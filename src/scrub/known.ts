// A secret is more than one value: the password inside a URL, the lines of a key, the leaves of a document.

import { strengthOf } from './strength.js';

export interface KnownValue {
  readonly name: string;
  readonly value: string;
  /** Only complete occurrences count: set for containers, whose first characters say nothing (`postgresql:/`). */
  readonly whole?: true;
  /** It is masked in a credential's context only, whatever it looks like: the name of the user, used as a password. */
  readonly weak?: true;
}

/** A line of a multi-line value that is shorter than this is too likely to be ordinary text. */
const SHORTEST_LINE = 16;
/** A user name without a password beside it is taken for a token from this length on (`https://TOKEN@host`). */
const SHORTEST_TOKEN = 20;
const DEEPEST_DOCUMENT = 8;

const URL_SHAPE = /^(?:jdbc:)?[A-Za-z][A-Za-z0-9+.-]*:\/\/([^]*)$/;
/** Query, JDBC, ODBC and libpq spellings of `password=…`; quoted values keep their blanks. */
const ASSIGNMENT =
  /(?:^|[\s;?&])(sslpassword|password|passwd|pwd|passphrase|access_token|token|secret|sig)\s{0,4}=\s{0,4}(?:'((?:[^'\\]|\\[^]|'')*)'|"((?:[^"]|"")*)"|\{((?:[^}]|\}\})*)\}|([^\s;&#]*))/gi;
/** `user:password@tcp(host)` of Go's MySQL driver, `user/password@//host` and `jdbc:oracle:thin:user/password@host` of Oracle. */
const LOGIN = /^(?:[^:/@\s]*:([^]*)@[a-z0-9]*\(|(?:jdbc:oracle:[a-z]+:[^:/@\s]+|[^:/@\s]+(?=\/[^]*@\/\/))\/([^]*)@)/;
/** A line of an INI or YAML file, and what is in the names of credentials there. */
const SETTING = /^["']?([\w.-]+)["']?\s{0,20}[:=]\s{0,20}(["']?)(\S+)\2$/;
const SECRET_SETTING = /secret|token|passw|passphrase|pwd|credential|(?:api|access|private|client)[_-]?key/i;
const PEM = /-----BEGIN [A-Z0-9 ]+-----([^]*?)-----END/g;
/** Members of a document that name a place or a person, not a credential. */
const PUBLIC_MEMBER =
  /(?:^|[_-])(?:ur[il]|id|email|type|project|host|hostname|port|user|username|database|dbname|domain|region|name)$/i;

/**
 * The value without surrounding white space and every part of it that is a credential of its own. The password of a URL
 * or connection string comes as written and decoded, named `NAME.password`; lines and joined PEM bodies keep the name,
 * leaves of a JSON document are named by their member. Deduplicated; empty for a blank value.
 */
export function knownValuesOf(name: string, value: string): readonly KnownValue[] {
  return deduplicate(partsOf(name, value.trim(), 0));
}

/** The first of several equal values keeps its name; a whole-only twin of a value adds nothing. */
export function deduplicate(values: readonly KnownValue[]): readonly KnownValue[] {
  const byValue = new Map<string, KnownValue>();
  for (const known of values) {
    const before = byValue.get(known.value);
    if (known.value !== '' && (before === undefined || (before.whole === true && known.whole !== true)))
      byValue.set(known.value, known);
  }
  return [...byValue.values()];
}

function partsOf(name: string, value: string, depth: number): readonly KnownValue[] {
  const parts = [
    ...urlParts(name, value),
    ...loginParts(name, value),
    ...assignedParts(name, value),
    ...lineParts(name, value),
  ];
  const leaves = leafParts(name, value, depth);
  const isContainer = parts.length + leaves.length > 0 || URL_SHAPE.test(value);
  return [isContainer ? { name, value, whole: true } : { name, value }, ...parts, ...leaves];
}

// URLs and connection strings

function urlParts(name: string, value: string): readonly KnownValue[] {
  const rest = URL_SHAPE.exec(value)?.[1];
  const userinfo = rest === undefined ? undefined : userinfoOf(value, rest);
  if (userinfo === undefined) return [];
  const colon = userinfo.indexOf(':');
  const user = colon < 0 ? userinfo : userinfo.slice(0, colon);
  if (colon < 0) return user.length < SHORTEST_TOKEN ? [] : spellings(`${name}.token`, user);
  const names = [user, /^[^?#]*\/([^/?#]+)/.exec(rest?.slice(userinfo.length) ?? '')?.[1] ?? ''].map(decoded);
  const passwords = spellings(`${name}.password`, userinfo.slice(colon + 1)).map((known) =>
    names.includes(known.value) && strengthOf(known.value) !== 'strong' ? { ...known, weak: true as const } : known,
  );
  return [...passwords, ...pairs(name, user, passwords)];
}

/** Up to the last `@` of the authority; a password with a raw `/`, `?` or `#` makes a URL that no parser takes, so look further. */
function userinfoOf(value: string, rest: string): string | undefined {
  const authority = /^[^/?#]*/.exec(rest)?.[0] ?? '';
  const at = authority.lastIndexOf('@');
  if (at >= 0) return authority.slice(0, at);
  const far = URL.canParse(value.replace(/^jdbc:/i, '')) ? -1 : rest.lastIndexOf('@');
  return far < 0 ? undefined : rest.slice(0, far);
}

/** The pair of Basic authentication, where the password alone is too weak or too short to be found inside base64. */
function pairs(name: string, user: string, passwords: readonly KnownValue[]): readonly KnownValue[] {
  return passwords
    .filter(({ value, weak }) => user !== '' && (value.length < 8 || weak === true || strengthOf(value) === 'weak'))
    .map(({ value }) => ({ name: `${name}.userinfo`, value: `${decoded(user)}:${value}`, whole: true }));
}

function loginParts(name: string, value: string): readonly KnownValue[] {
  const [, mysql, oracle] = LOGIN.exec(value) ?? [];
  const password = mysql ?? oracle ?? '';
  return password === '' ? [] : spellings(`${name}.password`, password);
}

function assignedParts(name: string, value: string): readonly KnownValue[] {
  return [...value.matchAll(ASSIGNMENT)].flatMap(([, key, single, double, braced, bare]) => {
    const quoted =
      single?.replace(/\\([^])|''/g, (_, escaped?: string) => escaped ?? "'") ?? double?.replaceAll('""', '"');
    const part = quoted ?? braced?.replaceAll('}}', '}') ?? bare ?? '';
    // A parser that knows no such quotes, as that of libpq, reads on to the next blank.
    const other = double === undefined ? (braced ?? part) : (/^[^\s;&#]*/.exec(`"${double}`)?.[0] ?? part);
    const others = other !== part && strengthOf(other) === 'strong' ? [other] : [];
    return deduplicate([part, ...others].flatMap((one) => spellings(`${name}.${(key ?? '').toLowerCase()}`, one)));
  });
}

/** As written, percent-decoded, and form-decoded (`+` is a space). */
function spellings(name: string, written: string): readonly KnownValue[] {
  const plain = decoded(written);
  const form = decoded(written.replaceAll('+', ' '));
  return deduplicate([plain, written, form].map((value) => ({ name, value })));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Lines and documents

/** The lines of a multi-line value and the joined bodies of PEM blocks, also where the line ends are written `\n`. */
function lineParts(name: string, value: string): readonly KnownValue[] {
  const text = value.includes('-----BEGIN') ? value.replace(/\\r|\\n/g, '\n') : value;
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  if (lines.length < 2) return [];
  const bodies = [...text.matchAll(PEM)].map((match) => (match[1] ?? '').replace(/\s+/g, ''));
  const long = lines.filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'));
  return [
    ...long.map((line) => (/\s/.test(line) ? { name, value: line, whole: true as const } : { name, value: line })),
    ...lines.flatMap((line) => settingParts(name, line)),
    ...bodies.filter((body) => body.length >= SHORTEST_LINE).map((body) => ({ name, value: body })),
  ];
}

function settingParts(name: string, line: string): readonly KnownValue[] {
  const [, key = '', , value = ''] = SETTING.exec(line) ?? [];
  return SECRET_SETTING.test(key) && strengthOf(value) === 'strong' ? [{ name: `${name}.${key}`, value }] : [];
}

/** The string leaves of a JSON document (a service account), but for weak ones and those that name a place or a person. */
function leafParts(name: string, value: string, depth: number): readonly KnownValue[] {
  if (depth >= DEEPEST_DOCUMENT || !/^[[{]/.test(value)) return [];
  try {
    return leavesOf(name, JSON.parse(value), depth + 1);
  } catch {
    return [];
  }
}

function leavesOf(name: string, node: unknown, depth: number): readonly KnownValue[] {
  if (typeof node === 'string') {
    const leaf = node.trim();
    return strengthOf(leaf) === 'weak' ? [] : partsOf(name, leaf, depth);
  }
  if (typeof node !== 'object' || node === null || depth > DEEPEST_DOCUMENT) return [];
  if (Array.isArray(node)) return node.flatMap((item: unknown) => leavesOf(name, item, depth + 1));
  return Object.entries(node).flatMap(([key, item]) =>
    PUBLIC_MEMBER.test(key) ? [] : leavesOf(`${name}.${key}`, item, depth + 1),
  );
}
