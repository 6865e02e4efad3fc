// Changes in the text of a profile that touch nothing else: comments, the order of lines, indentation and line ends stay.

import { isMap, isScalar, parseDocument, type Node, type YAMLMap } from 'yaml';
import { pointerOf } from './read-secrets.js';

/** One value that may be sealed, and where it stands. */
export interface ValuePlace {
  /** JSON pointer: `/env/API_KEY`, `/secrets/db/password`. */
  readonly place: string;
  /** Undefined for what is no text. */
  readonly text: string | undefined;
  readonly start: number;
  readonly end: number;
  /** Inside `{ }` or `[ ]`, where a plain text has fewer characters. */
  readonly inFlow: boolean;
}

/** Sections whose values may be sealed. */
const SECTIONS = ['env', 'secrets'];

/** Of text that parses as a profile, in the order of the text. */
export function valuePlaces(text: string): ValuePlace[] {
  const root = rootOf(text);
  const places = SECTIONS.flatMap((section) => placesIn(childOf(root, section), [section], false));
  return places.toSorted((one, other) => one.start - other.start);
}

function placesIn(node: Node | undefined, path: readonly string[], inFlow: boolean): ValuePlace[] {
  if (isMap<unknown, Node | null>(node)) {
    const isFlow = inFlow || node.flow === true;
    return node.items.flatMap(({ key, value }) =>
      isScalar(key) ? placesIn(value ?? undefined, [...path, String(key.value)], isFlow) : [],
    );
  }
  if (!isScalar(node) || node.range === undefined || node.range === null) return [];
  const [start, end] = node.range;
  const text = typeof node.value === 'string' ? node.value : undefined;
  return [{ place: pointerOf(path), text, start, end, inFlow }];
}

/** `value` must be one line. Of several changes in one text the last in the text comes first. */
export function replaceValue(text: string, { start, end, inFlow }: ValuePlace, value: string): string {
  const before = text.slice(0, start);
  const gap = before.endsWith(':') ? ' ' : '';
  // A block text ends with the line.
  const tail = /\r?\n$/.exec(text.slice(start, end))?.[0] ?? '';
  const rest = text.slice(end);
  // Of an empty value the comment behind it begins where the value stands.
  const space = tail === '' && rest.startsWith('#') ? ' ' : '';
  return before + gap + (inFlow ? JSON.stringify(value) : plainOrQuoted(value)) + tail + space + rest;
}

/** A plain scalar where YAML reads it back as the same text. */
function plainOrQuoted(value: string): string {
  const isPlain = /^[A-Z]+\[[\x21-\x7e]*\]$/.test(value) && !/[#:]/.test(value);
  return isPlain ? value : JSON.stringify(value);
}

/** Adds `NAME: value` at the end of a section of variables or secrets; undefined where that section is written in braces. */
export function addValue(text: string, section: string, name: string, value: string): string | undefined {
  const root = rootOf(text);
  const map = childOf(root, section);
  const end = lineEndOf(text);
  const line = `${name}: ${plainOrQuoted(value)}`;
  if (map === undefined) return beforeSeal(text, `${section}:${end}  ${line}${end}`);
  if (!isMap<unknown, Node | null>(map) || map.flow === true) return undefined;
  const first = map.items[0]?.key;
  const last = map.items.at(-1);
  if (!isScalar(first) || last === undefined) return undefined;
  const from = first.range?.[0] ?? 0;
  const indent = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  // A block text ends behind its own newline.
  const lastEnd = endOf(last.value) ?? endOf(isScalar(last.key) ? last.key : undefined) ?? from;
  const stop = text[lastEnd - 1] === '\n' ? lastEnd : endOfLine(text, lastEnd);
  return `${text.slice(0, stop)}${text[stop - 1] === '\n' ? '' : end}${indent}${line}${end}${text.slice(stop)}`;
}

function endOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[1];
}

/** After the newline of the line in which `at` stands. */
export function endOfLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? text.length : newline + 1;
}

function beforeSeal(text: string, added: string): string {
  const seal = sealLines(text);
  const end = lineEndOf(text);
  const at = seal?.start ?? text.length;
  const gap = at > 0 && text[at - 1] !== '\n' ? end : '';
  return text.slice(0, at) + gap + added + text.slice(at);
}

/** Puts the section `sealed` in the place of the one that is there, or at the end. `section`: whole lines with `\n`. */
export function replaceSeal(text: string, section: string): string {
  const end = lineEndOf(text);
  const written = section.replaceAll('\n', end);
  const seal = sealLines(text);
  if (seal !== undefined) return text.slice(0, seal.start) + written + text.slice(seal.end);
  return text + (text.endsWith('\n') || text === '' ? '' : end) + written;
}

/** The same profile without its seal. */
export function removeSeal(text: string): string {
  const seal = sealLines(text);
  return seal === undefined ? text : text.slice(0, seal.start) + text.slice(seal.end);
}

/** From the line `sealed:` to the last line that is indented below it. */
function sealLines(text: string): { start: number; end: number } | undefined {
  const start = /^sealed[ \t]*:/m.exec(text)?.index;
  if (start === undefined) return undefined;
  let end = endOfLine(text, start);
  while (text[end] === ' ' || text[end] === '\t') end = endOfLine(text, end);
  return { start, end };
}

export function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

export function rootOf(text: string): Node | undefined {
  return (
    parseDocument(text, { version: '1.2', schema: 'core', prettyErrors: false, logLevel: 'silent' }).contents ??
    undefined
  );
}

function childOf(node: Node | undefined, key: string): Node | undefined {
  if (!isMap<unknown, Node | null>(node)) return undefined;
  const map: YAMLMap<unknown, Node | null> = node;
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)?.value ?? undefined;
}
