// Writes what pins a package into the text of a profile, and touches nothing else.

import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { endOfLine, lineEndOf, rootOf } from './edit.js';

export interface Pin {
  readonly spec: string;
  readonly integrity: string | undefined;
  readonly tree: string;
  /** Written where the runner was told which program to start. */
  readonly bin: string | undefined;
  /** So many of the arguments were the runner's own, and go. */
  readonly ownArgs: number;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type Entry = Pair<unknown, Node | null>;

/** Undefined where the section `server` is written in braces. */
export function pinPackage(text: string, pin: Pin): string | undefined {
  const server = entryOf(mapOf(rootOf(text)), 'server')?.value;
  const map = mapOf(server ?? undefined);
  const first = entryOf(map, 'package') ?? entryOf(map, 'command');
  if (map === undefined || map.flow === true || first === undefined) return undefined;
  const edits = [...packageEdits(text, map, first, pin), ...argumentEdits(text, entryOf(map, 'args'), pin.ownArgs)];
  return edits
    .toSorted((one, other) => other.start - one.start)
    .reduce((current, { start, end, text: added }) => current.slice(0, start) + added + current.slice(end), text);
}

/** The line of the command becomes that of the package; what is missing follows it, what is there gets its new value. */
function packageEdits(text: string, map: YAMLMap<unknown, Node | null>, first: Entry, pin: Pin): Edit[] {
  const [start, end] = [startOf(first), endOf(first)];
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const wanted = Object.entries({ bin: pin.bin, integrity: pin.integrity, tree: pin.tree });
  const edits: Edit[] = [{ start, end, text: `package: ${pin.spec}` }];
  const added: string[] = [];
  for (const [key, value] of wanted) {
    const there = entryOf(map, key);
    if (value === undefined) continue;
    if (there === undefined) added.push(`${indent}${key}: ${value}${lineEndOf(text)}`);
    else edits.push({ start: startOf(there), end: endOf(there), text: `${key}: ${value}` });
  }
  const at = endOfLine(text, end);
  const gap = text[at - 1] === '\n' || added.length === 0 ? '' : lineEndOf(text);
  return [...edits, { start: at, end: at, text: gap + added.join('') }];
}

function argumentEdits(text: string, entry: Entry | undefined, count: number): Edit[] {
  const list = entry?.value;
  if (count === 0 || entry === undefined || !isSeq<Node>(list)) return [];
  const isAll = count >= list.items.length;
  return list.flow === true ? [flowEdit(list, count, isAll)] : blockEdits(text, entry, list, count, isAll);
}

function flowEdit(list: YAMLSeq<Node>, count: number, isAll: boolean): Edit {
  const [start = 0, end = 0] = list.range ?? [];
  if (isAll) return { start, end, text: '[]' };
  return { start: list.items[0]?.range?.[0] ?? start, end: list.items[count]?.range?.[0] ?? start, text: '' };
}

/** Whole lines, so that comments of the others stay. */
function blockEdits(text: string, entry: Entry, list: YAMLSeq<Node>, count: number, isAll: boolean): Edit[] {
  const edits = list.items.slice(0, count).map(({ range }): Edit => {
    const [start, end] = range ?? [0, 0];
    return { start: text.lastIndexOf('\n', start - 1) + 1, end: endOfLine(text, Math.max(start, end - 1)), text: '' };
  });
  if (!isAll) return edits;
  const colon = text.indexOf(':', isScalar(entry.key) ? entry.key.range?.[1] : 0) + 1;
  return [...edits, { start: colon, end: colon, text: ' []' }];
}

function startOf({ key }: Entry): number {
  return isScalar(key) ? (key.range?.[0] ?? 0) : 0;
}

function endOf({ key, value }: Entry): number {
  return value?.range?.[1] ?? (isScalar(key) ? (key.range?.[1] ?? 0) : 0);
}

function mapOf(node: Node | undefined): YAMLMap<unknown, Node | null> | undefined {
  return isMap<unknown, Node | null>(node) ? node : undefined;
}

function entryOf(map: YAMLMap<unknown, Node | null> | undefined, name: string): Entry | undefined {
  return map?.items.find(({ key }) => isScalar(key) && key.value === name);
}
