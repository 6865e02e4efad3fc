// Clients check `structuredContent` against the `outputSchema` that a tool has declared, and throw away a result that does
// not fit: so a mask is shaped to what the schema says of its string. Where nothing fits, the result becomes an error.

import { afterSpace, itemsAt, membersAt, stringAt } from './json-values.js';
import type { Item, Member } from './json-values.js';
import { isMessage } from './message.js';
import type { ByteEdit } from './splice.js';
import { splice } from './splice.js';
import type { Schema, StringRules } from './string-rules.js';
import { hasStringRules, isObject, schemaBelow, stringRules } from './string-rules.js';

export interface OutputSchemas {
  /** Some tool has a schema by which a masked string could be invalid. */
  readonly any: boolean;
  /** Whether one of these messages may bring a schema. */
  mayHold(messages: Buffer): boolean;
  /** Takes a message that goes to the client. */
  learn(message: Buffer): void;
  /** Takes a message of the client. */
  asked(message: Buffer): void;
  /** A scrubbed message, with masks that fit; `before` is the same as the server wrote it. `isFree`: no credential is in there. */
  fit(before: Buffer, after: Buffer, isFree: (message: Buffer) => boolean): Buffer;
}

const SCHEMA = Buffer.from('"outputSchema"');
/** Its end alone, short and with a first letter that is rare, is looked for forty times as fast. */
const SCHEMA_END = Buffer.from('Schema"');
const CALL = Buffer.from('tools');
const MOST_TOOLS = 4_096;
/** Requests whose answer is waited for; those before are forgotten. */
const MOST_CALLS = 1_024;
const DEEPEST = 64;

function mayHold(messages: Buffer): boolean {
  return messages.includes(SCHEMA_END) && messages.includes(SCHEMA);
}

export function createOutputSchemas(): OutputSchemas {
  const schemas = new Map<string, Schema>();
  /** Id of a request → name of its tool. */
  const calls = new Map<string, string>();
  return {
    get any() {
      return schemas.size > 0;
    },
    mayHold,
    learn(message) {
      if (!mayHold(message)) return;
      for (const [name, schema] of toolsIn(message)) keep(schemas, name, schema);
    },
    asked(message) {
      if (schemas.size === 0 || !message.includes(CALL) || !isMessage(message)) return;
      for (const members of messagesIn(message)) {
        const [id, method, params] = ['id', 'method', 'params'].map((key) => last(members, key));
        if (id === undefined || params === undefined || method === undefined) continue;
        const name = last(membersAt(message, params.start), 'name');
        const tool = name === undefined ? '' : stringAt(message, name);
        if (stringAt(message, method) !== 'tools/call' || !schemas.has(tool)) continue;
        calls.set(idOf(message, id), tool);
        const oldest = calls.keys().next();
        if (calls.size > MOST_CALLS && oldest.done !== true) calls.delete(oldest.value);
      }
    },
    fit(before, after, isFree) {
      if (calls.size === 0) return after;
      const old = messagesIn(before);
      const edits = messagesIn(after).flatMap((members, at) => {
        const id = last(members, 'id');
        const key = id === undefined ? '' : idOf(after, id);
        const schema = schemas.get(calls.get(key) ?? '');
        calls.delete(key);
        return schema === undefined ? [] : resultEdits({ before, after, root: schema }, old[at] ?? [], members, isFree);
      });
      return edits.length === 0 ? after : splice(after, edits);
    },
  };
}

function keep(schemas: Map<string, Schema>, name: string, schema: Schema): void {
  schemas.delete(name);
  if (hasStringRules(schema) && schemas.size < MOST_TOOLS) schemas.set(name, schema);
}

function toolsIn(message: Buffer): readonly (readonly [string, Schema])[] {
  const messages = parsed(message);
  return (Array.isArray(messages) ? (messages as unknown[]) : [messages]).flatMap((one) => {
    const result = isObject(one) ? one['result'] : undefined;
    const tools = isObject(result) ? result['tools'] : undefined;
    if (!Array.isArray(tools)) return [];
    return (tools as unknown[]).flatMap((tool) =>
      isObject(tool) && typeof tool['name'] === 'string' ? [[tool['name'], tool['outputSchema']] as const] : [],
    );
  });
}

/** A long line has only been looked at from its ends: it may be no JSON after all. */
function parsed(message: Buffer): unknown {
  try {
    return JSON.parse(message.toString());
  } catch {
    return undefined;
  }
}

function messagesIn(line: Buffer): readonly (readonly Member[])[] {
  const start = afterSpace(line, 0);
  return line[start] === 0x5b
    ? itemsAt(line, start).map((item) => membersAt(line, item.start))
    : [membersAt(line, start)];
}

function last(members: readonly Member[], key: string): Member | undefined {
  return members.findLast((member) => member.key === key);
}

function idOf(line: Buffer, { start, end }: Member): string {
  return line.toString('utf8', start, end);
}

type Edit = Omit<ByteEdit, 'name'>;

interface Pair {
  readonly before: Buffer;
  readonly after: Buffer;
  readonly root: Schema;
}

function resultEdits(
  pair: Pair,
  old: readonly Member[],
  now: readonly Member[],
  isFree: (text: Buffer) => boolean,
): readonly Edit[] {
  const results = [last(old, 'result'), last(now, 'result')] as const;
  if (results[0] === undefined || results[1] === undefined) return [];
  const [before, after] = [membersAt(pair.before, results[0].start), membersAt(pair.after, results[1].start)];
  const [from, to] = [last(before, CONTENT), last(after, CONTENT)];
  if (from === undefined || to === undefined) return [];
  const edits: Edit[] = [];
  const fits = fitValue(pair, pair.root, from, to, edits);
  if (fits && (edits.length === 0 || isFree(splice(pair.after, edits)))) return edits;
  return [{ start: results[1].start, end: results[1].end, mask: withoutContent(pair.after, after) }];
}
const CONTENT = 'structuredContent';

/** The result as an error, which no client checks: its text stays. */
function withoutContent(bytes: Buffer, members: readonly Member[]): string {
  const kept = members
    .filter(({ key }) => key !== CONTENT && key !== 'isError')
    .map(({ keyStart, end }) => bytes.toString('latin1', keyStart, end));
  return `{${['"isError":true', ...kept].join(',')}}`;
}

/** Adds what must change in the masked strings of this value; false when one of them fits nowhere. */
function fitValue(pair: Pair, schema: Schema, from: Item, to: Item, edits: Edit[], depth = 0): boolean {
  if (!isObject(schema) || depth > DEEPEST) return true;
  const within = (step: string | number, one: Item, other: Item | undefined): boolean =>
    other === undefined || fitValue(pair, schemaBelow(pair.root, schema, step), one, other, edits, depth + 1);
  switch (pair.after[to.start] ?? 0) {
    case 0x22:
      return fitString(pair, schema, from, to, edits);
    case 0x7b: {
      const now = membersAt(pair.after, to.start);
      return membersAt(pair.before, from.start).every((member, at) => within(now[at]?.key ?? '', member, now[at]));
    }
    case 0x5b: {
      const now = itemsAt(pair.after, to.start);
      return itemsAt(pair.before, from.start).every((item, at) => within(at, item, now[at]));
    }
    default:
      return true;
  }
}

function fitString({ before, after, root }: Pair, schema: Schema, from: Item, to: Item, edits: Edit[]): boolean {
  const [original, text] = [stringAt(before, from), stringAt(after, to)];
  if (text === original) return true;
  const rules = stringRules(root, schema);
  if (rules.allows(text) || !rules.allows(original, true)) return true;
  const fitting = fittingText(rules, original, text);
  if (fitting === undefined) return false;
  const mask = Buffer.from(JSON.stringify(fitting).slice(1, -1)).toString('latin1');
  edits.push({ start: to.start + 1, end: to.end - 1, mask });
  return true;
}

/** A shorter mask with what surrounds it, or else one alone. */
function fittingText(rules: StringRules, original: string, text: string): string | undefined {
  const [head, tail] = surroundings(original, text);
  const beside = SHORTER.map((mask) => head + mask + tail).find((candidate) => rules.allows(candidate));
  return beside ?? rules.alone();
}
const SHORTER = ['[REDACTED]', 'REDACTED', 'redacted', '***', 'x', '0'];

/** What two texts have in common at their beginnings and ends. */
function surroundings(one: string, other: string): readonly [string, string] {
  const shortest = Math.min(one.length, other.length);
  let head = 0;
  while (head < shortest && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < shortest - head && one[one.length - tail - 1] === other[other.length - tail - 1]) tail++;
  return [other.slice(0, head), other.slice(other.length - tail)];
}
