// What a JSON Schema (draft 2020-12) says of a string: as little of it as is needed to keep a masked string valid. Whatever
// is not known here says nothing. https://json-schema.org/draft/2020-12/json-schema-validation

/** A schema, or what stands where one should. */
export type Schema = unknown;

/** Schemas may refer to themselves. */
const DEEPEST = 24;
/** Patterns are the server's, and may take for ever: the wilder one is, the shorter are the texts that it is tried on. */
const LONGEST_PATTERN = 512;
const LONGEST_TRIED = 256;
const LONGEST_WILD = 12;
const WILD = /\)[+*{]|(?:(?:[*+]|\{\d*,\})[^]*){4}/;

export interface StringRules {
  /** Whether a validator would take this text. Where that cannot be told in good time: no, but of the server's own text yes. */
  allows(text: string, isOwn?: boolean): boolean;
  /** A text that may stand there in place of a credential, and says nothing of it; undefined when none is found. */
  alone(): string | undefined;
}

/** `root` is what references are resolved in. */
export function stringRules(root: Schema, schema: Schema): StringRules {
  const allows = (text: string, isOwn = false): boolean => isAllowed(root, schema, { text, isOwn }, 0);
  return {
    allows,
    alone() {
      if (!isObject(schema)) return undefined;
      if (!found.has(schema))
        found.set(
          schema,
          firstOf(candidatesFor(factsOf(root, schema)), (text) => allows(text)),
        );
      return found.get(schema);
    },
  };
}
/** The same for all rows of a table. */
const found = new WeakMap<object, string | undefined>();

function firstOf(texts: Iterable<string>, isRight: (text: string) => boolean): string | undefined {
  for (const text of texts) if (isRight(text)) return text;
  return undefined;
}

/** Whether anything in a schema can make a string invalid. */
export function hasStringRules(schema: Schema, depth = 0): boolean {
  if (typeof schema !== 'object' || schema === null || depth > LONGEST_PATH) return false;
  return Object.entries(schema).some(([key, inner]) => RULES.has(key) || hasStringRules(inner, depth + 1));
}
const RULES = new Set(['pattern', 'format', 'enum', 'const', 'minLength', 'maxLength']);
const LONGEST_PATH = 256;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schemas that apply to the same value as this one: all of the first, some of the second of each pair. */
function applicators(
  root: Schema,
  schema: Readonly<Record<string, unknown>>,
): readonly [readonly Schema[], readonly (readonly Schema[])[]] {
  const listed = (key: string): readonly Schema[] => (Array.isArray(schema[key]) ? (schema[key] as unknown[]) : []);
  const all = [...listed('allOf'), ...(typeof schema['$ref'] === 'string' ? [referred(root, schema['$ref'])] : [])];
  return [all, [listed('anyOf'), listed('oneOf')].filter((branches) => branches.length > 0)];
}

/** The schema of a member, or of the item at an index, of a value with this schema; `true` when nothing is said of it. */
export function schemaBelow(root: Schema, schema: Schema, step: string | number, depth = 0): Schema {
  if (!isObject(schema) || depth > DEEPEST) return true;
  const known = below.get(schema) ?? new Map<string | number, Schema>();
  below.set(schema, known);
  if (known.size > MOST_KNOWN) known.clear();
  if (!known.has(step)) known.set(step, joinedBelow(root, schema, step, depth));
  return known.get(step);
}
const below = new WeakMap<object, Map<string | number, Schema>>();
const MOST_KNOWN = 1_000;

function joinedBelow(
  root: Schema,
  schema: Readonly<Record<string, unknown>>,
  step: string | number,
  depth: number,
): Schema {
  const [all, some] = applicators(root, schema);
  const inside = (one: Schema): Schema => schemaBelow(root, one, step, depth + 1);
  const branches = some.map((ones) => ones.map(inside)).filter((ones) => !ones.includes(true));
  const parts = [
    typeof step === 'string' ? memberSchema(schema, step) : itemSchema(schema, step),
    ...all.map(inside),
    ...branches.map((anyOf) => ({ anyOf })),
  ].filter(isObject);
  return parts.length > 1 ? { allOf: parts } : (parts[0] ?? true);
}

function memberSchema({ properties, additionalProperties }: Readonly<Record<string, unknown>>, key: string): Schema {
  return isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
}

function itemSchema({ items, prefixItems, additionalItems }: Readonly<Record<string, unknown>>, at: number): Schema {
  const listed: readonly Schema[] = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  return at < listed.length ? listed[at] : Array.isArray(items) ? additionalItems : items;
}

/** Within the same document only. */
function referred(root: Schema, reference: string): Schema {
  if (!reference.startsWith('#')) return true;
  let node = root;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    node = isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  }
  return node;
}

interface Tried {
  readonly text: string;
  readonly isOwn: boolean;
}

function isAllowed(root: Schema, schema: Schema, text: Tried, depth: number): boolean {
  if (!isObject(schema) || depth > DEEPEST) return schema !== false;
  if (!keepsRules(schema, text)) return false;
  const [all, some] = applicators(root, schema);
  const isTaken = (one: Schema): boolean => isAllowed(root, one, text, depth + 1);
  return all.every(isTaken) && some.every((branches) => branches.some(isTaken));
}

function keepsRules(schema: Readonly<Record<string, unknown>>, { text, isOwn }: Tried): boolean {
  const { type, minLength, maxLength, pattern, format } = schema;
  if (type !== undefined && type !== 'string' && !(Array.isArray(type) && type.includes('string'))) return false;
  if (typeof minLength === 'number' || typeof maxLength === 'number') {
    const length = Array.from(text).length;
    if (length < Number(minLength ?? 0) || length > Number(maxLength ?? Infinity)) return false;
  }
  if (Object.hasOwn(schema, 'const') && schema['const'] !== text) return false;
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(text)) return false;
  if (typeof pattern === 'string' && !fitsPattern(pattern, text, isOwn)) return false;
  return typeof format !== 'string' || FORMATS.get(format)?.shape.test(text) !== false;
}

function fitsPattern(pattern: string, text: string, isOwn: boolean): boolean {
  const longest = pattern.length > LONGEST_PATTERN ? 0 : WILD.test(pattern) ? LONGEST_WILD : LONGEST_TRIED;
  if (text.length > longest) return isOwn;
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return true;
  }
}

interface Format {
  readonly shape: RegExp;
  readonly neutral: string;
}

/** Shapes no wider than those of validators. */
const FORMATS: ReadonlyMap<string, Format> = new Map([
  ['uri', { shape: /^[a-z][a-z0-9+.-]*:[\w.~:/?#@!$&'()*+,;=%-]+$/i, neutral: 'redacted:redacted' }],
  ['iri', { shape: /^[a-z][a-z0-9+.-]*:[\w.~:/?#@!$&'()*+,;=%-]+$/i, neutral: 'redacted:redacted' }],
  ['uri-reference', { shape: /^[\w.~:/?#@!$&'()*+,;=%-]*$/, neutral: 'redacted' }],
  ['email', { shape: /^[\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i, neutral: 'redacted@example.invalid' }],
  ['hostname', { shape: /^[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})*$/i, neutral: 'redacted.invalid' }],
  [
    'date-time',
    { shape: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i, neutral: '1970-01-01T00:00:00Z' },
  ],
  ['date', { shape: /^\d{4}-\d\d-\d\d$/, neutral: '1970-01-01' }],
  ['time', { shape: /^\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i, neutral: '00:00:00Z' }],
  ['duration', { shape: /^P(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?$/, neutral: 'PT0S' }],
  [
    'uuid',
    { shape: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, neutral: '00000000-0000-0000-0000-000000000000' },
  ],
  ['ipv4', { shape: /^\d{1,3}(?:\.\d{1,3}){3}$/, neutral: '0.0.0.0' }],
  ['ipv6', { shape: /^[0-9a-f:]+$/i, neutral: '::' }],
  ['json-pointer', { shape: /^(?:\/[\w.-]*)*$/, neutral: '/redacted' }],
  ['byte', { shape: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, neutral: 'AAAA' }],
]);

interface Facts {
  readonly least: number;
  readonly most: number;
  readonly formats: readonly string[];
  readonly hasPattern: boolean;
  /** Of `enum` and `const`, those that are masks themselves. */
  readonly masks: readonly string[];
}

/** What the rules of all branches say together: only to have something to try. */
function factsOf(root: Schema, schema: Schema, depth = 0): Facts {
  if (!isObject(schema) || depth > DEEPEST)
    return { least: 0, most: Infinity, formats: [], hasPattern: false, masks: [] };
  const [all, some] = applicators(root, schema);
  const others = [...all, ...some.flat()].map((one) => factsOf(root, one, depth + 1));
  const { minLength = 0, maxLength = Infinity, format, pattern } = schema;
  const listed = [schema['const'], ...(Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : [])];
  return {
    least: Math.max(Number(minLength), ...others.map(({ least }) => least)),
    most: Math.min(Number(maxLength), ...others.map(({ most }) => most)),
    formats: [...(typeof format === 'string' ? [format] : []), ...others.flatMap(({ formats }) => formats)],
    hasPattern: typeof pattern === 'string' || others.some(({ hasPattern }) => hasPattern),
    masks: [
      ...listed.filter((one) => typeof one === 'string' && one.includes('REDACTED')).map(String),
      ...others.flatMap(({ masks }) => masks),
    ],
  };
}

const WORDS = ['[REDACTED]', 'REDACTED', 'redacted', 'Redacted', '***'];
const LETTERS = ['x', 'X', '0', 'a0', 'A0', 'Aa0', 'Aa0_', 'Aa0-', 'Aa0!', '*'];
const LONGEST_ROW = 64;
const LONGEST = 4_096;

function* candidatesFor({ least, most, formats, hasPattern, masks }: Facts): Generator<string> {
  yield* masks;
  for (const format of formats) {
    const neutral = FORMATS.get(format)?.neutral;
    if (neutral !== undefined) yield neutral;
  }
  for (const word of WORDS) yield least > word.length && least <= LONGEST ? word.padEnd(least, '*') : word;
  if (most < 3) yield '*'.repeat(Math.max(0, most));
  if (!hasPattern) return;
  yield* NEUTRAL;
  for (const letters of LETTERS) {
    const longest = Math.min(most, Math.max(LONGEST_ROW, Math.min(least, LONGEST)));
    for (let length = Math.max(1, least); length <= longest; length++)
      yield letters.repeat(Math.ceil(length / letters.length)).slice(0, length);
  }
}

/** What patterns often ask for. */
const NEUTRAL = [
  ...[...FORMATS.values()].map(({ neutral }) => neutral),
  'https://redacted.invalid/',
  'redacted://redacted',
  'redacted-0',
  'redacted_0',
  'REDACTED-0',
  '0.0.0',
  '#000000',
  '0x0',
  '0.0',
  '0:0',
];
