// The schema's verdict in words for people. schemas/profile.schema.json says what is allowed; its validator is compiled at
// build time; this file knows where in the source each complaint belongs and how a person would say it.

import { closest } from '../system/closest.js';
import { validate as compiled } from './schema-validator.generated.js';
import type { Finding } from './text.js';
import { plainValue, type Tree } from './tree.js';

/** What ajv says (https://ajv.js.org/api.html#error-objects), as far as it is used here. */
interface SchemaError {
  /** JSON Pointer (RFC 6901) into the profile. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: {
    readonly additionalProperty?: string;
    readonly missingProperty?: string;
    readonly propertyName?: string;
  };
  /** Set on what a `propertyNames` schema found; a second error carries the name as a parameter. */
  readonly propertyName?: string;
}

type Validate = ((data: unknown) => boolean) & { errors?: readonly SchemaError[] | null };

/** Keys per place; a test holds them against the schema. */
export const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': [
    'secretctl',
    'name',
    'description',
    'server',
    'shutdown',
    'tools',
    'secrets',
    'env',
    'sealed',
    'audit',
    'redact',
  ],
  '/server': ['package', 'integrity', 'tree', 'bin', 'command', 'args', 'cwd', 'startupTimeout', 'maxLine'],
  '/shutdown': ['grace'],
  '/tools': ['allow', 'deny', 'denyArguments', 'readOnly'],
  '/sealed': ['key', 'recipients', 'mac'],
  '/redact': ['allow'],
};

/** Keys of version 1 that this program does not know how to honour: to ignore one would be to launch something else. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  '': ['lease'],
  '/server': ['allowSecretInArgs'],
  '/tools': ['pinned'],
};

export function schemaFindings(tree: Tree): Finding[] {
  const validate: Validate = compiled;
  if (validate(plainValue(tree))) return [];
  const errors = validate.errors ?? [];
  // A key that is misspelt is not also missing.
  const meant = new Set(errors.map(({ instancePath, params }) => `${instancePath} ${meantKey(instancePath, params)}`));
  const told = errors.filter(({ instancePath, params }) => !meant.has(`${instancePath} ${params.missingProperty}`));
  return told.flatMap((error) => findingOf(error, tree) ?? []);
}

function meantKey(path: string, { additionalProperty }: SchemaError['params']): string {
  return additionalProperty === undefined ? '' : (closest(additionalProperty, KEYS[path] ?? []) ?? '');
}

function findingOf(error: SchemaError, tree: Tree): Finding | undefined {
  const path = error.instancePath;
  const place = follow(tree, path);
  const { additionalProperty, missingProperty, propertyName } = error.params;
  if (error.propertyName !== undefined) return undefined;
  // Of the two ways to name a server the usual one is asked for.
  if (error.keyword === 'anyOf' || missingProperty === 'package') return undefined;
  if (additionalProperty !== undefined)
    return { at: keyAt(place, additionalProperty), ...unknownKey(path, additionalProperty) };
  if (propertyName !== undefined) return { at: keyAt(place, propertyName), message: badName(path) };
  if (missingProperty !== undefined) return { at: place.at, message: missingKey(path, missingProperty) };
  return { at: place.at, message: says(error, path, place) };
}

function unknownKey(path: string, key: string): Omit<Finding, 'at'> {
  if (LATER[path]?.includes(key) === true) return { message: `"${dotted(path, key)}" is not supported yet` };
  const home = path === '' && KEYS['/server']?.includes(key) === true;
  if (home) return { message: `"${key}" belongs under "server"` };
  const near = closest(key, KEYS[path] ?? []);
  const message = /^[\w.-]{1,40}$/.test(key) ? `unknown key "${key}"` : 'unknown key';
  return near === undefined
    ? { message: `${message}: here stand ${(KEYS[path] ?? []).join(', ')}` }
    : { message, suggestion: near };
}

/** The name is not repeated: in `{password: x, hunter2}` it is somebody's password. */
function badName(path: string): string {
  if (path === '/env') return 'this is no name of a variable: letters, digits and "_", no digit first';
  const what = path === '/secrets' ? 'secret' : 'field';
  return `this is no name of a ${what} in a profile: letters, digits, "_" and "-", a letter or "_" first`;
}

function missingKey(path: string, key: string): string {
  if (key === 'secretctl')
    return 'the line "secretctl: 1" is missing: it says that this is a profile, and of which version';
  return `the key "${dotted(path, key)}" is missing`;
}

const WORDS: Readonly<Record<string, string>> = {
  '': 'a profile is made of keys and values, such as "secretctl: 1"',
  '/secretctl': 'this program knows version 1 only: write "secretctl: 1"',
  '/name':
    'a name is made of a-z, 0-9, ".", "_" and "-", starts with a letter or digit, has no ".." and at most 64 characters',
  '/description': 'a description is one line of at most 200 characters',
  '/server': 'under "server" stand command or package, args, cwd, startupTimeout and maxLine',
  '/server/package': 'a package is one text with its registry: npm:@scope/name@1.2.3',
  '/server/integrity': 'this is no integrity as "secretctl profile pin" writes it: sha512-…',
  '/server/tree': 'this is no digest as "secretctl profile pin" writes it: sha256:…',
  '/server/bin': 'this is the name of one of the programs that the package brings',
  '/server/command': 'a command is one text: the program alone, without its arguments',
  '/server/args': 'arguments are a list of at most 200 texts: ["one", "two"]',
  '/server/cwd': 'the working directory is neutral, profile, or an absolute path',
  '/server/startupTimeout': 'a time is a whole number with its unit: 500ms, 60s, 2m',
  '/server/maxLine': 'a length is a whole number with its unit: 512KiB, 64MiB',
  '/shutdown': 'under "shutdown" stands "grace"',
  '/shutdown/grace': 'a time is a whole number with its unit: 500ms, 5s',
  '/tools': 'under "tools" stand allow, deny, denyArguments and readOnly',
  '/tools/allow': 'this is a list of at most 500 names: [query, "list_*"]',
  '/tools/deny': 'this is a list of at most 500 names: [query, "list_*"]',
  '/tools/denyArguments': 'this is a list of at most 500 names: [connectionString]',
  '/tools/readOnly': 'this is true or false',
  '/secrets': 'under "secrets" stand names, each with a reference such as secret://db/postgres/dev',
  '/env': 'under "env" stand variables, each with its text',
  '/audit': 'this is "best-effort" or "required"',
  '/redact': 'under "redact" stands "allow"',
  '/redact/allow': 'this is a list of at most 200 fingerprints: ["sha256:…"]',
};

function says({ keyword }: SchemaError, path: string, place: Tree): string {
  const exact = WORDS[path];
  if (exact !== undefined) return exact;
  if (path.startsWith('/tools/')) return 'a name is one text of at most 256 characters';
  if (path.startsWith('/sealed'))
    return 'this is no seal as "secretctl seal" writes it: put the section back as it was';
  if (path.startsWith('/redact/')) return 'a fingerprint is "sha256:" and 64 digits of 0-9 and a-f';
  if (keyword === 'minProperties')
    return 'this secret has no fields: write a reference such as secret://db/postgres/dev';
  return notText(place);
}

/** The value itself is never repeated: it may be a password that YAML takes for a number. */
function notText(place: Tree): string {
  if (place.kind !== 'scalar') return 'this is a list or a map, and a text belongs here';
  if (place.value === null) return 'this is empty: write "" for an empty text, or remove it';
  const kind = typeof place.value === 'boolean' ? 'a truth value' : 'a number';
  return `YAML takes this for ${kind}: write it in quotes`;
}

function dotted(path: string, key: string): string {
  return [...path.split('/').slice(1), key].join('.');
}

function follow(tree: Tree, pointer: string): Tree {
  let place = tree;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    const next =
      place.kind === 'map'
        ? place.entries.get(key)?.value
        : place.kind === 'list'
          ? place.items[Number(key)]
          : undefined;
    if (next === undefined) return place;
    place = next;
  }
  return place;
}

function keyAt(place: Tree, key: string): number {
  return (place.kind === 'map' ? place.entries.get(key)?.at : undefined) ?? place.at;
}
