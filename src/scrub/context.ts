// Where a weak value is a credential: a word like `postgres` stands everywhere, and only what stands before it can say that
// here it is a password. Everything is read backwards from the value, a bounded way: such words are frequent.

import { isEnvironmentName, isStrongName } from './detectors/key-names.js';
import type { Range } from './sequence.js';

const LONGEST_NAME = 60;
const LONGEST_GAP = 8;
/** One level of nesting doubles the backslashes before a quote. */
const LONGEST_QUOTE = 32;
const LONGEST_USER = 260;

/**
 * Whether the value at this range is the password of a URI, what is assigned to a name like `password`, a password in SQL
 * or on a command line, or the last field of a line of `.pgpass`. `member` is the name whose value the text is.
 */
export function isInContext(text: string, range: Range, member: string | undefined): boolean {
  if (!isEnded(text, range.end)) return isUserInfo(text, range);
  return (
    isAssigned(text, range.start) ||
    isUserInfo(text, range) ||
    isPgpass(text, range) ||
    (member !== undefined && isCredentialName(member) && isAll(text, range))
  );
}

export function isCredentialName(name: string): boolean {
  return isStrongName(name) || isEnvironmentName(name);
}

function isEnded(text: string, end: number): boolean {
  return end === text.length || /^(?:[\s"'`,;&)\]}|<]|\\)/.test(text.slice(end, end + 1));
}

/** The text is the value and nothing else, perhaps in quotes. */
function isAll(text: string, { start, end }: Range): boolean {
  return text.length - (end - start) <= 2 * LONGEST_GAP && /^[\s"']*$/.test(text.slice(0, start) + text.slice(end));
}

function isAssigned(text: string, start: number): boolean {
  const opened = backOver(text, start, '"\'`\\{', LONGEST_QUOTE);
  const spaced = backOver(text, opened, ' \t', LONGEST_GAP);
  const operator = backOver(text, spaced, '=:>', 3);
  if (operator === spaced) return spaced < opened && isCommand(text, spaced, opened < start);
  const name = backOver(text, backOver(text, operator, ' \t', LONGEST_GAP), '"\'`\\])', LONGEST_QUOTE);
  return isCredentialName(nameBefore(text, name));
}

/** `PASSWORD '…'`, `IDENTIFIED BY '…'`; `--password …`, `sshpass -p …`. */
function isCommand(text: string, end: number, isQuoted: boolean): boolean {
  const before = text.slice(Math.max(0, end - 24), end);
  if (/(?:^|\s)--?(?:password|passwd|passphrase|pass|pwd)$/i.test(before) || /sshpass\s+-p$/.test(before)) return true;
  return isQuoted && /(?:^|[^\w$])(?:PASSWORD|IDENTIFIED\s{1,4}BY)$/i.test(before);
}

/** The name that ends at `end`: letters, digits and what joins words. */
function nameBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && /[\w.$-]/.test(text.charAt(start - 1))) start--;
  const name = text.slice(start, end);
  // The `n` of `\npassword` belongs to the escape.
  return text[start - 1] === '\\' && /^[nrt]/.test(name) && !isStrongName(name) ? name.slice(1) : name;
}

/** `://user:…@`, also percent-encoded. */
function isUserInfo(text: string, { start, end }: Range): boolean {
  if (!/^(?:@|%40)/.test(text.slice(end, end + 3))) return false;
  const colon =
    text[start - 1] === ':' ? start - 1 : /%3a$/i.test(text.slice(Math.max(0, start - 3), start)) ? start - 3 : -1;
  return (
    colon >= 0 && /(?::|%3a)(?:\\?\/|%2f){2}[^\s/@"'<>]*$/i.test(text.slice(Math.max(0, colon - LONGEST_USER), colon))
  );
}

/** `host:port:database:user:password` in a line of its own, or as a string of its own. */
function isPgpass(text: string, { start, end }: Range): boolean {
  if (text[start - 1] !== ':' || !/^(?:$|[\r\n"]|\\{1,31}["rn])/.test(text.slice(end, end + LONGEST_QUOTE)))
    return false;
  const before = text.slice(Math.max(0, start - LONGEST_USER), start - 1);
  const line = before.slice(
    Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\\n') + 1, before.lastIndexOf('"')) + 1,
  );
  return /^(?:[^\s:\\]|\\+[:\\]){1,255}:(?:\d{1,5}|\*):(?:[^\s:\\]|\\+[:\\]){1,255}:(?:[^\s:\\]|\\+[:\\]){1,255}$/.test(
    line,
  );
}

function backOver(text: string, from: number, characters: string, most: number): number {
  let at = from;
  while (at > 0 && from - at < most && characters.includes(text.charAt(at - 1))) at--;
  return at;
}
