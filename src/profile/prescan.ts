// Looks at the bytes before the YAML parser does. A parser of a rich language can be made to abort or to take seconds;
// whatever passes here is small, flat and plain enough that it cannot. The limits are far above any real profile.

import { CST, Lexer } from 'yaml';
import { invalidUtf8, type Finding, type SourceText } from './text.js';

export const LIMITS = {
  bytes: 65_536,
  lines: 2_000,
  /** `,` or `:` in one line. */
  separatorsPerLine: 1_000,
  /** Columns that indentation and the markers `- ` and `? ` may take: one level costs at least one. */
  indent: 100,
  /** Levels of `[` and `{` in each other, and of all collections in each other. */
  depth: 32,
  /** Everything but blanks and comments, as the parser counts; time grows with its square. */
  tokens: 2_000,
} as const;

/** Worth showing: a file in the wrong encoding would otherwise give a problem per line. */
const MAX_FINDINGS = 20;

/** Empty when the text may be given to the parser. */
export function prescan(bytes: Buffer, source: SourceText): Finding[] {
  const whole = wholeFile(bytes, source);
  if (whole !== undefined) return [whole];
  const lines = source.lines.flatMap((line, index) => lineFindings(line, source.starts[index] ?? 0));
  return lines.length > 0 ? lines.slice(0, MAX_FINDINGS) : tokenFindings(source.text).slice(0, MAX_FINDINGS);
}

function wholeFile(bytes: Buffer, source: SourceText): Finding | undefined {
  if (bytes.length > LIMITS.bytes) return { at: 0, message: `the profile is larger than ${LIMITS.bytes} bytes` };
  if (isUtf16(bytes)) return { at: 0, message: 'the file is UTF-16: save it as UTF-8' };
  const invalid = invalidUtf8(bytes, source);
  if (invalid !== undefined) return { at: invalid, message: 'these bytes are not UTF-8 text' };
  const beyond = source.starts[LIMITS.lines];
  // The empty line after the last line's end is no line.
  if (beyond !== undefined && beyond < source.text.length) {
    return { at: beyond, message: `the profile has more than ${LIMITS.lines} lines` };
  }
  return undefined;
}

function isUtf16(bytes: Buffer): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
}

// C0 (tab aside), DEL, C1, format characters (bidi controls, zero width), separators that look like nothing, noncharacters.
// oxlint-disable-next-line no-control-regex -- controls are what this looks for
const INVISIBLE = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\ufffe\uffff]|\p{Cf}|\p{Zl}|\p{Zp}/u;

/** The first character that a reader cannot see and a program acts on; used on decoded values too, where `\n` is fine. */
export function invisibleAt(text: string): { readonly at: number; readonly name: string } | undefined {
  const found = INVISIBLE.exec(text);
  if (found === null) return undefined;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return { at: found.index, name: `U+${code}` };
}

function lineFindings(line: string, start: number): Finding[] {
  const findings: Finding[] = [];
  const add = (column: number, message: string): void => void findings.push({ at: start + column, message });
  const invisible = invisibleAt(line);
  if (invisible !== undefined) add(invisible.at, `the invisible character ${invisible.name} does not belong here`);
  const tab = /^ *(?:- *)*\t/.exec(line);
  if (tab !== null) add(tab[0].length - 1, 'a tab in the indentation: use spaces');
  if (line.startsWith('%')) add(0, 'YAML directives ("%") are not part of a profile');
  const indent = /^(?: |[-?:](?= ))*/.exec(line)?.[0].length ?? 0;
  if (indent > LIMITS.indent) add(LIMITS.indent, `indented by more than ${LIMITS.indent} columns`);
  if (countOf(line, /[,:]/g) > LIMITS.separatorsPerLine) {
    add(0, `more than ${LIMITS.separatorsPerLine} commas and colons in one line`);
  }
  return findings;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

const PROPERTIES: Readonly<Record<string, string>> = {
  anchor: 'anchors are not part of a profile: write a text that starts with "&" in quotes',
  alias: 'aliases are not part of a profile: write a text that starts with "*" in quotes',
  tag: 'tags are not part of a profile: write a text that starts with "!" in quotes',
  'directive-line': 'YAML directives ("%") are not part of a profile',
  'doc-end': 'the mark "..." is not part of a profile',
};

/**
 * The parser's own lexer, which neither recurses nor builds anything, tells `*` in a text from `*` as an alias exactly
 * as the parser will. Stops at the first limit.
 */
function tokenFindings(text: string): Finding[] {
  const findings: Finding[] = [];
  let tokens = 0;
  let depth = 0;
  for (const { type, at } of tokensOf(text)) {
    if (type === 'space' || type === 'newline' || type === 'comment') continue;
    tokens += 1;
    if (tokens > LIMITS.tokens) return [...findings, { at, message: 'the profile has too many keys and values' }];
    if (type === 'flow-map-start' || type === 'flow-seq-start') depth += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') depth -= 1;
    if (depth > LIMITS.depth) return [...findings, { at, message: `nested deeper than ${LIMITS.depth} levels` }];
    if (type === 'doc-start' && tokens > 1)
      findings.push({ at, message: 'a second document: a profile is one document' });
    const property = PROPERTIES[type];
    if (property !== undefined) findings.push({ at, message: property });
  }
  return findings;
}

/** Tokens with their offsets. Marks that stand for no character of the text are left out. */
function* tokensOf(text: string): Generator<{ readonly type: string; readonly at: number }> {
  let at = 0;
  let scalar = false;
  for (const token of new Lexer().lex(text)) {
    const type: string = scalar ? 'plain' : (CST.tokenType(token) ?? 'unknown');
    scalar = type === 'scalar';
    if (scalar || type === 'doc-mode' || type === 'flow-error-end') continue;
    yield { type, at };
    at += token.length;
  }
}
