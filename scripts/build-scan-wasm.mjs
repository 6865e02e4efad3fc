// Writes src/scrub/scan/module.ts: the WebAssembly module of the literal scan, assembled here by hand and kept as base64, so
// that nobody needs a toolchain and a published file needs no second file. `--check` only says whether it is fresh.
//
// scan(from, to) and sweep(from, to) look at every position of the window in the module's memory and list those where the
// mark of a
// literal may stand. See src/scrub/scan/layout.ts for the memory and src/scrub/scan/wasm.ts for what fills it.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TARGET = fileURLToPath(new URL('../src/scrub/scan/module.ts', import.meta.url));

/** Where things lie in the memory; src/scrub/scan/layout.ts says the same. */
const LAYOUT = { resume: 256, kinds: 4096, bits: 36_864, list: 45_056, listLength: 4096, pages: 2 };
const MULTIPLIERS = { first: 0x9e3779b1, second: 0x85ebca6b };

const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;

const unsigned = (value) => {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
};
const signed = (value) => {
  const bytes = [];
  for (let rest = value | 0; ; rest >>= 7) {
    const byte = rest & 0x7f;
    if ((rest >> 7 === 0 && (byte & 0x40) === 0) || (rest >> 7 === -1 && (byte & 0x40) !== 0)) return [...bytes, byte];
    bytes.push(byte | 0x80);
  }
};
const simd = (code) => [0xfd, ...unsigned(code)];

const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const tee = (local) => [0x22, local];
const i32 = (value) => [0x41, ...signed(value)];
const load32 = (offset) => [0x28, 0, ...unsigned(offset)];
const load8 = (offset) => [0x2d, 0, ...unsigned(offset)];
const store32 = (offset) => [0x36, 0, ...unsigned(offset)];
const loadVector = (offset) => [...simd(0), 0, ...unsigned(offset)];
const splat = (byte) => [...simd(0x0c), ...Array.from({ length: 16 }, () => byte)];
const ADD = [0x6a];
const SUB = [0x6b];
const MUL = [0x6c];
const AND = [0x71];
const OR = [0x72];
const SHIFT = [0x76];
const EQUALS_ZERO = [0x45];
const LESS = [0x49];
const EQUAL = [0x46];
const TRAILING_ZEROS = [0x68];
const SWIZZLE = simd(0x0e);
const NOT_EQUAL_BYTES = simd(0x24);
const VECTOR_AND = simd(0x4e);
const VECTOR_OR = simd(0x50);
const ANY_TRUE = simd(0x53);
const BITMASK = simd(0x64);
const SHIFT_BYTES = simd(0x6d);
const RETURN = [0x0f];
const END = [0x0b];
const block = (...body) => [0x02, VOID, ...body.flat(), ...END];
const loop = (...body) => [0x03, VOID, ...body.flat(), ...END];
const when = (...body) => [0x04, VOID, ...body.flat(), ...END];
const branch = (depth) => [0x0c, depth];
const branchIf = (depth) => [0x0d, depth];

// Locals: the two parameters, five numbers, then vectors.
const [FROM, TO, COUNT, MASK, AT, KEY, KIND] = [0, 1, 2, 3, 4, 5, 6];
const NUMBERS = 5;
const LOW = 7;
const HIGH = 11;
const TABLES = 15;
const VECTORS = 4 + 4 + 16 + 1;
const FOUND = TABLES + 16;

/** The buckets (8 of 16) of which all four bytes fit, one bit each, for the 16 positions of the vector. */
function bucketsOf(group) {
  const halves = [];
  for (let byte = 0; byte < 4; byte++) {
    const table = TABLES + group * 8 + byte * 2;
    halves.push([...get(table), ...get(LOW + byte), ...SWIZZLE, ...get(table + 1), ...get(HIGH + byte), ...SWIZZLE]);
  }
  return [...halves[0], ...VECTOR_AND, ...halves.slice(1).flatMap((half) => [...half, ...VECTOR_AND, ...VECTOR_AND])];
}

const loadTables = Array.from({ length: 16 }, (_, index) => [
  ...i32(0),
  ...loadVector(index * 16),
  ...set(TABLES + index),
]);

const split = [0, 1, 2, 3].map((byte) => [
  ...get(FROM),
  ...loadVector(byte),
  ...tee(FOUND),
  ...splat(15),
  ...VECTOR_AND,
  ...set(LOW + byte),
  ...get(FOUND),
  ...i32(4),
  ...SHIFT_BYTES,
  ...set(HIGH + byte),
]);

/** Letter case is folded away, roughly: the literals themselves are compared elsewhere. */
const hashPrefix = [
  ...get(AT),
  ...load32(0),
  ...i32(0xffffff),
  ...AND,
  ...i32(0x202020),
  ...OR,
  ...i32(MULTIPLIERS.first),
  ...MUL,
  ...i32(17),
  ...SHIFT,
  ...load8(LAYOUT.kinds),
  ...set(KIND),
];
const hashFour = [
  ...get(AT),
  ...load32(0),
  ...i32(0x20202020),
  ...OR,
  ...i32(MULTIPLIERS.second),
  ...MUL,
  ...i32(16),
  ...SHIFT,
  ...set(KEY),
];
const bitIsUnset = [
  ...get(KEY),
  ...i32(3),
  ...SHIFT,
  ...load8(LAYOUT.bits),
  ...get(KEY),
  ...i32(7),
  ...AND,
  ...SHIFT,
  ...i32(1),
  ...AND,
  ...EQUALS_ZERO,
];

const record = [
  ...get(COUNT),
  ...i32(LAYOUT.listLength),
  ...EQUAL,
  ...when([...i32(0), ...get(AT), ...store32(LAYOUT.resume), ...get(COUNT), ...RETURN]),
  ...get(COUNT),
  ...i32(4),
  ...MUL,
  ...get(AT),
  ...store32(LAYOUT.list),
  ...get(COUNT),
  ...i32(1),
  ...ADD,
  ...set(COUNT),
];

const examine = block(
  [...hashPrefix, ...get(KIND), ...EQUALS_ZERO, ...branchIf(0)],
  [...get(KIND), ...i32(1), ...EQUAL],
  when([...hashFour, ...bitIsUnset, ...branchIf(1)]),
  record,
);

/** Each position of the vector that is left in the mask. */
const candidates = loop([...get(FROM), ...get(MASK), ...TRAILING_ZEROS, ...ADD, ...set(AT)], examine, [
  ...get(MASK),
  ...get(MASK),
  ...i32(1),
  ...SUB,
  ...AND,
  ...tee(MASK),
  ...branchIf(0),
]);

/** With few literals: vectors first. */
const scan = [
  ...loadTables.flat(),
  ...block(
    loop(
      [...get(FROM), ...get(TO), ...LESS, ...EQUALS_ZERO, ...branchIf(1)],
      split.flat(),
      [...bucketsOf(0), ...bucketsOf(1), ...VECTOR_OR, ...tee(FOUND), ...ANY_TRUE],
      when([...get(FOUND), ...splat(0), ...NOT_EQUAL_BYTES, ...BITMASK, ...set(MASK)], candidates),
      [...get(FROM), ...i32(16), ...ADD, ...set(FROM)],
      branch(0),
    ),
  ),
  ...i32(0),
  ...get(TO),
  ...store32(LAYOUT.resume),
  ...get(COUNT),
  ...END,
];

const kindAhead = (ahead) => [
  ...get(FROM),
  ...load32(ahead),
  ...i32(0xffffff),
  ...AND,
  ...i32(0x202020),
  ...OR,
  ...i32(MULTIPLIERS.first),
  ...MUL,
  ...i32(17),
  ...SHIFT,
  ...load8(LAYOUT.kinds),
];
const STEP = 4;

/** With many literals, when the vectors would let nearly everything through: the hash of every place. */
const sweep = [
  ...block(
    loop(
      [...get(FROM), ...get(TO), ...LESS, ...EQUALS_ZERO, ...branchIf(1)],
      kindAhead(0),
      [1, 2, 3].flatMap((ahead) => [...kindAhead(ahead), ...OR]),
      when(
        [...get(FROM), ...set(AT)],
        loop(
          examine,
          [...get(AT), ...i32(1), ...ADD, ...tee(AT)],
          [...get(FROM), ...i32(STEP), ...ADD, ...LESS, ...branchIf(0)],
        ),
      ),
      [...get(FROM), ...i32(STEP), ...ADD, ...set(FROM)],
      branch(0),
    ),
  ),
  ...i32(0),
  ...get(TO),
  ...store32(LAYOUT.resume),
  ...get(COUNT),
  ...END,
];

const name = (text) => [text.length, ...Buffer.from(text)];
const section = (id, content) => [id, ...unsigned(content.length), ...content];
const sized = (content) => [...unsigned(content.length), ...content];
const scanCode = [2, NUMBERS, I32, VECTORS, V128, ...scan];
const sweepCode = [1, NUMBERS, I32, ...sweep];

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const module = Buffer.from([
  ...HEADER,
  ...section(1, [1, 0x60, 2, I32, I32, 1, I32]),
  ...section(3, [2, 0, 0]),
  ...section(5, [1, 1, LAYOUT.pages, LAYOUT.pages]),
  ...section(7, [3, ...name('memory'), 2, 0, ...name('scan'), 0, 0, ...name('sweep'), 0, 1]),
  ...section(10, [2, ...sized(scanCode), ...sized(sweepCode)]),
]);

const lines = module.toString('base64').match(/.{1,112}/g) ?? [];
const text = `// Made by scripts/build-scan-wasm.mjs, which holds the source of this module. Do not edit.

export const MODULE = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('');
`;

if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) {
    process.stderr.write('src/scrub/scan/module.ts is stale: run node scripts/build-scan-wasm.mjs\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(TARGET, text);
}
