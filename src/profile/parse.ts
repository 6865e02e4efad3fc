// Bytes → profile. Each step needs what the step before made sure of, and within a step all problems are found at once.

import { SecretctlError } from '../errors.js';
import { PROFILE_NAME } from './names.js';
import { prescan } from './prescan.js';
import { GRACE, readQuantity } from './quantity.js';
import { readEnv } from './read-env.js';
import { readSecrets } from './read-secrets.js';
import { documentOf, readSeal, sectionOf } from './read-seal.js';
import { readServer } from './read-server.js';
import { readTools } from './read-tools.js';
import type { Reading } from './read-text.js';
import { schemaFindings } from './schema.js';
import { decode, problemAt, type Finding } from './text.js';
import { parseTree, stringOf, stringsIn, valueIn, type MapTree, type Tree } from './tree.js';
import type { Problem, Profile, ProfileDocument, ProfileSource, SealSection, SecretSource } from './types.js';

/** More than a person corrects at once; each costs the time to find its line. */
const MAX_PROBLEMS = 100;

export interface Checked {
  /** Set exactly when there are no problems. */
  readonly profile?: Profile;
  /** In the order of the file; at most 100. */
  readonly problems: readonly Problem[];
  /** Remarks that stop nothing. */
  readonly notes: readonly Problem[];
}

/** Throws `bad-profile`, with the first problem in its message and all of them as its cause. */
export function parseProfile(source: ProfileSource): Profile {
  const { profile, problems } = checkProfile(source.bytes, source.name);
  if (profile !== undefined) return profile;
  const first = problems[0];
  const where = first === undefined ? '' : `:${first.line}:${first.column}: ${first.message}${hintOf(first)}`;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const hint = first?.hint ?? `secretctl profile check ${source.name}`;
  throw new SecretctlError('bad-profile', `${source.path}${where}${more}`, hint, { cause: problems });
}

/** Where `server.command` or `server.package` stands, for what the machine finds wrong with it; the start of a file that has none. */
export function commandPlace(bytes: Buffer): Pick<Problem, 'line' | 'column'> {
  const source = decode(bytes);
  const { tree } = parseTree(source.text);
  const server = valueIn(tree, 'server');
  const command = valueIn(server, 'command') ?? valueIn(server, 'package');
  const { line, column } = problemAt(source, { at: command?.at ?? 0, message: '' });
  return { line, column };
}

function hintOf({ suggestion }: Problem): string {
  return suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
}

/** `expectedName` is what the profile must call itself: its file's name, or the name that it was asked for by. */
export function checkProfile(bytes: Buffer, expectedName?: string): Checked {
  const source = decode(bytes);
  const { profile, findings, notes } = check(bytes, source, expectedName);
  const located = (found: readonly Finding[]): Problem[] =>
    found
      .toSorted((a, b) => a.at - b.at)
      .slice(0, MAX_PROBLEMS)
      .map((finding) => problemAt(source, finding));
  const problems = located(findings);
  return problems.length > 0 || profile === undefined
    ? { problems, notes: [] }
    : { profile, problems, notes: located(notes) };
}

/** A profile as plain values, sound but for what a launch would refuse: for tools that change its text. */
export interface Readable {
  readonly text: string;
  /** What stood before the text: a byte order mark. */
  readonly mark: string;
  readonly name: string;
  readonly document: ProfileDocument;
  readonly section: SealSection | undefined;
}

/** The first problem of what is no YAML or breaks the schema. */
export function readDocument(bytes: Buffer): Readable | { readonly problem: Problem } {
  const source = decode(bytes);
  const problem = (finding: Finding) => ({ problem: problemAt(source, finding) });
  const [early] = prescan(bytes, source);
  if (early !== undefined) return problem(early);
  const { tree, findings } = parseTree(source.text);
  if (tree?.kind !== 'map') return problem(findings[0] ?? { at: 0, message: 'a profile is made of keys and values' });
  const [wrong] = schemaFindings(tree);
  if (wrong !== undefined) return problem(wrong);
  const found: Finding[] = [];
  const document = documentOf(tree, found);
  if (document === undefined) return problem(found[0] ?? { at: 0, message: 'this cannot be sealed' });
  const mark = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? '\ufeff' : '';
  return { text: source.text, mark, name: stringOf(valueIn(tree, 'name')) ?? '', document, section: sectionOf(tree) };
}

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

interface Outcome {
  readonly profile?: Profile;
  readonly findings: readonly Finding[];
  readonly notes: readonly Finding[];
}

function check(bytes: Buffer, source: ReturnType<typeof decode>, name: string | undefined): Outcome {
  const before = prescan(bytes, source);
  if (before.length > 0) return { findings: before, notes: [] };
  const { tree, findings } = parseTree(source.text);
  if (tree === undefined) return { findings, notes: [] };
  const schema = schemaFindings(tree);
  if (tree.kind !== 'map') return { findings: schema, notes: [] };
  const read = readProfile(tree, schema.length === 0, name);
  return { ...read, findings: [...schema, ...read.findings] };
}

/** `sound`: the schema found nothing, so that what is missing is meant to be missing. */
function readProfile(root: MapTree, sound: boolean, name: string | undefined): Outcome & { readonly profile: Profile } {
  const section = (key: string): Tree | undefined => valueIn(root, key);
  const findings: Finding[] = [];
  const notes: Finding[] = [];
  const declared = readSecrets(section('secrets'), { findings, notes });
  const declaredIsComplete = sound || section('secrets')?.kind === 'map';
  const reading: Reading = { findings, notes, declared, declaredIsComplete, used: new Set() };
  checkName(section('name'), name, findings);
  const server = readServer(section('server'), reading);
  const { env, direct } = readEnv(section('env'), reading);
  noteUnused(section('secrets'), reading);
  const secrets = new Map<string, SecretSource>();
  for (const [key, secret] of declared) if (secret !== undefined) secrets.set(key, secret);
  for (const [key, reference] of direct) secrets.set(key, { kind: 'reference', reference });
  const description = stringOf(section('description'));
  const profile: Profile = {
    name: stringOf(section('name')) ?? '',
    ...(description === undefined ? {} : { description }),
    server,
    secrets,
    env,
    redactAllow: stringsIn(valueIn(section('redact'), 'allow')),
    tools: readTools(section('tools')),
    audit: stringOf(section('audit')) === 'required' ? 'required' : 'best-effort',
    shutdownGraceMs: readQuantity(valueIn(section('shutdown'), 'grace'), GRACE, findings),
    seal: readSeal(root, secrets, findings),
  };
  return { profile, findings, notes };
}

function checkName(tree: Tree | undefined, wanted: string | undefined, findings: Finding[]): void {
  const written = stringOf(tree);
  if (tree === undefined || written === undefined || wanted === undefined || written === wanted) return;
  // A file that was named by its path may be called anything.
  if (!PROFILE_NAME.test(wanted)) return;
  findings.push({
    at: tree.at,
    message: `this profile calls itself "${written}", but it was found as "${wanted}": write "name: ${wanted}", or rename the file to ${written}.yaml`,
  });
}

function noteUnused(section: Tree | undefined, { used, notes }: Reading): void {
  if (section?.kind !== 'map') return;
  for (const { key, at } of section.entries.values()) {
    if (!used.has(key)) notes.push({ at, message: `the secret "${key}" is never used` });
  }
}
