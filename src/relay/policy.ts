// The tool policy of a profile. Forbidden tools and arguments are cut out of the server's list, and nothing else of the list
// changes; a call of one never reaches the server. Where a member stands twice, only the other side knows which one counts:
// then all must be allowed.

import type { ToolPolicy } from '../profile/types.js';
import { itemsAt, membersAt, messagesIn, stringAt, type Item, type Member } from '../scrub/json-values.js';
import { isMessage } from '../scrub/message.js';
import { splice } from '../scrub/splice.js';
import { matchesGlob } from '../system/glob.js';
import { callsIn, type Refused } from './tool-calls.js';

export interface ToolGate {
  /** A line of the server without its newline: the same Buffer when nothing of it is forbidden. */
  fromServer(line: Buffer): Buffer;
  /** A line of the client without its newline; undefined: it goes on. */
  fromClient(line: Buffer): Refused | undefined;
}

/** What a policy says of names. */
export interface Rules {
  /** Why a tool may not be called; undefined when it may. */
  readonly against: (tool: string) => string | undefined;
  readonly isForbiddenArgument: (name: string) => boolean;
}

/** Undefined when the policy forbids nothing: then nobody pays for it. `profile` is named in refusals. */
export function createToolGate(policy: ToolPolicy, profile: string): ToolGate | undefined {
  const { allow, deny, denyArguments, readOnly } = policy;
  if (allow === undefined && deny.length === 0 && denyArguments.length === 0 && !readOnly) return undefined;
  /** Tools that the server has listed as read-only. */
  const readable = new Set<string>();
  const forbidden = new Set(denyArguments.map((name) => name.toLowerCase()));
  const isForbiddenArgument = (name: string): boolean => forbidden.has(name.toLowerCase());
  const byName = (tool: string): string | undefined => {
    if (deny.some((pattern) => matchesGlob(pattern, tool))) return 'tools.deny forbids it';
    if (allow?.some((pattern) => matchesGlob(pattern, tool)) === false) return 'tools.allow does not name it';
    return undefined;
  };
  const against = (tool: string): string | undefined =>
    byName(tool) ?? (readOnly && !readable.has(tool) ? NOT_READABLE : undefined);
  const isHidden = ({ names, isReadOnly }: ListedTool): boolean => {
    for (const name of names) {
      if (!isReadOnly) readable.delete(name);
      else if (readable.size < MOST_READABLE) readable.add(name);
    }
    return (readOnly && !isReadOnly) || names.some((name) => byName(name) !== undefined);
  };
  return {
    fromServer(line) {
      if (!mayHold(line, TOOLS) || !isMessage(line)) return line;
      const ranges = listsIn(line).flatMap((list) => {
        const tools = itemsAt(line, list.start).map((tool) => ({ ...tool, isCut: isHidden(listedAt(line, tool)) }));
        const shown = tools.filter(({ isCut }) => !isCut);
        return [...rangesOf(tools), ...shown.flatMap((tool) => argumentsIn(line, tool, isForbiddenArgument))];
      });
      return ranges.length === 0
        ? line
        : splice(
            line,
            ranges.toSorted((one, other) => one.start - other.start),
          );
    },
    fromClient: (line) => (mayHold(line, CALL) ? callsIn(line, { against, isForbiddenArgument }, profile) : undefined),
  };
}
/** A server that lists without end fills no memory: what is beyond is refused. */
const MOST_READABLE = 16_384;
const NOT_READABLE = 'tools.readOnly allows only what the server has listed as read-only; list the tools first';

const TOOLS = Buffer.from('"tools"');
const CALL = Buffer.from('tools/call');
/** Letters of these words behind an escape. */
const ESCAPED = /\\(?:u00(?:6[13cfCF]|7[34]|2[fF])|\/call)/;
const ESCAPES = [Buffer.from('\\u00'), Buffer.from('\\/call')];

/** Whether a key or a method in any spelling may stand in the line. */
function mayHold(line: Buffer, word: Buffer): boolean {
  if (line.includes(word)) return true;
  return ESCAPES.some((escape) => line.includes(escape)) && ESCAPED.test(line.toString('latin1'));
}

/** Each `tools` in a result; no other result has such a member. */
function listsIn(line: Buffer): readonly Member[] {
  const results = messagesIn(line).starts.flatMap((start) => at(line, { start }, 'result'));
  return results.flatMap((result) => at(line, result, 'tools'));
}

function at(line: Buffer, { start }: Pick<Item, 'start'>, wanted: string): readonly Member[] {
  return membersAt(line, start).filter(({ key }) => key === wanted);
}

interface ListedTool {
  readonly names: readonly string[];
  readonly isReadOnly: boolean;
}

function listedAt(line: Buffer, tool: Item): ListedTool {
  const hints = at(line, tool, 'annotations').flatMap((annotations) => at(line, annotations, 'readOnlyHint'));
  return {
    names: at(line, tool, 'name').map((name) => stringAt(line, name)),
    isReadOnly: hints.length > 0 && hints.every(({ start, end }) => line.toString('latin1', start, end) === 'true'),
  };
}

/** What of an input schema names a forbidden argument. */
function argumentsIn(line: Buffer, tool: Item, isForbidden: (name: string) => boolean): readonly Cut[] {
  return at(line, tool, 'inputSchema').flatMap((schema) => [
    ...at(line, schema, 'properties').flatMap(({ start }) =>
      rangesOf(
        membersAt(line, start).map(({ key, keyStart, end }) => ({ start: keyStart, end, isCut: isForbidden(key) })),
      ),
    ),
    ...at(line, schema, 'required').flatMap(({ start }) =>
      rangesOf(itemsAt(line, start).map((item) => ({ ...item, isCut: isForbidden(stringAt(line, item)) }))),
    ),
  ]);
}

interface Part extends Item {
  readonly isCut: boolean;
}

interface Cut extends Item {
  readonly mask: '';
}

/** From a part that is cut to the next one; of the last ones, from the one before them that stays. */
function rangesOf(parts: readonly Part[]): readonly Cut[] {
  const kept = parts.findLastIndex(({ isCut }) => !isCut);
  const ranges = parts.flatMap(({ start, isCut }, index): Cut[] => {
    const next = parts[index + 1];
    return isCut && index < kept && next !== undefined ? [{ start, end: next.start, mask: '' }] : [];
  });
  const [first, last] = [parts[kept + 1], parts.at(-1)];
  if (first === undefined || last === undefined) return ranges;
  return [...ranges, { start: parts[kept]?.end ?? first.start, end: last.end, mask: '' }];
}
