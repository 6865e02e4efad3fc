// Set B: text without a credential. What is found in it is wrong.

import { CODE } from './benign/code.js';
import { DATA } from './benign/data.js';
import type { Kind } from './benign/data.js';
import { TEXTS } from './benign/texts.js';
import { createRandom } from './random.js';
import { atMost } from './report.js';
import type { Report } from './report.js';
import { plainScrubber, run } from './scrubbing.js';

const MEGABYTE = 1e6;

interface Row {
  readonly kind: Kind;
  bytes: number;
  findings: number;
  /** Lines that were changed though nothing was found, or withheld. */
  changed: number;
  readonly samples: string[];
}

const IMAGES: Kind = { name: 'image blocks', never: true, make: (random) => random.bytes(6000).toString('base64') };

/** `bytesPerKind`: 250,000 for the whole set. */
export function measureBenign(bytesPerKind = 250_000): Report {
  const rows = [...DATA, IMAGES, ...CODE, ...TEXTS].map((kind) => measureKind(kind, bytesPerKind));
  const megabytes = rows.reduce((sum, { bytes }) => sum + bytes, 0) / MEGABYTE;
  const findings = rows.reduce((sum, row) => sum + row.findings, 0);
  const never = rows.filter(({ kind }) => kind.never === true).reduce((sum, row) => sum + row.findings, 0);
  const changed = rows.reduce((sum, row) => sum + row.changed, 0);
  return {
    set: 'B',
    title: `${megabytes.toFixed(1)} MB of text without a credential, ${rows.length} kinds`,
    targets: [
      atMost('findings', 0.5, findings / megabytes, ' per MB'),
      atMost('findings in UUIDs, git and lock hashes, images', 0, never),
      atMost('lines changed without a finding', 0, changed),
    ],
    floors: { perMegabyte: findings / megabytes, never, changed, megabytes },
    tables: [
      {
        title: 'Findings',
        columns: ['kind', 'MB', 'findings', 'per MB'],
        rows: rows.map(({ kind, bytes, findings: found }) => [
          kind.name,
          (bytes / MEGABYTE).toFixed(2),
          String(found),
          ((found * MEGABYTE) / bytes).toFixed(1),
        ]),
      },
      {
        title: 'Samples (shape: a letter, A capital, 0 digit)',
        columns: ['kind', 'finding', 'before', 'shape of what was masked'],
        rows: rows.flatMap(({ kind, samples }) => samples.map((sample) => [kind.name, ...sample.split('\u0000')])),
      },
    ],
    matrix: rows.map(({ kind, ...row }) => ({ kind: kind.name, ...row })),
  };
}

/** Each kind has its own random numbers: a new kind changes none of the others. */
function measureKind(kind: Kind, most: number): Row {
  const random = createRandom(`benign ${kind.name}`);
  const scrubber = plainScrubber();
  const row: Row = { kind, bytes: 0, findings: 0, changed: 0, samples: [] };
  for (let at = 0; row.bytes < most; at++) {
    for (const { line, plain } of linesOf(kind, kind.make(random), at)) {
      const input = Buffer.from(line);
      const original = Buffer.from(input);
      const { bytes, findings, withheld } = run(scrubber, input, plain);
      row.bytes += original.length;
      row.findings += findings;
      if (withheld || (findings === 0 && !bytes.equals(original))) row.changed += 1;
      if (findings > 0 && row.samples.length < 4) row.samples.push(sampleOf(line, bytes.toString()));
    }
  }
  return row;
}

/** In turn: a text block, structured rows, and lines as a server writes them on stderr. */
function linesOf(kind: Kind, text: string, at: number): { line: string; plain: boolean }[] {
  const message = (result: unknown): { line: string; plain: boolean } => ({
    line: JSON.stringify({ jsonrpc: '2.0', id: at, result }),
    plain: false,
  });
  if (kind === IMAGES) return [message({ content: [{ type: 'image', mimeType: 'image/png', data: text }] })];
  if (at % 3 === 0) return [message({ content: [{ type: 'text', text }] })];
  if (at % 3 === 1) return [message({ structuredContent: { rows: text.split('\n').map((line) => ({ line })) } })];
  return text.split('\n').map((line) => ({ line, plain: true }));
}

/** Name, what stands before, and the shape of what was masked: enough to find the rule, and no text of a token's look. */
function sampleOf(line: string, output: string): string {
  let from = 0;
  while (line[from] === output[from]) from += 1;
  const name = /\[REDACTED:([^\]]*)\]/.exec(output.slice(Math.max(0, from - 10)))?.[1] ?? 'REDACTED';
  const shape = line
    .slice(from, from + 40)
    .replace(/[a-z]/g, 'a')
    .replace(/[A-Z]/g, 'A')
    .replace(/\d/g, '0');
  const before = line.slice(Math.max(0, from - 30), from);
  return [name, before, shape].map((part) => part.replaceAll('\n', '⏎')).join('\u0000');
}
