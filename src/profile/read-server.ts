// The section `server`: what is started, with which arguments, where, and how long it may take.

import { maskArguments } from './mask.js';
import { DEFAULT_MAX_LINE, MAX_LINE, readQuantity, STARTUP_TIMEOUT, type Quantity } from './quantity.js';
import { looksLikeReference } from './references.js';
import { readPackage } from './read-package.js';
import { offsetIn, readTemplate, textOf, type Reading } from './read-text.js';
import { formatTemplate } from './template.js';
import type { Finding } from './text.js';
import type { ListTree, ScalarTree, Tree } from './tree.js';
import type { ServerPart, Template } from './types.js';

const DEFAULT_TIMEOUT_MS = 60_000;

/** Defaults stand in for what is missing or wrong; findings say so. */
export function readServer(section: Tree | undefined, reading: Reading): ServerPart {
  const entries = section?.kind === 'map' ? section.entries : new Map<string, { readonly value: Tree }>();
  const quantity = (key: string, kind: Quantity): number | undefined =>
    readQuantity(entries.get(key)?.value, kind, reading.findings);
  return {
    command: readCommand(entries.get('command')?.value, reading.findings),
    package: readPackage(section, reading.findings),
    args: readArgs(entries.get('args')?.value, reading),
    cwd: readCwd(entries.get('cwd')?.value),
    startupTimeoutMs: quantity('startupTimeout', STARTUP_TIMEOUT) ?? DEFAULT_TIMEOUT_MS,
    maxLineBytes: quantity('maxLine', MAX_LINE) ?? DEFAULT_MAX_LINE,
  };
}

function readCommand(tree: Tree | undefined, findings: Finding[]): string {
  const text = stringOf(tree);
  if (text === undefined) return '';
  const add = (at: number, message: string): void => {
    findings.push({ at: offsetIn(text.tree, at), message });
  };
  const space = text.value.search(/\s/);
  // A path may hold blanks; a bare name with blanks is a whole command line.
  if (space !== -1 && !/[/\\]/.test(text.value.slice(0, space))) {
    add(space, 'arguments stand under "server.args", one text each');
  }
  const template = text.value.indexOf('${');
  if (template !== -1) add(template, 'a command is no template: write the program as it is');
  if (looksLikeReference(text.value) !== undefined) add(0, 'a command is no reference: write the program as it is');
  return text.value;
}

function readArgs(tree: Tree | undefined, reading: Reading): Template[] {
  if (tree?.kind !== 'list') return [];
  const args = tree.items.map((item) => {
    const text = textOf(item, reading.findings);
    return text === undefined || item.kind !== 'scalar' ? [] : readTemplate(item, text, 'args', reading).parts;
  });
  noteCredentials(args.map(formatTemplate), tree, reading);
  return args;
}

function noteCredentials(args: readonly string[], tree: ListTree, { notes }: Reading): void {
  const masked = maskArguments(args);
  for (const [index, { at }] of tree.items.entries()) {
    if (masked[index] === args[index]) continue;
    notes.push({
      at,
      message:
        'this looks like a credential, and every process of this machine can read arguments: store it with "secretctl set NAME" and pass it in "env"',
    });
  }
}

/** The schema has seen that it is `neutral`, `profile` or an absolute path. */
function readCwd(tree: Tree | undefined): string {
  return stringOf(tree)?.value ?? 'neutral';
}

function stringOf(tree: Tree | undefined): { readonly tree: ScalarTree; readonly value: string } | undefined {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' ? { tree, value: tree.value } : undefined;
}
