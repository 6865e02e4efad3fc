import { once } from 'node:events';
import { createFindings } from '../relay/findings.js';
import { createFramer } from '../relay/frames.js';
import { knownValuesOf, type KnownValue, type Scrubber } from '../scrub/core.js';
import { matchesGlob } from '../system/glob.js';
import type { Host } from '../system/host.js';
import { isSecretField, type VaultEntry } from '../vault/entry.js';
import type { Command } from './command.js';
import { printWarning, say } from './output.js';
import { withVault } from './with-vault.js';

export const scrub: Command = {
  name: 'scrub',
  summary: 'filter stdin to stdout with the scrubber that launches use',
  usage: '[--json-lines] [-k PATTERN]… [--report]',
  details:
    'Text by default; with --json-lines each line that is a JSON object or array stays valid JSON, and only the\n' +
    'strings in it change. A line that cannot be scrubbed is left out, never passed on.',
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
    report: { type: 'boolean', help: 'print how often each name was found, on stderr' },
  },
  arguments: [0, 0],
  async run(host, args) {
    const patterns = args.all('known');
    const known = patterns.length === 0 ? [] : await withVault(host, (vault) => knownIn(vault.list(), patterns));
    // Loaded here only: a launch does not wait for the tables of all detectors.
    const { createScrubber } = await import('../scrub/scrubber.js');
    const filter = args.has('json-lines') ? lineFilter(host, createScrubber(known)) : textFilter(createScrubber(known));
    for await (const chunk of host.stdin as AsyncIterable<Buffer>) await write(host, filter.push(chunk));
    await write(host, filter.end());
    if (args.has('report')) for (const [name, count] of Object.entries(filter.counts())) say(host, `${name}: ${count}`);
    return 0;
  },
};

interface Filter {
  readonly push: (chunk: Buffer) => Buffer;
  readonly end: () => Buffer;
  /** Name → how often it was found. */
  readonly counts: () => Readonly<Record<string, number>>;
}

function textFilter(scrubber: Scrubber): Filter {
  const stream = scrubber.textStream();
  const counts = (): Readonly<Record<string, number>> => {
    const findings = createFindings();
    findings.add(stream.findings);
    return findings.counts();
  };
  return { push: (chunk) => stream.push(chunk), end: () => stream.end(), counts };
}

function lineFilter(host: Host, scrubber: Scrubber): Filter {
  const framer = createFramer();
  const findings = createFindings();
  const scrubLine = (line: Buffer | undefined): Buffer => {
    const newline = line?.at(-1) === 0x0a ? 1 : 0;
    try {
      if (line === undefined) throw new Error('too long');
      const scrubbed = scrubber.message(line.subarray(0, line.length - newline));
      findings.add(scrubbed.findings);
      return Buffer.concat([scrubbed.bytes, line.subarray(line.length - newline)]);
    } catch {
      printWarning(host, 'a line was left out, because it could not be scrubbed');
      return Buffer.alloc(0);
    }
  };
  return {
    push: (chunk) => Buffer.concat(framer.push(chunk).map(scrubLine)),
    end: () => Buffer.concat(framer.end().map(scrubLine)),
    counts: () => findings.counts(),
  };
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
  if (bytes.length > 0 && !host.stdout.write(bytes)) await once(host.stdout, 'drain');
}
