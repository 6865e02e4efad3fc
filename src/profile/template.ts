// Templates: text with `${name}`, `${name.field}` and filters. Parsed once from the profile; what is put in is data
// and never looked at again, also when it happens to read `${…}`.

import { closest } from '../system/closest.js';
import { SecretctlError } from '../errors.js';
import type { Filter, SecretPart, Template, TemplatePart } from './types.js';

export interface TemplateProblem {
  /** Offset in the template's text. */
  readonly at: number;
  readonly message: string;
  readonly suggestion?: string;
}

export interface ParsedTemplate {
  readonly parts: Template;
  /** Offset of each part. */
  readonly offsets: readonly number[];
  readonly problems: readonly TemplateProblem[];
}

const FILTERS = { uri, json, base64, shell } as const satisfies Record<Filter, (text: string) => string>;
const isFilter = (name: string): name is Filter => Object.hasOwn(FILTERS, name);

/** All problems at once; `parts` is what could be read. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: TemplatePart[] = [];
  const offsets: number[] = [];
  const problems: TemplateProblem[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${', at);
    const end = open === -1 ? text.length : open;
    if (end > at) add({ text: text.slice(at, end) }, at);
    if (open === -1) break;
    const close = text.indexOf('}', open);
    if (close === -1) {
      problems.push({ at: open, message: 'this "${" has no "}"' });
      break;
    }
    const part = parseExpression(text.slice(open + 2, close), open, problems);
    if (part !== undefined) add(part, open);
    at = close + 1;
  }
  return { parts, offsets, problems };

  function add(part: TemplatePart, offset: number): void {
    parts.push(part);
    offsets.push(offset);
  }
}

const EXPRESSION = /^\s*([A-Za-z_][A-Za-z0-9_-]*)(?:\.([A-Za-z_][A-Za-z0-9_-]*))?\s*((?:\|[^|]*)*)$/;

function parseExpression(inner: string, at: number, problems: TemplateProblem[]): SecretPart | undefined {
  const [, secret, field, tail] = EXPRESSION.exec(inner) ?? [];
  if (secret === undefined || tail === undefined) {
    problems.push({ at, message: malformed(inner) });
    return undefined;
  }
  const filters: Filter[] = [];
  for (const written of tail.split('|').slice(1)) {
    const name = written.trim();
    if (isFilter(name)) filters.push(name);
    else problems.push({ at, ...unknownFilter(name) });
  }
  return { secret, ...(field === undefined ? {} : { field }), filters };
}

function malformed(inner: string): string {
  const form = 'a profile knows ${name}, ${name.field} and filters such as ${name|uri}';
  return /^\s*(?:env:|input:|\{|[A-Za-z_]\w*:)/.test(inner)
    ? `this is the notation of an MCP client or a shell: ${form}`
    : `malformed template: ${form}`;
}

function unknownFilter(name: string): Omit<TemplateProblem, 'at'> {
  const near = closest(name, Object.keys(FILTERS));
  const message = `there is no filter "${name}": there are ${Object.keys(FILTERS).join(', ')}`;
  return near === undefined ? { message } : { message, suggestion: near };
}

/**
 * Pure. `lookup` returns the value of a secret, or of one of its fields, or throws.
 * Throws `bad-data` where a value cannot be written by a filter (a lone surrogate has no percent-encoding).
 */
export function renderTemplate(
  template: Template,
  lookup: (secret: string, field: string | undefined) => string,
): string {
  return template
    .map((part) =>
      'text' in part
        ? part.text
        : part.filters.reduce((text, name) => FILTERS[name](text), lookup(part.secret, part.field)),
    )
    .join('');
}

/** The one spelling of a template: what plans show and hash. */
export function formatTemplate(template: Template): string {
  return template.map((part) => ('text' in part ? part.text : formatPart(part))).join('');
}

export function formatPart({ secret, field, filters }: SecretPart): string {
  return `\${${[field === undefined ? secret : `${secret}.${field}`, ...filters].join('|')}}`;
}

/** RFC 3986 §2.3: everything but unreserved characters; encodeURIComponent leaves five reserved ones. */
function uri(text: string): string {
  try {
    return encodeURIComponent(text).replaceAll(
      /[!'()*]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    throw new SecretctlError('bad-data', 'a secret is not well-formed text, and the filter "uri" cannot write it');
  }
}

/** The body of a JSON string (RFC 8259 §7), without its quotes. */
function json(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Standard alphabet with padding (RFC 4648 §4), over UTF-8. */
function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** One word for a POSIX shell: single quotes, which know no escape but their own end (POSIX.1-2017, Shell 2.2.2). */
function shell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
