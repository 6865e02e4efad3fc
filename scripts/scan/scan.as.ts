// The literal scan, in AssemblyScript: compiled to the WebAssembly that src/scrub/scan/module.ts holds, by
// scripts/build-scan-wasm.mjs. src/scrub/scan/layout.ts says what lies where in the memory and what an entry of the list
// means; src/scrub/scan/twin.ts does the same in plain JavaScript, and a test compares the two.
//
// One pass over the window, 64 bytes at a time:
//   1. Where may the mark of a literal stand? Tables by the low half of four bytes, 24 buckets ("Teddy", from the Hyperscan project), then
//      two hashes.
//   2. Where does a long run of the characters of base64 begin, in either alphabet? There stand the tokens of vendors, base64 and
//      hexadecimal: the run's first bytes, and the name before it, say whether somebody must look more closely.

/** Classes by columns and rows, for 16 bytes at a time. */
const RUN_ROWS: usize = 2048;
const WRAP_ROWS: usize = 2080;
const TABLES: usize = 0;
const RESUME: usize = 240;
const CLASSES: usize = 256;
/** What a character of base64 stands for. */
const VALUES: usize = 512;
const SHORTS: usize = 4096;
/** Not zero when `://` is a mark. */
const HAS_URI: usize = 244;
const FOURS: usize = 36864;
const PREFIXES: usize = 45056;
const NAMES: usize = 53248;
const LIST: usize = 149504;
const LONG_PREFIXES: usize = 215040;
const WORDS: usize = 223232;
const SURE: usize = 231424;
const LIST_LENGTH: i32 = 16384;
/** For each 64 bytes of the window, where marks may stand and where runs are. */
const MASKS: usize = 65536;
/** The places of the marks in a part of the window. */
const PLACES: usize = 66560;
/** So much is looked at in one go. */
const PART: usize = 4096;
/** Hardly any part makes more entries. */
const MOST: i32 = 8192;
/** Stands at RESUME when one did. */
const OVERFLOW: u32 = 0xffffffff;

// Bits of CLASSES.
const GROUP_FIRST: u32 = 1;
const GROUP_SECOND: u32 = 2;
const GROUP_THIRD: u32 = 4;
const TEXT_DIGIT: u32 = 8;
const HEX_DIGIT: u32 = 16;
const RUN: u32 = 32;
const BETWEEN: u32 = 64;
const AUTHORITY: u32 = 128;

// What an entry is, above its place.
const PREFIX: u32 = 1 << 28;
const BASE64: u32 = 2 << 28;
const HEXADECIMAL: u32 = 3 << 28;
const NAMED: u32 = 4 << 28;

/** Shorter runs hold no token that is looked for in this way. */
const LONG: i32 = 20;
/** `/` and `+` farther behind the beginning of a run are those of base64, and no beginning of anything. */
const NEAR_START: i32 = 64;
const LONGEST_NAME: i32 = 48;
/** As in JSON in JSON in JSON. */
const LONGEST_GAP: i32 = 40;
/** Less than what is kept before the window. */
const FARTHEST_NAME: i32 = 160;
const LONGEST_WORD: i32 = 60;
const LONGEST_LOGIN: i32 = 100;
const LONGEST_QUOTE: i32 = 12;
const LONGEST_CALL: i32 = 24;
const LONGEST_ESCAPE: usize = 8;
const LONGEST_USER: i32 = 128;
const LOOK_BACK: i32 = 36;

let count: i32 = 0;
/** The block whose runs were looked at last, and they. */
let lastBlock: usize = 0;
let lastRun: u64 = 0;
/** How much of a run stood before it. */
let lastLength: i32 = 0;

@inline function add(entry: u32): void {
  if (count < LIST_LENGTH) store<u32>(LIST + (<usize>count << 2), entry);
  count++;
}

@inline function classOf(at: usize): u32 {
  return load<u8>(CLASSES + load<u8>(at));
}

@inline function bitOf(table: usize, hash: u32): u32 {
  return (<u32>load<u8>(table + (hash >> 3)) >> (hash & 7)) & 1;
}

/** What shares a hash with a mark, a name or a long prefix by chance does so hardly ever twice. */
@inline function isSure(word: u32): bool {
  return has(SURE, (word * 0xc2b2ae35) >> 16);
}

@inline function has(table: usize, hash: u32): bool {
  return bitOf(table, hash) != 0;
}

/** Of three bytes, letter case folded away; below 32,768. */
@inline function hashOfThree(word: u32): u32 {
  return (((word & 0xffffff) | 0x202020) * 0x9e3779b1) >> 17;
}

/** Of four bytes, likewise; below 65,536. */
@inline function hashOfFour(word: u32): u32 {
  return ((word | 0x20202020) * 0x85ebca6b) >> 16;
}

/** Of three bytes as they are; below 65,536. */
@inline function hashOfPrefix(word: u32): u32 {
  return ((word & 0xffffff) * 0x9e3779b1) >> 16;
}

/** Of four bytes as they are; below 65,536. */
@inline function hashOfLongPrefix(word: u32): u32 {
  return (word * 0x9e3779b1) >> 16;
}

/** Finds what there is between two places; where it had to stop for want of room is left at RESUME. */
export function scan(from: usize, to: usize): i32 {
  count = 0;
  lastBlock = 0;
  let before = unbrokenBefore(from);
  let part = from;
  for (; part < to && count <= LIST_LENGTH - MOST; part += PART) {
    const end = min(part + PART, to);
    mark(part, end);
    examineAll(part, end);
    let masks = MASKS;
    for (let block = part; block < end; block += 64, masks += 16) {
      const run = load<u64>(masks, 8);
      const first = run == u64.MAX_VALUE ? 64 : <i32>ctz(~run);
      if (withFollowers(run) != 0 || (first > 0 && before + first >= LONG)) lookAtRuns(block, run, before);
      before = run == u64.MAX_VALUE ? 64 : <i32>clz(~run);
    }
  }
  store<u32>(RESUME, count > LIST_LENGTH ? OVERFLOW : <u32>(part < to ? part : to));
  return count;
}

/**
 * All places that are marked are written down first, some for nothing; then all are compared by their hashes, and the few that
 * are left are looked at: so no branch is hard to foresee.
 */
function examineAll(from: usize, to: usize): void {
  let places = PLACES;
  let masks = MASKS;
  for (let block = from; block < to; block += 64, masks += 16) {
    let found = load<u64>(masks);
    const next = places + (<usize>popcnt(found) << 2);
    for (; places < next; places += 16) {
      store<u32>(places, <u32>block + <u32>ctz(found));
      found &= found - 1;
      store<u32>(places, <u32>block + <u32>ctz(found), 4);
      found &= found - 1;
      store<u32>(places, <u32>block + <u32>ctz(found), 8);
      found &= found - 1;
      store<u32>(places, <u32>block + <u32>ctz(found), 12);
      found &= found - 1;
    }
    places = next;
  }
  let left = PLACES;
  for (let place = PLACES; place < places; place += 4) {
    const at = load<u32>(place);
    const word = load<u32>(<usize>at);
    store<u32>(left, at);
    left += <usize>(bitOf(FOURS, hashOfFour(word)) | bitOf(SHORTS, hashOfThree(word))) << 2;
  }
  for (let place = PLACES; place < left; place += 4) examine(<usize>load<u32>(place));
}

/**
 * For each 64 bytes two masks: where the mark of a literal may stand, and what no run goes beyond. Nothing is called here, so
 * that the tables stay in registers.
 */
function mark(from: usize, to: usize): void {
  const a0 = v128.load(TABLES), a1 = v128.load(TABLES + 16), a2 = v128.load(TABLES + 32), a3 = v128.load(TABLES + 48);
  const b0 = v128.load(TABLES + 64), b1 = v128.load(TABLES + 80), b2 = v128.load(TABLES + 96), b3 = v128.load(TABLES + 112);
  const c0 = v128.load(TABLES + 128), c1 = v128.load(TABLES + 144), c2 = v128.load(TABLES + 160), c3 = v128.load(TABLES + 176);
  let masks = MASKS;
  for (let block = from; block < to; block += 64, masks += 16) {
    let none: u64 = 0;
    let run: u64 = 0;
    for (let part: usize = 0; part < 64; part += 16) {
      const at = block + part;
      const bytes = v128.load(at);
      const next = v128.load(at, 1);
      const h0 = v128.and(bytes, i8x16.splat(15)), h1 = v128.and(next, i8x16.splat(15));
      const third = v128.load(at, 3);
      const h2 = v128.and(v128.load(at, 2), i8x16.splat(15)), h3 = v128.and(third, i8x16.splat(15));
      const a = v128.and(v128.and(i8x16.swizzle(a0, h0), i8x16.swizzle(a1, h1)), v128.and(i8x16.swizzle(a2, h2), i8x16.swizzle(a3, h3)));
      const b = v128.and(v128.and(i8x16.swizzle(b0, h0), i8x16.swizzle(b1, h1)), v128.and(i8x16.swizzle(b2, h2), i8x16.swizzle(b3, h3)));
      const c = v128.and(v128.and(i8x16.swizzle(c0, h0), i8x16.swizzle(c1, h1)), v128.and(i8x16.swizzle(c2, h2), i8x16.swizzle(c3, h3)));
      // `$`, `%` and `&` begin many marks, and so does a backslash before `x`, 0 or 1, or before a line break and one character;
      // `\xc2` and `\xe2` begin characters of no width.
      const sign = i8x16.sub(bytes, i8x16.splat(0x24));
      const lineEnd = v128.or(i8x16.eq(next, i8x16.splat(0x6e)), i8x16.eq(next, i8x16.splat(0x72)));
      const lone = v128.and(lineEnd, i8x16.eq(third, i8x16.splat(0x5c)));
      const octal = i8x16.eq(v128.and(next, i8x16.splat(-106)), i8x16.splat(0x10));
      const escape = v128.and(i8x16.eq(bytes, i8x16.splat(0x5c)), v128.or(octal, lone));
      const lead = i8x16.eq(v128.and(bytes, i8x16.splat(-33)), i8x16.splat(-62));
      const signs = v128.or(v128.or(i8x16.eq(i8x16.min_u(sign, i8x16.splat(2)), sign), escape), lead);
      none |= (<u64>i8x16.bitmask(v128.andnot(i8x16.eq(v128.or(v128.or(a, b), c), i8x16.splat(0)), signs))) << part;
      const breaks = v128.or(i8x16.eq(bytes, i8x16.splat(0x2e)), i8x16.eq(bytes, i8x16.splat(0x3a)));
      run |= (<u64>i8x16.bitmask(v128.andnot(i8x16.gt_s(bytes, i8x16.splat(0x2a)), breaks))) << part;
    }
    store<u64>(masks, ~none);
    store<u64>(masks, run, 8);
  }
}

function unbrokenBefore(at: usize): i32 {
  let length = 0;
  while (length < 64) {
    if (!isUnbroken(load<u8>(at - 1 - length))) break;
    length++;
  }
  return length;
}

@inline function examine(at: usize): void {
  const word = load<u32>(at);
  if (has(SHORTS, hashOfThree(word))) {
    if ((word & 0xffffff) == 0x2f2f3a && load<u8>(HAS_URI) != 0 && !hasUser(at + 3)) return;
  } else if (!isSure(word | 0x20202020) || (has(WORDS, hashOfFour(word)) && isProse(at))) return;
  add(<u32>at);
}

/**
 * Whether the word around a mark is only mentioned: what follows gives it no value; a space and another word follow it; or it
 * ends a clause or a string and another word stands before it. What a command line gives a value to is none: `--password x`, `ENV PASSWORD x`, `login u
 * password x`; nor what SQL does, `PASSWORD E'x'`, `SET PASSWORD FOR u = 'x'`.
 */
function isProse(mark: usize): bool {
  let end = mark;
  for (const limit = mark + LONGEST_WORD; end < limit && isWordPart(load<u8>(end)); end++);
  if (isGivenNothing(end)) return true;
  const behind: u32 = load<u8>(end);
  const goesOn = behind == 0x20 && isText(load<u8>(end + 1)) && (isWordPart(load<u8>(end + 2)) || load<u8>(end + 2) >= 0x80);
  if (!goesOn && !endsClause(end)) return false;
  let start = mark;
  for (const limit = mark - LONGEST_WORD; start > limit && (isWordPart(load<u8>(start - 1)) || load<u8>(start - 1) == 0x2e); start--);
  const ahead: u32 = load<u8>(start - 1);
  // `(!x.password)`
  if (behind == 0x29 && (ahead == 0x28 || ahead == 0x21)) return true;
  const follows = ahead == 0x20 && isLetter(load<u8>(start - 2));
  if (load<u8>(start) == 0x2d || !(goesOn || follows)) return false;
  const before = load<u32>(start - 4);
  // `ENV `, `SET `
  return before != 0x20564e45 && (before | 0x20202020) != 0x20746573 && !(goesOn && isLogin(start));
}

/** Whether what follows the word says that no value is given to it: `.x`, `(x)`, `: {`, `: word,`, `"]` at the end of a line. */
function isGivenNothing(end: usize): bool {
  const byte: u32 = load<u8>(end);
  // `#`, `/`, `@`, `[`, `^`, `{`, `~`
  if (byte == 0x23 || byte == 0x2f || byte == 0x40 || byte == 0x5b || byte == 0x5e || byte == 0x7b || byte == 0x7e) return true;
  if (byte == 0x2e) return load<u8>(end + 1) != 0x3d;
  if (byte == 0x28) return !opensLiteral(end + 1);
  let at = end;
  const limit = end + LONGEST_QUOTE;
  while (at < limit && isQuote(load<u8>(at))) at++;
  if (load<u8>(at) == 0x5d && at > end) return load<u8>(at + 1) == 0x0a || (load<u8>(at + 1) == 0x5c && load<u8>(at + 2) == 0x6e);
  if (load<u8>(at) != 0x3a) return false;
  at++;
  const isSpaced = load<u8>(at) == 0x20;
  while (at < limit && load<u8>(at) == 0x20) at++;
  return load<u8>(at) == 0x7b || (isSpaced && isBareWord(at));
}

/** A quote, or what may encode one, over letters, blanks and parentheses. */
function opensLiteral(from: usize): bool {
  let at = from;
  const limit = from + LONGEST_CALL;
  for (; at < limit; at++) {
    const byte: u32 = load<u8>(at);
    if (!isLetter(byte) && byte != 0x20 && byte != 0x28 && byte != 0x40 && byte != 0x5f) break;
  }
  const byte: u32 = load<u8>(at);
  return at == limit || isQuote(byte) || byte == 0x25 || byte == 0x26 || byte == 0;
}

/** Letters, dots and `_` before `(`, `)`, `,` or `;`. */
function isBareWord(from: usize): bool {
  let at = from;
  const limit = from + LONGEST_WORD;
  for (; at < limit; at++) {
    const byte: u32 = load<u8>(at);
    if (!isLetter(byte) && byte != 0x2e && byte != 0x5f) break;
  }
  const byte: u32 = load<u8>(at);
  return at > from && (byte == 0x28 || byte == 0x29 || byte == 0x2c || byte == 0x3b);
}

/** A letter, also beyond ASCII: but nothing that may be a character of no width. */
@inline function isText(byte: u32): bool {
  return isLetter(byte) || (byte > 0xc2 && byte != 0xe2 && byte != 0xef);
}

/** `.`, `,`, `;` or `)`; or a quote with such a sign behind it. */
function endsClause(end: usize): bool {
  let at = end;
  for (const limit = end + 8; at < limit && isQuote(load<u8>(at)); at++);
  const byte: u32 = load<u8>(at);
  if (byte == 0x2c || byte == 0x3b || byte == 0x29) return true;
  return at == end ? byte == 0x2e : byte == 0x7d || byte == 0x5d;
}

@inline function isQuote(byte: u32): bool {
  return byte == 0x22 || byte == 0x27 || byte == 0x60 || byte == 0x5c;
}

/** `login USER password x` */
function isLogin(start: usize): bool {
  let at = start - 1;
  const limit = start - LONGEST_LOGIN;
  while (at > limit && load<u8>(at) == 0x20) at--;
  while (at > limit && load<u8>(at) > 0x20) at--;
  while (at > limit && load<u8>(at) == 0x20) at--;
  return (load<u32>(at - 4) | 0x20202020) == 0x69676f6c && (load<u8>(at) | 0x20) == 0x6e;
}

@inline function isWordPart(byte: u32): bool {
  return isLetter(byte) || isDigit(byte) || byte == 0x5f || byte == 0x2d;
}

@inline function isLetter(byte: u32): bool {
  return ((byte | 0x20) - 0x61) < 26;
}

/** Whether what stands behind `://` goes on to `:` or `@` before its authority ends. */
function hasUser(at: usize): bool {
  for (let end = at + LONGEST_USER; at < end; at++) {
    if ((classOf(at) & AUTHORITY) != 0) continue;
    const byte = load<u8>(at);
    if (byte == 0x5c) return load<u8>(at + 1) == 0x75 || load<u8>(at + 1) == 0x78;
    return byte == 0x3a || byte == 0x40;
  }
  return true;
}

/** The runs that are long, of the characters of base64 in both alphabets, as far as they lie in the block. */
function lookAtRuns(block: usize, unbroken: u64, before: i32): void {
  if (isOneUuid(block, unbroken, before)) return;
  const run = classIn(block, RUN_ROWS);
  const length = lastBlock + 64 == block ? lengthAtEnd(lastRun, lastLength) : runBefore(block);
  lastBlock = block;
  lastRun = run;
  lastLength = length;
  const joints = equalIn(block, 0x2d, 0x5f);
  // Deep in base64, as images are.
  if (run == u64.MAX_VALUE && length >= NEAR_START) {
    lookAtJoints(block, joints);
    return;
  }
  lookAtEscapes(block, before);
  lookAtBlock(block, run, joints, length);
}

/** A backslash breaks a run, and nothing that is unbroken. */
function lookAtEscapes(block: usize, before: i32): void {
  if (before > 0 && before < LONG) for (let at = block - before; at < block; at++) if (load<u8>(at) == 0x5c) lookAtJoined(at);
  for (let left = equalIn(block, 0x5c, 0x5c); left != 0; left &= left - 1) lookAtJoined(block + <usize>ctz(left));
}

/** A run that is too short for itself, and goes on behind an escaped `/`. */
function lookAtJoined(escape: usize): void {
  if (backslashes(escape) == 0) return;
  let start = escape;
  while (start > escape - LONG && (classOf(start - 1) & RUN) != 0) start--;
  if (start == escape || start == escape - LONG) return;
  // The part behind such a slash was looked at before.
  if (load<u8>(start - 1) == 0x5c && load<u8>(start) == 0x2f) return;
  let length = <i32>(escape - start);
  let at = escape;
  for (;;) {
    const more = backslashes(at);
    if (more == 0) return;
    at += more;
    while (length < LONG && (classOf(at) & RUN) != 0) {
      at++;
      length++;
    }
    if (length >= LONG) break;
  }
  lookAtParts(start, escape);
}

/** How many stand before a `/`; 0 when something else follows them. */
function backslashes(at: usize): usize {
  let length: usize = 0;
  while (length < LONGEST_ESCAPE && load<u8>(at + length) == 0x5c) length++;
  return load<u8>(at + length) == 0x2f ? length : 0;
}

function lookAtBlock(block: usize, run: u64, joints: u64, before: i32): void {
  const long = withFollowers(run);
  const first = run == u64.MAX_VALUE ? 64 : <i32>ctz(~run);
  const goesOn = first > 0 && before + first >= LONG;
  if (long == 0 && !goesOn) return;
  if (before > 0 && before < LONG && goesOn) lookAtParts(block - before, block);
  const slashes = equalIn(block, 0x2b, 0x2f);
  for (let starts = long & ~((run << 1) | <u64>(before > 0 ? 1 : 0)); starts != 0; starts &= starts - 1) {
    lookAtRun(block + <usize>ctz(starts));
  }
  let inside = long | (long << 1);
  inside |= inside << 2;
  inside |= inside << 4;
  inside |= inside << 8;
  inside |= inside << 4;
  const firsts = first == 64 ? u64.MAX_VALUE : (<u64>1 << first) - 1;
  if (goesOn) inside |= firsts;
  const near = before >= NEAR_START ? ~firsts : before == 0 ? u64.MAX_VALUE : ~firsts | ((<u64>1 << (NEAR_START - before)) - 1);
  lookAtJoints(block, joints & inside);
  for (let left = slashes & inside & near; left != 0; left &= left - 1) {
    lookAtPart(block + <usize>ctz(left) + 1);
  }
}

function lookAtJoints(block: usize, joints: u64): void {
  for (let left = joints & ~(joints >> 1); left != 0; left &= left - 1) lookAtPrefix(block + <usize>ctz(left) + 1);
}

/** Nothing but a UUID (RFC 9562 §4) is long here, as often in rows of a database: it is no base64 or hexadecimal of text. */
function isOneUuid(block: usize, unbroken: u64, before: i32): bool {
  const long = withFollowers(unbroken);
  const starts = long & ~((unbroken << 1) | <u64>(before > 0 ? 1 : 0));
  if (starts != 0) {
    // A run from before, or two.
    if ((starts & (starts - 1)) != 0) return false;
    if (before > 0 && (unbroken & 1) != 0 && before + <i32>ctz(~unbroken) >= LONG) return false;
    const at = block + <usize>ctz(starts);
    if (!isUuid(at) || (isUnbroken(load<u8>(at + 36)) && isUnbroken(load<u8>(at + 37)))) return false;
    lookAtUuid(at);
    return true;
  }
  if (before == 0 || before >= 36 || long > (<u64>1 << 16)) return false;
  const at = block - before;
  if (!isUuid(at) || (isUnbroken(load<u8>(at + 36)) && isUnbroken(load<u8>(at + 37)))) return false;
  if (before < LONG) lookAtUuid(at);
  return true;
}

function lookAtUuid(start: usize): void {
  lookAtPrefix(start);
  lookAtPrefix(start + 9);
  lookAtPrefix(start + 14);
  lookAtPrefix(start + 19);
  lookAtPrefix(start + 24);
  lookBefore(start);
}

/** Where a run begins: whether it is that, and nothing else. */
function isUuid(at: usize): bool {
  if (load<u8>(at + 8) != 0x2d || load<u8>(at + 13) != 0x2d || load<u8>(at + 18) != 0x2d || load<u8>(at + 23) != 0x2d) return false;
  if ((classOf(at + 36) & RUN) != 0) return false;
  const digits = v128.and(v128.and(isDigitOrJoint(at), isDigitOrJoint(at + 16)), isDigitOrJoint(at + 20));
  return i8x16.all_true(digits);
}

/** Of 16 bytes: hexadecimal digits, and `-`. */
@inline function isDigitOrJoint(at: usize): v128 {
  const bytes = v128.load(at);
  const digit = i8x16.sub(bytes, i8x16.splat(0x30));
  const letter = i8x16.sub(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x61));
  const is = v128.or(i8x16.eq(i8x16.min_u(digit, i8x16.splat(9)), digit), i8x16.eq(i8x16.min_u(letter, i8x16.splat(5)), letter));
  return v128.or(is, i8x16.eq(bytes, i8x16.splat(0x2d)));
}

@inline function isUnbroken(byte: u32): bool {
  return byte <= 0x7f && byte >= 0x2b && byte != 0x2e && byte != 0x3a;
}

@inline function lengthAtEnd(run: u64, before: i32): i32 {
  return run == u64.MAX_VALUE ? min(before + 64, NEAR_START) : <i32>clz(~run);
}

/** What begins a run before the block and has become long in it. */
function lookAtParts(start: usize, block: usize): void {
  lookAtRun(start);
  for (let at = start; at < block; at++) {
    const byte: u32 = load<u8>(at);
    if (isJoint(byte) && !isJoint(load<u8>(at + 1))) lookAtPrefix(at + 1);
    else if (isSlash(byte)) lookAtPart(at + 1);
  }
}

function lookAtPart(start: usize): void {
  lookAtPrefix(start);
  lookAtWrapping(start);
}

@inline function classIn(block: usize, table: usize): u64 {
  return classAt(block, table) | (classAt(block + 16, table) << 16) | (classAt(block + 32, table) << 32) | (classAt(block + 48, table) << 48);
}

@inline function classAt(at: usize, table: usize): u64 {
  return bitsOf(classified(v128.load(at), table));
}

@inline function equalIn(block: usize, one: i8, other: i8): u64 {
  return equalAt(block, one, other) | (equalAt(block + 16, one, other) << 16) | (equalAt(block + 32, one, other) << 32) | (equalAt(block + 48, one, other) << 48);
}

@inline function equalAt(at: usize, one: i8, other: i8): u64 {
  const bytes = v128.load(at);
  return <u64>i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(one)), i8x16.eq(bytes, i8x16.splat(other))));
}

/** The classes that the rows (by the high half of a byte) and columns (by its low half) at `table` have in common. */
@inline function classified(bytes: v128, table: usize): v128 {
  const column = i8x16.swizzle(v128.load(table), v128.and(bytes, i8x16.splat(15)));
  return v128.and(column, i8x16.swizzle(v128.load(table, 16), v128.and(i16x8.shr_u(bytes, 4), i8x16.splat(15))));
}

@inline function bitsOf(classes: v128): u64 {
  return <u64>i8x16.bitmask(i8x16.ne(classes, i8x16.splat(0)));
}

/** The places in the block where LONG bytes of a run follow, as far as the block goes. */
@inline function withFollowers(run: u64): u64 {
  let long = run & (run >> 1);
  long &= long >> 2;
  long &= long >> 4;
  long &= long >> 8;
  return long & (long >> 4);
}

function runBefore(at: usize): i32 {
  let length = 0;
  while (length < NEAR_START && (classOf(at - 1 - length) & RUN) != 0) length++;
  return length;
}

@inline function isSlash(byte: u32): bool {
  return byte == 0x2f || byte == 0x2b;
}

@inline function isJoint(byte: u32): bool {
  return byte == 0x2d || byte == 0x5f;
}

function lookAtPrefix(at: usize): void {
  const word = load<u32>(at);
  if ((has(LONG_PREFIXES, hashOfLongPrefix(word)) && isSure(word)) || has(PREFIXES, hashOfPrefix(word))) add(<u32>at | PREFIX);
}

function lookAtRun(start: usize): void {
  lookAtPrefix(start);
  if (isUuid(start)) {
    lookBefore(start);
    return;
  }
  const before: u32 = load<u8>(start - 1);
  lookAtWrapping(start);
  if (before == 0x22 && isBase64OfUtf8(start)) add(<u32>start | BASE64);
  // The first letters may belong to an escape: `\\ntoken`, `\\u003dtoken`.
  if (before == 0x5c) {
    for (let skip: usize = 1; skip <= 5; skip++) lookAtPrefix(start + skip);
    lookAtWrapping(start + 4);
  }
  lookBefore(start);
}

/** What stands before a run. */
function lookBefore(start: usize): void {
  const before: u32 = load<u8>(start - 1);
  if (before == 0x2e || before == 0x3a || before == 0x21 || before == 0x7c) lookBeforeSign(start);
  if (before == 0x2a || (before == 0x3a && isDigit(load<u8>(start - 2)))) add(<u32>(start - 1) | PREFIX);
  lookAtName(start);
}

/**
 * Base64 and hexadecimal of text, at any place of a group from here on. Three groups, or seven pairs, are looked at together
 * first: nearly always nothing is left.
 */
function lookAtWrapping(start: usize): void {
  const bytes = v128.load(start);
  const one = classified(bytes, WRAP_ROWS);
  const two = classified(bytes, WRAP_ROWS + 32);
  const group = bitsOf(v128.and(one, i8x16.splat(0x07))) & (bitsOf(v128.and(one, i8x16.splat(0x78))) >> 1) & (bitsOf(v128.and(two, i8x16.splat(0x1f))) >> 2);
  let base64 = group & (group >> 4) & (group >> 8) & 15;
  for (; base64 != 0; base64 &= base64 - 1) {
    const at = start + <usize>ctz(base64);
    if (isBase64OfText(at)) add(<u32>at | BASE64);
  }
  const digits = bitsOf(v128.and(two, i8x16.splat(0x60)));
  const textDigits = bitsOf(v128.and(one, i8x16.splat(-128)));
  let pair = textDigits & (digits >> 1);
  pair &= pair >> 2;
  pair &= pair >> 4;
  pair = pair & (pair >> 4) & 7;
  for (; pair != 0; pair &= pair - 1) {
    const at = start + <usize>ctz(pair);
    if (isHexOfText(at)) add(<u32>at | HEXADECIMAL);
  }
}

/** Four groups, the first bits of whose bytes are those of printable ASCII or of a line end. */
@inline function isBase64OfText(from: usize): bool {
  for (let at = from; at < from + 16; at += 4) {
    if ((classOf(at) & GROUP_FIRST) == 0 || (classOf(at + 1) & GROUP_SECOND) == 0 || (classOf(at + 2) & GROUP_THIRD) == 0) return false;
  }
  return true;
}

/** Four groups that begin with text in UTF-8, with something in it beyond ASCII. */
function isBase64OfUtf8(from: usize): bool {
  let more = 0;
  let isBeyond = false;
  for (let at = from; at < from + 16; at += 4) {
    const first = valueAt(at), second = valueAt(at + 1), third = valueAt(at + 2), fourth = valueAt(at + 3);
    const bytes = (first << 18) | (second << 12) | (third << 6) | fourth;
    for (let shift = 16; shift >= 0; shift -= 8) {
      const byte = (bytes >> shift) & 0xff;
      if (more > 0) {
        if ((byte & 0xc0) != 0x80) return false;
        more--;
      } else if (byte >= 0x80) {
        if (byte < 0xc2 || byte > 0xf4) return false;
        more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
        isBeyond = true;
      } else if (byte < 0x09) return false;
    }
  }
  return isBeyond;
}

@inline function valueAt(at: usize): i32 {
  return load<u8>(VALUES + load<u8>(at));
}

/** Eight pairs of digits of printable ASCII. */
@inline function isHexOfText(from: usize): bool {
  for (let at = from; at < from + 16; at += 2) {
    if ((classOf(at) & TEXT_DIGIT) == 0 || (classOf(at + 1) & HEX_DIGIT) == 0) return false;
  }
  return true;
}

@inline function isDigit(byte: u32): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** The beginning of a token with a dot or the like in it: `hvs.`, `dp.pt.`. */
function lookBeforeSign(start: usize): void {
  for (let at = start - 2; at > start - LOOK_BACK; at--) {
    const byte: u32 = load<u8>(at);
    if (byte != 0x2e && (classOf(at) & RUN) == 0) return;
    const before: u32 = load<u8>(at - 1);
    if ((classOf(at - 1) & RUN) == 0 || isJoint(before) || isSlash(before) || load<u8>(at - 2) == 0x5c) lookAtPrefix(at);
  }
}

/** The name that the run is assigned to: `TWILIO_AUTH_TOKEN="…`, also over `"value": "…`, and with a flag before a space. */
function lookAtName(start: usize): void {
  const end = nameEnd(start);
  if (end != 0) {
    const before = lookInName(end);
    if ((load<u32>(end - 3) | 0x20202020) == 0x65756c61) lookInName(skipGap(before, start));
  } else if (load<u8>(start - 1) == 0x20 && isFlag(start - 2)) lookInName(start - 2);
}

/** Where the name ends to which what begins at `start` is assigned; 0 when it is to none. */
function nameEnd(start: usize): usize {
  let at = start - 1;
  let assigned = false;
  for (const end = start - LONGEST_GAP; at > end && isBetween(at); at--) {
    const byte: u32 = load<u8>(at);
    assigned = assigned || byte == 0x3d || byte == 0x3a || byte == 0x3e;
  }
  return assigned ? at : 0;
}

function skipGap(from: usize, start: usize): usize {
  let at = from;
  for (const end = from - LONGEST_GAP; at > end && at > start - FARTHEST_NAME; at--) {
    if (!isBetween(at) && load<u8>(at) != 0x2c) break;
  }
  return at;
}

@inline function isBetween(at: usize): bool {
  if ((classOf(at) & BETWEEN) != 0) return true;
  // The letter of an escape.
  const byte: u32 = load<u8>(at);
  return load<u8>(at - 1) == 0x5c && (byte == 0x6e || byte == 0x72 || byte == 0x74);
}

/** Returns where the name begins, or where it became too long. */
function lookInName(last: usize): usize {
  let at = last;
  for (const end = last - LONGEST_NAME; at > end; at--) {
    if ((classOf(at) & RUN) == 0 && load<u8>(at) != 0x2e) break;
    const word = load<u32>(at);
    if (has(NAMES, hashOfFour(word)) && isSure(word | 0x20202020)) add(<u32>at | NAMED);
  }
  return at;
}

/** `--token x` */
function isFlag(last: usize): bool {
  let at = last;
  for (const end = last - LONGEST_NAME; at > end && (classOf(at) & RUN) != 0; at--);
  return load<u8>(at + 1) == 0x2d && load<u8>(at + 2) == 0x2d;
}
