// Every way one character of a value can be written, as source of a regular expression. Joined, the pieces of a value match
// all its spellings at once, mixed ones too, which no list of encoded variants could. Every repeat is bounded.

/** One level or several of JSON, JavaScript, Python or C escaping: 1, 3, 7, 15, 31 backslashes. */
export const BACKSLASHES = '\\\\{1,31}';

/**
 * What may stand between two characters without a reader seeing it: a line break, real or escaped, and characters of no
 * width (NUL, soft hyphen, zero-width spaces and joiners, byte order mark), real or escaped.
 */
const INVISIBLE = '[\\0\\u00ad\\u200b-\\u200f\\u2060\\ufeff\\r\\n]';
export const JOINER =
  '(?:\\\\{0,31}[\\r\\n]|\\\\{1,31}(?:[rn]|u(?:0000|00[aA][dD]|200[b-fB-F]|2060|[fF][eE][fF][fF]))|[\\0\\u00ad\\u200b-\\u200f\\u2060\\ufeff]){0,3}';

/** `&` may itself be escaped, again and again. */
const AMPERSAND = '&(?:amp;){0,5}';
const NAMED: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };
const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };
/** sh `'\''`, sh `'"'"'`, SQL `''`, SQL `""`, make and libpq service files `$$`. */
const DOUBLED: Readonly<Record<string, readonly string[]>> = {
  "'": [`'${BACKSLASHES}''`, `'"'"'`, `''`],
  '"': ['""'],
  $: ['\\$\\$'],
};

/** The pieces of a value. A run of one ambiguous character is one piece: a match never ends in the middle of `''`. */
export function piecesOf(value: string): readonly string[] {
  return (value.match(/\\+|'+|"+|\$+|\r\n|[^]/gu) ?? []).map(pieceOf);
}

function pieceOf(atom: string): string {
  if (atom === '\r\n') return `(?:${newlineForms().join('|')})`;
  if (atom.startsWith('\\')) return backslashPiece(atom.length);
  const piece = `(?:${formsOf(Array.from(atom)[0] ?? '').join('|')})`;
  const more = atom[0] === atom[1] ? atom.length - 1 : 0;
  return more === 0 ? piece : `(?:${piece}(?:${JOINER}${piece}){${more}})`;
}

/** Adjacent runs of backslashes would multiply; one run with bounds for all of them does not. */
function backslashPiece(count: number): string {
  const other = `(?:${[...percentForms('\\'), ...htmlForms('\\'), ...numericEscapes('\\')].join('|')})`;
  const apart = `${BACKSLASHES}(?:${INVISIBLE}{1,3}${BACKSLASHES}){${count - 1}}`;
  return `(?:\\\\{${count},${count * 31}}|${apart}|${other}(?:${JOINER}${other}){${count - 1}})`;
}

/** Longest spelling first: the last character of a value takes its whole spelling with it. */
function formsOf(character: string): readonly string[] {
  const short = SHORT_ESCAPES[character];
  return [
    ...htmlForms(character),
    ...percentForms(character),
    ...numericEscapes(character),
    ...(short === undefined ? [] : [`${BACKSLASHES}${short}`]),
    ...(character === '\n' ? newlineForms() : []),
    ...(DOUBLED[character] ?? []),
    ...(/^[ -/:-@[-`{-~]$/.test(character) ? [`${BACKSLASHES}${escapeSource(character)}`] : []),
    ...(character === ' ' ? ['\\+'] : []),
    escapeSource(character),
  ];
}

/** A line end may have gained or lost its carriage return. */
function newlineForms(): readonly string[] {
  const feed = `(?:${BACKSLASHES}n|\\n|%(?:25){0,5}0[aA]|${BACKSLASHES}u000[aA]|&#(?:10|[xX]0?[aA]);)`;
  const back = `(?:${BACKSLASHES}r|\\r|%(?:25){0,5}0[dD]|${BACKSLASHES}u000[dD]|&#(?:13|[xX]0?[dD]);)`;
  return [`${back}?${feed}`];
}

function htmlForms(character: string): readonly string[] {
  const point = character.codePointAt(0) ?? 0;
  const name = NAMED[character];
  const numbers = `#(?:0{0,6}${point}|[xX]0{0,6}${anyCase(point.toString(16))});`;
  return [`${AMPERSAND}(?:${numbers}${name === undefined ? '' : `|${name};`})`];
}

/** RFC 3986 §2.1, repeated encoding included. */
function percentForms(character: string): readonly string[] {
  return [bytesOf(character, (hex) => `%(?:25){0,5}${hex}`)];
}

/** `\u` per UTF-16 unit (RFC 8259 §7), `\u{…}` and `\U` per code point, `\x` per code point or byte, octal per byte. */
function numericEscapes(character: string): readonly string[] {
  const point = character.codePointAt(0) ?? 0;
  const units = character.split('').map((unit) => `${BACKSLASHES}u${hexOf(unit.charCodeAt(0), 4)}`);
  const forms = [units.join(''), `${BACKSLASHES}u\\{0{0,4}${anyCase(point.toString(16))}\\}`];
  if (character.length > 1) forms.push(`${BACKSLASHES}U${hexOf(point, 8)}`);
  if (point > 0x7f && point < 0x100) forms.push(`${BACKSLASHES}x${hexOf(point, 2)}`);
  forms.push(bytesOf(character, (hex) => `${BACKSLASHES}x${hex}`));
  forms.push([...Buffer.from(character)].map((byte) => BACKSLASHES + byte.toString(8).padStart(3, '0')).join(''));
  return forms;
}

function bytesOf(character: string, form: (hex: string) => string): string {
  return [...Buffer.from(character)].map((byte) => form(hexOf(byte, 2))).join('');
}

/** Hexadecimal digits of a number, each in either case. */
export function hexOf(number: number, width: number): string {
  return anyCase(number.toString(16).padStart(width, '0'));
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** A character as itself in the source of a regular expression without the `u` flag. */
export function escapeSource(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
