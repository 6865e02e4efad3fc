// Texts of a profile: which of them are templates, and what in them would launch something other than was meant.

import { closest } from '../system/closest.js';
import { PLAIN_FIELDS } from './names.js';
import { holdsUrlPassword, looksLikeReference } from './references.js';
import { formatPart, parseTemplate, type ParsedTemplate } from './template.js';
import type { Finding } from './text.js';
import type { ScalarTree, Tree } from './tree.js';
import type { SecretPart, SecretSource, Template } from './types.js';

/** Collects what a reader finds. */
export interface Reading {
  readonly findings: Finding[];
  /** Remarks that stop nothing. */
  readonly notes: Finding[];
  /** Names under `secrets`, also those whose value is wrong. */
  readonly declared: ReadonlyMap<string, SecretSource | undefined>;
  /** False when `secrets` could not be read: then no name is called unknown. */
  readonly declaredIsComplete: boolean;
  readonly used: Set<string>;
}

/** A text, or a whole number written the one way that its text is sure; undefined when the schema has complained already. */
export function textOf(tree: Tree, findings: Finding[]): string | undefined {
  if (tree.kind !== 'scalar') return undefined;
  if (typeof tree.value === 'string') return tree.value;
  if (typeof tree.value !== 'number' || !Number.isInteger(tree.value)) return undefined;
  if (String(tree.value) === tree.source) return tree.source;
  // 0777, 0x1F and 1e3 are numbers to YAML; which text was meant, only the writer knows.
  findings.push({ at: tree.at, message: 'YAML takes this for a number: write it in quotes' });
  return undefined;
}

/** Offset in the file of a place in a scalar's value; the scalar itself where escapes or folds have moved the letters. */
export function offsetIn(tree: ScalarTree, at: number): number {
  return tree.textAt === undefined ? tree.at : tree.textAt + at;
}

/** `where` decides what may be put in: `args` are public to the machine. */
export function readTemplate(tree: ScalarTree, text: string, where: 'args' | 'env', reading: Reading): ParsedTemplate {
  const template = parseTemplate(text);
  const add = (at: number, finding: Omit<Finding, 'at'>): void => {
    reading.findings.push({ ...finding, at: offsetIn(tree, at) });
  };
  for (const { at, ...problem } of template.problems) add(at, problem);
  for (const finding of plainTextFindings(text, template.parts, where)) add(0, finding);
  const url = text.indexOf('://');
  for (const [index, part] of template.parts.entries()) {
    if ('text' in part) continue;
    const at = template.offsets[index] ?? 0;
    reading.used.add(part.secret);
    const finding = nameFinding(part, reading) ?? placeFinding(part, url !== -1 && url < at, where);
    if (finding !== undefined) add(at, finding);
  }
  return template;
}

function plainTextFindings(text: string, parts: Template, where: 'args' | 'env'): Omit<Finding, 'at'>[] {
  const findings: Omit<Finding, 'at'>[] = [];
  const reference = looksLikeReference(text);
  // A server may well take a file:// address as an argument, and an argument never holds a reference.
  if (reference !== undefined && !(where === 'args' && reference === 'file://…')) {
    findings.push({
      message: `this looks like a reference (${reference}) that nobody would resolve: declare it under "secrets" and write \${name} here`,
    });
  }
  if (holdsUrlPassword(parts.map((part) => ('text' in part ? part.text : '')).join(''))) {
    findings.push({
      message:
        'this address holds a password: store it with "secretctl set NAME", and put its fields together with ${name.field|uri}',
    });
  }
  return findings;
}

/** Does the name exist, and is there exactly one value behind it? */
function nameFinding(
  part: SecretPart,
  { declared, declaredIsComplete, findings }: Reading,
): Omit<Finding, 'at'> | undefined {
  if (!declared.has(part.secret)) {
    if (!declaredIsComplete) return undefined;
    // Who writes that many wrong names is not helped by a guess at each, and guessing takes time.
    const near = findings.length > 50 ? undefined : closest(part.secret, declared.keys());
    const message = `there is no secret "${part.secret}" under "secrets"`;
    return near === undefined ? { message } : { message, suggestion: near };
  }
  const source = declared.get(part.secret);
  if (source?.kind === 'reference' && source.reference.field !== undefined && part.field !== undefined) {
    return { message: `"${part.secret}" is one field already (#${source.reference.field}): write \${${part.secret}}` };
  }
  if (source?.kind !== 'fields') return undefined;
  if (part.field === undefined)
    return { message: `"${part.secret}" has fields: name one, such as \${${part.secret}.${first(source.fields)}}` };
  if (source.fields.has(part.field)) return undefined;
  const near = closest(part.field, source.fields.keys());
  const message = `the secret "${part.secret}" has no field "${part.field}"`;
  return near === undefined ? { message } : { message, suggestion: near };
}

function first(fields: ReadonlyMap<string, unknown>): string {
  return [...fields.keys()][0] ?? 'field';
}

/** May it stand here? Arguments are public; a URL takes a secret apart at its first `@`, `/` or `#`. */
function placeFinding(part: SecretPart, inUrl: boolean, where: 'args' | 'env'): Omit<Finding, 'at'> | undefined {
  const plain = part.field !== undefined && PLAIN_FIELDS.has(part.field);
  if (plain) return undefined;
  if (where === 'args') {
    return { message: `every process of this machine can read arguments: pass ${formatPart(part)} in "env"` };
  }
  if (!inUrl || part.filters.at(-1) === 'uri') return undefined;
  const safe = formatPart({ ...part, filters: [...part.filters, 'uri'] });
  return {
    message: 'a secret in a URL must be percent-encoded, or its "@" and "/" change the address',
    suggestion: safe,
  };
}
