// A YAML document as a plain tree in which every key and value knows where it stands. Nothing after this file sees the
// parser's own types, and no key can become a property of anything (`__proto__` is a key like any other in a Map).

import { isMap, isScalar, isSeq, parseDocument, type ErrorCode, type Node, type Scalar, type YAMLMap } from 'yaml';
import { invisibleAt, LIMITS } from './prescan.js';
import type { Finding } from './text.js';

export type Tree = MapTree | ListTree | ScalarTree;

export interface MapTree {
  readonly kind: 'map';
  readonly at: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly key: string;
  /** Where the key stands. */
  readonly at: number;
  readonly value: Tree;
}

export interface ListTree {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Tree[];
}

export interface ScalarTree {
  readonly kind: 'scalar';
  readonly at: number;
  readonly value: string | number | boolean | null;
  /** A plain scalar as written: `0777` is a number whose source is not its decimal form. */
  readonly source: string;
  /** Offset of the value's first character, when the value stands in the file letter by letter. */
  readonly textAt: number | undefined;
}

/** What stands under a key of a map. */
export function valueIn(tree: Tree | undefined, key: string): Tree | undefined {
  return tree?.kind === 'map' ? tree.entries.get(key)?.value : undefined;
}

export function stringOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : undefined;
}

/** The texts of a list. */
export function stringsIn(tree: Tree | undefined): string[] {
  return tree?.kind === 'list' ? tree.items.flatMap((item) => stringOf(item) ?? []) : [];
}

const OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  uniqueKeys: true,
  strict: true,
  stringKeys: true,
  // Their messages quote the source, which may hold a pasted password: only their codes and offsets are used.
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** Text that has passed `prescan` only. Warnings of the parser are findings too; a tree comes only without any. */
export function parseTree(text: string): { readonly tree?: Tree; readonly findings: readonly Finding[] } {
  const document = parseDocument(text, OPTIONS);
  const complaints = [...document.errors, ...document.warnings].slice(0, 20);
  const deep = complaints.map((complaint) => tooDeep(text, complaint)).find((at) => at !== undefined);
  // Whatever else the parser says of such a file follows from it.
  if (deep !== undefined) return { findings: [{ at: deep, message: TOO_DEEP }] };
  if (complaints.length > 0) {
    return {
      findings: complaints.map(({ code, pos }) => ({ at: afterBlanks(text, pos[0]), message: SAYS[code] })),
    };
  }
  const findings: Finding[] = [];
  const tree = treeOf(document.contents, { text, findings, at: 0, depth: 0 });
  return findings.length > 0 ? { findings } : { tree, findings };
}

const TOO_DEEP = 'this line is indented too deep: keys that belong together start in the same column';

/**
 * Where a key stands that is indented deeper than the finished key above it. To YAML `command: npx` and the next, deeper
 * line may be one text of two lines, which cannot be a key; it complains about its first word.
 */
function tooDeep(text: string, { code, pos }: { readonly code: ErrorCode; readonly pos: readonly [number, number] }) {
  const multiline = code === 'MULTILINE_IMPLICIT_KEY';
  if (!multiline && code !== 'BAD_INDENT') return undefined;
  const start = text.lastIndexOf('\n', (multiline ? pos[1] : pos[0] + 1) - 1) + 1;
  const above = text
    .slice(0, start)
    .split('\n')
    .findLast((line) => /^ *[^ #\r]/.test(line));
  if (above === undefined || !/^ *[\w"'.-]+:/.test(text.slice(start, start + 200))) return undefined;
  return indentOf(text.slice(start)) > indentOf(above) ? afterBlanks(text, start) : undefined;
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** The parser points at the start of a line where it means what stands in it. */
function afterBlanks(text: string, at: number): number {
  let end = at;
  while (text[end] === ' ') end += 1;
  return end;
}

interface Walk {
  readonly text: string;
  readonly findings: Finding[];
  /** Where to point when the node has no place of its own. */
  readonly at: number;
  readonly depth: number;
}

function treeOf(node: Node | null, walk: Walk): Tree {
  const at = node?.range?.[0] ?? walk.at;
  const fine = node === null || isPlainNode(node, at, walk);
  if (!fine) return emptyScalar(at);
  if (walk.depth > LIMITS.depth) {
    walk.findings.push({ at, message: `nested deeper than ${LIMITS.depth} levels` });
    return emptyScalar(at);
  }
  const inner = { ...walk, at, depth: walk.depth + 1 };
  if (isMap<unknown, Node | null>(node)) return mapOf(node, inner);
  if (isSeq<Node | null>(node)) return { kind: 'list', at, items: node.items.map((item) => treeOf(item, inner)) };
  return isScalar(node) ? scalarOf(node, inner) : emptyScalar(at);
}

/** The prescan has refused these already; this asks the parser itself. */
function isPlainNode(node: Node, at: number, { findings }: Walk): boolean {
  const plain = (isMap(node) || isSeq(node) || isScalar(node)) && node.anchor === undefined && node.tag === undefined;
  if (!plain) findings.push({ at, message: 'anchors, aliases and tags are not part of a profile' });
  return plain;
}

function mapOf(map: YAMLMap<unknown, Node | null>, walk: Walk): MapTree {
  const entries = new Map<string, Entry>();
  for (const { key, value } of map.items) {
    const scalar = isScalar(key) ? scalarOf(key, walk) : undefined;
    const at = scalar?.at ?? walk.at;
    if (typeof scalar?.value !== 'string') walk.findings.push({ at, message: 'a key must be a text on one line' });
    else if (scalar.value === '<<') walk.findings.push({ at, message: 'merge keys ("<<") are not part of a profile' });
    else entries.set(scalar.value, { key: scalar.value, at, value: treeOf(value, { ...walk, at }) });
  }
  return { kind: 'map', at: walk.at, entries };
}

function scalarOf(node: Scalar, { text, findings, at: fallback }: Walk): ScalarTree {
  const at = node.range?.[0] ?? fallback;
  const value = valueOf(node.value);
  if (typeof value === 'string') {
    // An escape such as "\e" or "\u202e" gets past the look at the file's own characters.
    const invisible = invisibleAt(value.replaceAll(/[\n\t]|\r\n/g, ' '));
    if (invisible !== undefined)
      findings.push({ at, message: `this text holds the invisible character ${invisible.name}` });
  }
  return { kind: 'scalar', at, value, source: node.source ?? '', textAt: textAt(text, at, value) };
}

/** The core schema makes nothing else; should it ever, that is no text and is refused as such. */
function valueOf(value: unknown): ScalarTree['value'] {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** The value itself, or the value after one opening quote; escapes, folds and blocks have no letter-by-letter place. */
function textAt(text: string, at: number, value: ScalarTree['value']): number | undefined {
  if (typeof value !== 'string') return undefined;
  return [at, at + 1].find((start) => text.startsWith(value, start));
}

function emptyScalar(at: number): ScalarTree {
  return { kind: 'scalar', at, value: null, source: '', textAt: undefined };
}

/** For the schema's validator. */
export function plainValue(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(plainValue);
  // A literal key `__proto__` in brackets, or through fromEntries, is an own property, never a prototype.
  return Object.fromEntries([...tree.entries.values()].map(({ key, value }) => [key, plainValue(value)]));
}

/** Our words for the parser's closed set of codes. */
const SAYS: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'an alias cannot have an anchor or a tag',
  BAD_ALIAS: 'aliases are not part of a profile: write a text that starts with "*" in quotes',
  BAD_COLLECTION_TYPE: 'tags are not part of a profile: write a text that starts with "!" in quotes',
  BAD_DIRECTIVE: 'YAML directives ("%") are not part of a profile',
  BAD_DQ_ESCAPE: 'this is no escape that YAML knows: write the text in single quotes, or the backslash twice',
  BAD_INDENT: 'the indentation does not fit the lines around it',
  BAD_PROP_ORDER: 'anchors and tags are not part of a profile',
  BAD_SCALAR_START: 'a text cannot start with this character: write it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'two keys in one line: write a text that holds ": " in quotes, or put the second key on its own line',
  BLOCK_IN_FLOW: 'an indented list or map cannot stand inside [ ] or { }',
  DUPLICATE_KEY: 'this key stands here twice',
  IMPOSSIBLE: 'this is not YAML',
  KEY_OVER_1024_CHARS: 'this key is too long',
  MISSING_CHAR: 'something is missing here: a closing quote or bracket, a comma, a colon, or a space after one',
  MULTILINE_IMPLICIT_KEY: 'a key must stand on one line, and ":" must follow it',
  MULTIPLE_ANCHORS: 'anchors are not part of a profile',
  MULTIPLE_DOCS: 'a second document: a profile is one document',
  MULTIPLE_TAGS: 'tags are not part of a profile',
  NON_STRING_KEY: 'a key must be a text on one line',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'a tab in the indentation: use spaces',
  TAG_RESOLVE_FAILED: 'tags are not part of a profile, and this value is not what its notation says',
  UNEXPECTED_TOKEN: 'this does not belong here: is a quote, a bracket or an indentation wrong before it?',
};
