import { once } from 'node:events';
import { SecretctlError } from '../errors.js';
import { knownValuesOf, type KnownValue } from '../scrub/known.js';
import type { FindingDetail } from '../scrub/explain.js';
import { matchesGlob } from '../system/glob.js';
import type { Host } from '../system/host.js';
import { isSecretField, type VaultEntry } from '../vault/entry.js';
import { usage } from './arguments.js';
import type { Command, ParsedArguments } from './command.js';
import { printWarning, say } from './output.js';
import type { Filter } from './scrub-filter.js';
import { withVault } from './with-vault.js';

/** A line is missing from the output: whoever reads it must not take it for all. */
const INCOMPLETE = 74;

export const scrub: Command = {
  name: 'scrub',
  summary: 'filter stdin to stdout with the scrubber that launches use',
  usage: '[--json-lines] [-k PATTERN]… [--allow FINGERPRINT]… [--report] [--explain]',
  details:
    'Text by default; with --json-lines each line that is a JSON object or array stays valid JSON, only the strings\n' +
    'and numbers in it change, and every other line is text. A line that cannot be scrubbed is withheld, never\n' +
    'passed on as it was (a note stands in the place of text), and the exit status is 74. --explain says of each\n' +
    'finding on stderr: line, place, name, form and class of length, and the fingerprint that --allow and\n' +
    'redact.allow of a profile take; never the value.',
  examples: ['secretctl scrub < server.log', "secretctl scrub --json-lines -k 'db/*' --report < session.jsonl"],
  flags: {
    'json-lines': { type: 'boolean', help: 'treat each line as a message' },
    known: {
      type: 'string',
      short: 'k',
      value: 'PATTERN',
      multiple: true,
      help: 'look for these secrets of the vault',
    },
    allow: {
      type: 'string',
      value: 'FINGERPRINT',
      multiple: true,
      help: 'leave what --explain gave this fingerprint (sha256:…)',
    },
    report: { type: 'boolean', help: 'print how often each name was found, on stderr' },
    explain: { type: 'boolean', help: 'print where each finding stands, on stderr' },
  },
  arguments: [0, 0],
  async run(host, args) {
    const allow = allowed(args);
    const filter = await filterFor(host, args, await knownValues(host, args.all('known')), allow);
    // Seen at the next write; without a listener the event would end the process as a bug of ours.
    host.stdout.on('error', () => undefined);
    for await (const chunk of host.stdin as AsyncIterable<Buffer>) await write(host, filter.push(chunk));
    await write(host, filter.end());
    if (args.has('report')) for (const [name, count] of Object.entries(filter.counts())) say(host, `${name}: ${count}`);
    return statusOf(host, filter.missing());
  },
};

function statusOf(host: Host, missing: number): number {
  if (missing === 0) return 0;
  const lines = missing === 1 ? 'a line is' : `${missing} lines are`;
  printWarning(host, `the output is not complete: ${lines} missing`);
  return INCOMPLETE;
}

function allowed(args: ParsedArguments): ReadonlySet<string> {
  const fingerprints = args.all('allow');
  if (fingerprints.some((fingerprint) => !/^sha256:[0-9a-f]{64}$/.test(fingerprint)))
    throw usage(scrub, '--allow takes a fingerprint: "sha256:" and 64 digits of 0-9 and a-f');
  return new Set(fingerprints);
}

/** A pattern without a secret would let pass what it was to keep back. */
async function knownValues(host: Host, patterns: readonly string[]): Promise<readonly KnownValue[]> {
  if (patterns.length === 0) return [];
  const entries = await withVault(host, (vault) => vault.list());
  const empty = patterns.find((pattern) => !entries.some(({ name }) => matchesGlob(pattern, name)));
  if (empty !== undefined) throw new SecretctlError('secret-not-found', `no secret in the vault matches "${empty}"`);
  return knownIn(entries, patterns);
}

async function filterFor(
  host: Host,
  args: ParsedArguments,
  known: readonly KnownValue[],
  allow: ReadonlySet<string>,
): Promise<Filter> {
  // Loaded here only: no other command waits for the tables of all detectors.
  const { createScrubber } = await import('../scrub/scrubber.js');
  const { createExplainer } = await import('../scrub/explain.js');
  const { lineFilter, textFilter } = await import('./scrub-filter.js');
  const explainer = args.has('explain') ? createExplainer(known) : undefined;
  const scrubber = createScrubber(known, { allow, ...(explainer === undefined ? {} : { watch: explainer.watch }) });
  const json = args.has('json-lines');
  if (!json && explainer === undefined) return textFilter(scrubber);
  return lineFilter({
    scrubber,
    json,
    explainer,
    onDetail: (line, detail) => say(host, explanation(line, detail)),
    onDropped: (line) => printWarning(host, `line ${line} was left out, because it could not be scrubbed`),
  });
}

/** `line 3, /result/content/0/text, column 14: github-token (shape, characters, length 32-63) sha256:…` */
function explanation(line: number, detail: FindingDetail): string {
  const { name, known, form, pointer, inName, column, length, fingerprint } = detail;
  const place = [
    `line ${line}`,
    ...(pointer === undefined ? [] : [`${inName ? 'name of ' : ''}${pointer}`]),
    ...(column === undefined ? [] : [`column ${column}`]),
  ].join(', ');
  const what = `${name} (${known ? 'known' : 'shape'}, ${form}, length ${length})`;
  return `${place}: ${what}${fingerprint === undefined ? '' : ` ${fingerprint}`}`;
}

function knownIn(entries: readonly VaultEntry[], patterns: readonly string[]): KnownValue[] {
  const chosen = entries.filter(({ name }) => patterns.some((pattern) => matchesGlob(pattern, name)));
  return chosen.flatMap(({ name, value }) => {
    if (typeof value === 'string') return knownValuesOf(name, value);
    const secret = [...value].filter(([field]) => isSecretField(field));
    return secret.flatMap(([field, text]) => knownValuesOf(`${name}.${field}`, text));
  });
}

async function write(host: Host, bytes: Buffer): Promise<void> {
  if (host.stdout.destroyed) throw noReader();
  if (bytes.length === 0 || host.stdout.write(bytes)) return;
  await once(host.stdout, 'drain').catch(() => {
    throw noReader();
  });
}

function noReader(): SecretctlError {
  return new SecretctlError('io', 'stdout takes no more: its reader has gone');
}
