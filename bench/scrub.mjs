// What the scrubber costs, beside JSON.parse on the same lines in the same run: `npm run bench:scrub [-- MEGABYTES]`.
// Rounds are interleaved and medians compared: only the ratios mean something on a shared machine.

import { anchorsOf } from '../dist/src/scrub/detectors/literals.js';
import { DETECTORS } from '../dist/src/scrub/detectors/index.js';
import { placementOf } from '../dist/src/scrub/scan/placement.js';
import { createScan } from '../dist/src/scrub/scan/scan.js';
import { createScrubber, knownValuesOf } from '../dist/src/scrub/scrubber.js';
import { corpus, createRandom } from './corpus.mjs';

const MEGABYTE = 1e6;
const megabytes = Number(process.argv[2] ?? 50);
const rounds = Number(process.argv[3] ?? 7);
if (!(megabytes > 0) || !(rounds > 0)) throw new RangeError('usage: bench/scrub.mjs [MEGABYTES] [ROUNDS]');

const random = createRandom(7);
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const password = random.text(24, LETTERS);
const url = ['postgres', `://app:${random.text(20, LETTERS)}@db.example.net:5432/shop`].join('');
const values = [
  ...knownValuesOf('db.password', password),
  ...knownValuesOf('db.url', url),
  ...knownValuesOf('api.key', ['sk', random.text(40, LETTERS)].join('-')),
];
const planted = [password, url, Buffer.from(password).toString('base64'), ['ghp', random.text(36, LETTERS)].join('_')];
const scrubber = createScrubber(values);

const print = (line) => process.stdout.write(`${line}\n`);
const median = (list) => list.toSorted((one, other) => one - other)[Math.floor(list.length / 2)];
const secondsOf = (work) => {
  const from = performance.now();
  work();
  return (performance.now() - from) / 1000;
};

/** Medians by name; each round runs everything once, after one round to warm up. */
function compare(candidates) {
  const times = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, work] of Object.entries(candidates)) {
      const seconds = secondsOf(work);
      if (round >= 0) times[name].push(seconds);
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, list]) => [name, median(list)]));
}

const over = (lines, each) => () => {
  for (const line of lines) each(line);
};
const reserialise = (line) => Buffer.from(JSON.stringify(JSON.parse(line.toString())));
const bytesOf = (lines) => lines.reduce((sum, line) => sum + line.length, 0);

// What all detectors look for, in both engines.
const anchors = anchorsOf(DETECTORS);
const scanOptions = {
  ...anchors,
  placements: anchors.literals.map(placementOf),
};
const wasmScan = createScan(scanOptions);
const plainScan = createScan(scanOptions, { Module: Array.of, Instance: Array.of });
const visitAll = (scan) => (line) => scan.each(line, () => false);

print(`${megabytes} MB per corpus, ${rounds} rounds, Node ${process.version}; throughput as a multiple of JSON.parse`);
for (const variant of ['database', 'clean', 'hostile', 'findings']) table(variant);
const secretlint = await loadSecretlint();
await smallMessages();
slowPath();
worstLines();
memory();

function table(variant) {
  const lines = corpus(megabytes * MEGABYTE, variant, planted);
  const hit = lines.filter((line) => scrubber.message(line).bytes !== line).length;
  const candidates = {
    'JSON.parse': over(lines, (line) => JSON.parse(line.toString())),
    'parse + stringify': over(lines, reserialise),
    [`scan, ${wasmScan.engine}`]: over(lines, visitAll(wasmScan)),
    [`scan, ${plainScan.engine}`]: over(lines, visitAll(plainScan)),
    'scrubber.message': over(lines, (line) => scrubber.message(line)),
  };
  const times = compare(candidates);
  print(`\n${variant}: ${lines.length} lines, ${hit} with findings`);
  for (const [name, seconds] of Object.entries(times)) {
    const speed = bytesOf(lines) / MEGABYTE / seconds;
    const ratios = [times['JSON.parse'] / seconds, times['parse + stringify'] / seconds];
    const [parse, both] = ratios.map((ratio) => ratio.toFixed(2).padStart(6));
    print(`  ${name.padEnd(28)} ${parse} x parse  ${both} x parse+stringify  ${speed.toFixed(0).padStart(6)} MB/s`);
  }
}

/** Its own way to look at one text; absent unless someone has installed it. */
async function loadSecretlint() {
  try {
    const [{ lintSource }, { creator }] = await Promise.all([
      import('@secretlint/core'),
      import('@secretlint/secretlint-rule-preset-recommend'),
    ]);
    const config = { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} }] };
    return (content) =>
      lintSource({
        source: { content, filePath: 'line.json', ext: '.json', contentType: 'text' },
        options: { config },
      });
  } catch {
    return undefined;
  }
}

async function smallMessages() {
  const line = Buffer.from(
    JSON.stringify({ jsonrpc: '2.0', id: 7, result: { content: [{ type: 'text', text: 'rows: '.repeat(30) }] } }),
  );
  const times = 20_000;
  const repeat = (work) => () => {
    for (let index = 0; index < times; index++) work(line);
  };
  const { parse, scrub } = compare({
    parse: repeat((bytes) => JSON.parse(bytes.toString())),
    scrub: repeat((bytes) => scrubber.message(bytes)),
  });
  const micros = (seconds) => `${((seconds / times) * 1e6).toFixed(2)} us`;
  print(`\nsmall clean message, ${line.length} B: scrubber ${micros(scrub)}, JSON.parse ${micros(parse)}`);
  if (secretlint === undefined) {
    print('secretlint: not installed, left out');
    return;
  }
  const lines = corpus(MEGABYTE, 'hostile');
  const from = performance.now();
  for (const each of lines) await secretlint(each.toString());
  const theirs = (performance.now() - from) / 1000;
  const { ours, base } = compare({
    ours: over(lines, (each) => scrubber.message(each)),
    base: over(lines, (each) => JSON.parse(each.toString())),
  });
  print(
    `1 MB of hostile lines: secretlint ${(base / theirs).toFixed(3)} x parse, scrubber ${(base / ours).toFixed(2)} x`,
  );
}

/** Lines that all hold something: nothing is saved by looking first. */
function slowPath() {
  const lines = corpus(megabytes * MEGABYTE, 'findings', planted).filter(
    (line) => scrubber.message(line).findings.length > 0,
  );
  const { scrub, parse } = compare({
    parse: over(lines, (line) => JSON.parse(line.toString())),
    scrub: over(lines, (line) => scrubber.message(line)),
  });
  const size = bytesOf(lines) / MEGABYTE;
  print(`slow path, ${size.toFixed(1)} MB of lines with findings: ${(size / scrub).toFixed(0)} MB/s`);
  print(`  ${(parse / scrub).toFixed(2)} x parse`);
}

/** One line of 1 MB that makes somebody work. */
function worstLines() {
  const fill = (piece) => piece.repeat(Math.ceil(MEGABYTE / piece.length));
  const texts = {
    'password=': fill('password='),
    'near misses of a value': fill(password.slice(0, -13)),
    '://a:': fill('://a:'),
    'escapes \\u0041': fill('\\u0041'),
    'percent %41': fill('%41'),
    backslashes: fill('\\'),
    'base64 letters': random.text(MEGABYTE, LETTERS),
    'hex digits': random.text(MEGABYTE, '0123456789abcdef'),
    'key: value': fill('secret_key: "${SECRET_KEY}", '),
    prefixes: fill(['ghp', '_'].join('')),
  };
  print('\nworst line, ms per MB of the line');
  for (const [name, text] of Object.entries(texts)) {
    const line = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } }));
    const times = [0, 1, 2].map(() => secondsOf(() => scrubber.message(line)));
    print(`  ${name.padEnd(28)} ${((median(times) * 1000) / (line.length / MEGABYTE)).toFixed(1).padStart(7)}`);
  }
}

/** What a clean line of 64 MB adds to the memory of the process. */
function memory() {
  const line = Buffer.from(
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      result: { content: [{ type: 'text', text: 'clean '.repeat(10_600_000) }] },
    }),
  );
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  for (let round = 0; round < 3; round++) {
    scrubber.message(line);
    most = Math.max(most, process.memoryUsage.rss());
  }
  print(
    `\na clean line of ${(line.length / MEGABYTE).toFixed(0)} MB, three times: RSS +${((most - before) / MEGABYTE).toFixed(1)} MB`,
  );
}
