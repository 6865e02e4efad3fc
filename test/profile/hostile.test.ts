import { describe, expect, test } from '@jest/globals';
import { checkProfile } from '../../src/profile/parse.js';
import { LIMITS, prescan } from '../../src/profile/prescan.js';
import { decode } from '../../src/profile/text.js';
import { HEAD, inEnv, placesOf, SERVER, unmark } from './marked.js';

const GOOD = `${HEAD}${SERVER}`;
const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

/** Refused with the first problem at the mark (or anywhere, without one) and these words. */
const DOCUMENTS: Readonly<Record<string, readonly [string, RegExp]>> = {
  'ten billion laughs': [
    `‸a: &a ["x","x"]\n${many(9, (i) => `b${i}: &b${i} [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n`)}`.replace('‸a: ', 'a: ‸'),
    /anchors are not part/,
  ],
  'an anchor without alias': [inEnv('  A: ‸&x y'), /anchors/],
  'an anchor on a map': [`${HEAD}server: ‸&s\n  command: node\n`, /anchors/],
  'an alias': [inEnv('  A: ‸*x'), /aliases .* in quotes/],
  'a pattern without quotes': [inEnv('  A: ‸*.sql'), /starts with "\*" in quotes/],
  'an alias as a key': [inEnv('  ‸*x : y'), /aliases/],
  'a local tag': [inEnv('  A: ‸!x y'), /tags/],
  'a core tag': [inEnv('  A: ‸!!str 5'), /tags/],
  'a binary tag': [inEnv('  A: ‸!!binary aGk='), /tags/],
  'a verbatim tag': [inEnv('  A: ‸!<tag:x> y'), /tags/],
  'the bare tag': [inEnv('  A: ‸! 0777'), /tags/],
  'a tag on the document': ['‸!!map\nsecretctl: 1\n', /tags/],
  'a merge key': [inEnv('  ‸<<: {A: b}'), /merge keys/],
  'a merge key in quotes': [inEnv('  ‸"<<": {A: b}'), /merge keys/],
  'YAML 1.1': [`‸%YAML 1.1\n---\n${GOOD}`, /directives/],
  'a tag directive': [`‸%TAG ! tag:x,2000:\n---\n${GOOD}`, /directives/],
  'a directive later': [`${GOOD}‸%YAML 1.1\n`, /directives/],
  'two documents': [`${GOOD}‸---\n${GOOD}`, /a second document/],
  'an empty second document': [`---\n${GOOD}‸---\n`, /a second document/],
  'a document end': [`${GOOD}‸...\n`, /"\.\.\."/],
  'a document end and another document': [`${GOOD}‸...\n${GOOD}`, /"\.\.\."/],
  'a duplicate key': [`${HEAD}‸name: other\n${SERVER}`, /stands here twice/],
  'a duplicate variable': [inEnv('  A: x\n  ‸A: y'), /stands here twice/],
  'a duplicate key in other quotes': [inEnv('  A: x\n  ‸"A": y'), /stands here twice/],
  'a duplicate in a flow map': [`${HEAD}server: {command: a, ‸command: b}\n`, /stands here twice/],
  __proto__: [inEnv('  __proto__: {polluted: true}').replace('{pol', '‸{pol'), /a list or a map/],
  'constructor.prototype': [`${GOOD}‸constructor: {prototype: {a: b}}\n`, /unknown key "constructor"/],
  'a tab as indent': [`${HEAD}server:\n‸\tcommand: node\n`, /a tab in the indentation/],
  'a tab after spaces': [`${HEAD}server:\n  ‸\tcommand: node\n`, /a tab in the indentation/],
  'a tab after a dash': [`${HEAD}server:\n  command: a\n  args:\n  - ‸\ta: b\n`, /a tab in the indentation/],
  NUL: [inEnv('  A: x‸\u0000y'), /U\+0000/],
  'a bell': [inEnv('  A: ‸\u0007'), /U\+0007/],
  escape: [inEnv('  A: ‸\u001b[2J'), /U\+001B/],
  DEL: [inEnv('  A: ‸\u007f'), /U\+007F/],
  C1: [inEnv('  A: ‸\u009b31m'), /U\+009B/],
  NEL: [inEnv('  A: x‸\u0085B: y'), /U\+0085/],
  'a lone carriage return': ['secretctl: 1‸\rname: shop\n', /U\+000D/],
  'a right-to-left override': [inEnv('  A: ‸\u202etxt.exe'), /U\+202E/],
  'an isolate': [inEnv('  A: ‸\u2066x'), /U\+2066/],
  'a zero-width space': [inEnv('  A‸\u200b: x'), /U\+200B/],
  'a zero-width joiner': [inEnv('  A: x‸\u200dy'), /U\+200D/],
  'a soft hyphen': [inEnv('  A: x‸\u00ady'), /U\+00AD/],
  'a line separator': [inEnv('  A: x‸\u2028y'), /U\+2028/],
  'a tag character': [inEnv('  A: x‸\u{e0041}'), /U\+E0041/],
  'a byte order mark inside': [`secretctl: 1\n‸\ufeffname: shop\n`, /U\+FEFF/],
  'a second byte order mark': [`‸\ufeff\ufeff${GOOD}`, /U\+FEFF/],
  'an escape that hides': [inEnv(String.raw`  A: ‸"\e[2J"`), /U\+001B/],
  'an escaped NUL': [inEnv(String.raw`  A: ‸"x\0"`), /U\+0000/],
  'an escaped override': [inEnv(String.raw`  A: ‸"\u202e"`), /U\+202E/],
  'an escaped override in a key': [inEnv(String.raw`  ‸"A\u202e": x`), /U\+202E/],
  'an unknown escape': [inEnv(String.raw`  A: "‸\q"`), /no escape that YAML knows/],
  'an open quote': [`${inEnv('  A: "abc')}‸`, /something is missing/],
  'an open bracket': [`${HEAD}server: {command: node\n`, /./],
  'a stray closer': [`${GOOD}‸]\n`, /does not belong here|key must stand on one line/],
  'wrong indentation': [`${HEAD}server:\n    command: node\n  ‸args: []\n`, /indentation|key/],
  'two keys in a line': [inEnv('  A: ‸b: c'), /two keys in one line/],
  'a reserved character': [inEnv('  A: ‸@x'), /write it in quotes/],
  'a backtick': [inEnv('  A: ‸`x`'), /write it in quotes/],
  'a comment glued on': [inEnv('  A: "x"‸#y'), /something is missing|does not belong/],
  'a list as key': [inEnv('  ? ‸[a]\n  : b'), /a key must be a text/],
  'an empty key': [inEnv('  ‸: b'), /name of a variable/],
  'an explicit key alone': [inEnv('  ? ‸A'), /this is empty/],
  'a number as document': ['‸42\n', /made of keys and values/],
  'a text as document': ['‸hello\n', /made of keys and values/],
  'an empty file': ['‸', /made of keys and values/],
  'comments only': ['# a\n‸# b\n'.replace('‸', ''), /made of keys and values/],
  null: ['‸~\n', /made of keys and values/],
  'no as a text': [inEnv('  A: ‸False'), /truth value/],
  'too many lines': [`${'\n'.repeat(LIMITS.lines)}‸a: b\n`, /more than 2000 lines/],
  'too many colons in a line': [inEnv(`‸  A: "${':'.repeat(1001)}"`), /commas and colons/],
  'too many commas in a line': [`${HEAD}${SERVER}‸  args: [${'x,'.repeat(1001)}]\n`, /commas and colons/],
  'too many keys': [inEnv(many(700, (i) => `  K${i}: x\n`)), /too many keys and values/],
  'too many keys in long lines': [
    many(20, (l) => `a${l}: {${many(150, (i) => `k${i}: x, `)}}\n`),
    /too many keys and values/,
  ],
  'too many brackets': [']'.repeat(60_000), /too many keys and values/],
  'too many quotes': ['"'.repeat(60_000), /too many keys and values/],
  'too many dashes in a line': ['- '.repeat(30_000), /indented by more than/],
  'too many question marks': ['? '.repeat(30_000), /indented by more than/],
  'stairs of keys': [many(300, (i) => `${' '.repeat(i)}a:\n`), /indented by more than/],
  'stairs of keys, 33 levels': [many(34, (i) => `${' '.repeat(i)}a:\n`), /nested deeper than 32/],
  '33 brackets': [`a: ${'['.repeat(32)}‸[${']'.repeat(33)}\n`, /nested deeper than 32/],
  '33 braces': [`a: ${'{a: '.repeat(32)}‸{${'}'.repeat(33)}\n`, /nested deeper than 32/],
  '10,000 brackets': [`a: ${'['.repeat(32)}‸${'['.repeat(9_968)}\n`, /nested deeper than 32/],
  '64 KiB and one byte': [`‸${'#'.repeat(LIMITS.bytes + 1)}`, /larger than 65536 bytes/],
};

describe('documents that are refused', () => {
  test.each(Object.entries(DOCUMENTS))('%s', (_, [document, says]) => {
    const { bytes, places } = unmark(document);
    const checked = checkProfile(bytes);
    expect(checked.profile).toBeUndefined();
    expect(checked.problems[0]?.message).toMatch(says);
    if (places[0] !== undefined) expect(placesOf(checked)[0]).toBe(places[0]);
  });

  test('there are many', () => expect(Object.keys(DOCUMENTS).length).toBeGreaterThan(60));
});

describe('bytes that are no UTF-8', () => {
  test.each([
    ['a lone byte', Buffer.concat([Buffer.from('secretctl: 1\nname: é'), Buffer.from([0xff])]), '2:8'],
    ['an overlong slash', Buffer.concat([Buffer.from('a: '), Buffer.from([0xc0, 0xaf])]), '1:4'],
    ['a surrogate', Buffer.concat([Buffer.from('a: '), Buffer.from([0xed, 0xa0, 0x80])]), '1:4'],
    ['a cut sequence', Buffer.concat([Buffer.from('a: '), Buffer.from([0xe2, 0x82])]), '1:4'],
  ])('%s', (_, bytes, place) => {
    const checked = checkProfile(bytes);
    expect(checked.problems[0]?.message).toMatch(/not UTF-8/);
    expect(placesOf(checked)).toEqual([place]);
  });

  test.each(['utf16le', 'utf16be'])('%s', (encoding) => {
    const little = Buffer.from(`\ufeff${GOOD}`, 'utf16le');
    const bytes = encoding === 'utf16le' ? little : Buffer.from(little).swap16();
    expect(checkProfile(bytes).problems).toEqual([
      { line: 1, column: 1, message: 'the file is UTF-16: save it as UTF-8' },
    ]);
  });
});

describe('documents that are accepted', () => {
  test.each([
    ['CRLF', GOOD.replaceAll('\n', '\r\n')],
    ['a byte order mark at the start', `\ufeff${GOOD}`],
    ['no newline at the end', GOOD.trimEnd()],
    ['one document start', `# comment\n---\n${GOOD}`],
    ['quoted marks', inEnv(`  A: "*.sql"\n  B: '&x'\n  C: "!x"\n  D: x *.sql &y !z\n  E: "%YAML"\n  F: a<<b`)],
    ['a block text', inEnv('  A: |\n    first: [\n    *second &x\n  B: >-\n    folded\n    text')],
    ['flow style', '{secretctl: 1, name: shop, server: {command: node}}'],
    ['other alphabets', inEnv('  A: Grüße, 世界, 🙂')],
    ['exactly 64 KiB', `${GOOD}${'#'.repeat(LIMITS.bytes - GOOD.length)}`],
    ['a long text', inEnv(`  A: "${'x'.repeat(60_000)}"`)],
    ['a long text of templates', inEnv(`  A: "${'${db.host}'.repeat(6_000)}"`)],
    ['500 variables', inEnv(many(500, (i) => `  K${i}: x\n`))],
  ])('%s', (_, document) => expect(checkProfile(Buffer.from(document)).problems).toEqual([]));
});

test('deep nesting, twice in one process, never reaches the parser', () => {
  for (const depth of [2_000, 10_000, 2_000, 10_000]) {
    for (const open of ['[', '{', '{a: [', '- ', '? ', '[{']) {
      const bytes = Buffer.from(open.repeat(depth));
      if (bytes.length > LIMITS.bytes) continue;
      expect(prescan(bytes, decode(bytes))).not.toEqual([]);
    }
  }
});

// What the parser may be given is bounded by counts, whose worst cases were measured to stay far below a second.
test('no text reaches the parser with more than the bounded number of tokens', () => {
  const shapes = [
    ': ',
    'a: b\n',
    '- x\n',
    'a,',
    '[],',
    '"" ',
    '{}',
    'a: |\n',
    '? x\n',
    '&a ',
    '*a ',
    '! ',
    '---\n',
    '@',
    ']',
    '}\n',
    "'' ",
  ];
  for (const shape of shapes) {
    const bytes = Buffer.from(shape.repeat(Math.floor(60_000 / shape.length)));
    expect([shape, prescan(bytes, decode(bytes)).length > 0]).toEqual([shape, shape !== '@']);
  }
});

// Each of these makes a careless search begin again at every character; the whole file ends in a moment all the same.
test.each([
  ['${', /has no "\}"/],
  ['${}', /malformed/],
  ['${x', /has no/],
  ['{env:', /colons/],
  ['://', /colons/],
  ['a.', /^$/],
  ['secret://', /colons/],
  ['| ', /^$/],
  ['$', /^$/],
  ['\\\\', /^$/],
])('60,000 characters of %j in one text', (piece, says) => {
  const text = `  A: "${piece.repeat(Math.floor(60_000 / piece.length))}"`;
  const { problems } = checkProfile(Buffer.from(inEnv(text)));
  expect(problems.length).toBeLessThanOrEqual(100);
  expect(problems[0]?.message ?? '').toMatch(says);
});

test('the number of problems shown stays small', () => {
  expect(checkProfile(Buffer.from('\u0000\n'.repeat(1_900))).problems).toHaveLength(20);
  expect(checkProfile(Buffer.from('a: b: c\n'.repeat(300))).problems).toHaveLength(20);
});

test('nothing is polluted', () => {
  checkProfile(Buffer.from(inEnv('  __proto__: {polluted: "yes"}')));
  checkProfile(Buffer.from(`__proto__: {polluted: "yes"}\n${GOOD}`));
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});
