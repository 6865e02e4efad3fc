// Lines as MCP servers send them, always the same for the same size: results with rows, code, lock files, images, tool lists,
// logs. Nothing in them is a credential but what `findings` plants, and that is put together when the benchmark runs.

/** The same numbers in every run (mulberry32). */
export function createRandom(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  const pick = (list) => list[below(list.length)];
  const text = (length, alphabet) => Array.from({ length }, () => alphabet[below(alphabet.length)]).join('');
  return { next, below, pick, text };
}

const split = (words) => words.split(' ');
const PLAIN = split(
  'order customer total value number region product item shipped status active pending amount price date name city street ' +
    'report quarter table column index query result rows updated created by the of and in for with from to is was were has ' +
    'have not all some more most first last next page list file folder module function return import export const async ' +
    'await error warning info request response server client connection session time second minute author description',
);
/** What prefilters look for, as it stands in harmless text. */
const HOSTILE = split(
  'password passwords token tokens secret secrets api_key apikey credential credentials authorization bearer auth_token ' +
    'access_key private_key max_tokens passphrase tokenizer secretary password_hash reset_password input_tokens',
);
const UTF8 = split('größe straße añadir naïve 東京都 データベース проверка данные 数据 résumé ☃ 😀 …–—');
const HEX = '0123456789abcdef';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const ROWS = [
  [20, small],
  [12, log],
  [18, rowsAsText],
  [18, structured],
  [12, code],
  [6, lockfile],
  [5, image],
  [3, toolList],
  [6, prose],
];

/** What the server of a database says: results with rows, in text and structured, its tools, short answers, prose, logs. */
const DATABASE = [
  [20, small],
  [12, log],
  [18, rowsAsText],
  [18, structured],
  [3, toolList],
  [6, prose],
];

/**
 * About `size` bytes of lines; `variant`: clean, database (clean, without code, lock files and images), hostile or findings.
 * `planted` are texts to hide in some lines.
 */
export function corpus(size, variant, planted = []) {
  const random = createRandom(20_251);
  const hostileEvery = variant === 'hostile' ? 12 : 0;
  const word = () => (hostileEvery > 0 && random.below(hostileEvery) === 0 ? random.pick(HOSTILE) : random.pick(PLAIN));
  const kit = { ...random, word, words: (count) => Array.from({ length: count }, word).join(' ') };
  const rows = variant === 'database' ? DATABASE : ROWS;
  const kinds = rows.flatMap(([weight, make]) => Array.from({ length: weight }, () => make));
  const lines = [];
  for (let made = 0; made < size; made += lines.at(-1).length + 1) {
    const plant = variant === 'findings' && random.below(10) === 0 ? ` ${random.pick(planted)} ` : '';
    lines.push(Buffer.from(escapedSometimes(JSON.stringify(random.pick(kinds)(kit, plant)), random)));
  }
  return lines;
}

/** Some servers (Python's json) write everything beyond ASCII as an escape. */
function escapedSometimes(json, random) {
  if (random.below(6) > 0) return json;
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

let id = 0;
const result = (value) => ({ jsonrpc: '2.0', id: ++id, result: value });
const text = (content) => result({ content: [{ type: 'text', text: content }] });
const uuid = ({ text: of }) => `${of(8, HEX)}-${of(4, HEX)}-4${of(3, HEX)}-a${of(3, HEX)}-${of(12, HEX)}`;

function small(kit, plant) {
  return text(kit.words(4 + kit.below(40)) + plant);
}

function log(kit, plant) {
  const data = `${new Date(1.7e12 + kit.below(1e9)).toISOString()} [${kit.pick(['INFO', 'WARN'])}] ${kit.words(20)}${plant}`;
  return { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', logger: kit.word(), data } };
}

const rowOf = (kit) => ({
  id: kit.below(1e6),
  uuid: uuid(kit),
  name: `${kit.word()} ${kit.pick(UTF8)}`,
  amount: kit.below(1e6) / 100,
  created_at: new Date(1.7e12 + kit.below(1e9)).toISOString(),
  note: kit.words(6),
  url: `https://example.com/${kit.word()}/${kit.below(1e5)}`,
  active: kit.below(2) === 0,
});
const rowsOf = (kit) => Array.from({ length: 10 + kit.below(150) }, () => rowOf(kit));

function rowsAsText(kit, plant) {
  const rows = rowsOf(kit);
  if (kit.below(2) === 0) return text(JSON.stringify(rows, null, 2) + plant);
  return text(rows.map((row) => `| ${Object.values(row).join(' | ')} |`).join('\n') + plant);
}

function structured(kit, plant) {
  const rows = [...rowsOf(kit), ...(plant === '' ? [] : [{ note: plant }])];
  const note = JSON.stringify({ rows: rows.slice(0, 20) });
  return result({ content: [{ type: 'text', text: note }], structuredContent: { rows }, isError: false });
}

function code(kit, plant) {
  const lines = Array.from({ length: 100 + kit.below(500) }, () =>
    kit.pick([
      () => `  const ${kit.word()} = await ${kit.word()}.${kit.word()}({ ${kit.word()}: "${kit.word()}" });`,
      () => `  if (!${kit.word()}.${kit.word()}) throw new Error('${kit.words(5)}');`,
      () => `\t// ${kit.words(9)}`,
      () => `ALTER TABLE ${kit.word()} ADD COLUMN ${kit.word()} VARCHAR(255) NOT NULL DEFAULT '';`,
      () => `def ${kit.word()}(self, ${kit.word()}: str) -> None:\n    return self.${kit.word()}["${kit.word()}"]`,
      () => '',
    ])(),
  );
  return text(lines.join('\n') + plant);
}

function lockfile(kit, plant) {
  const packages = Array.from({ length: 50 + kit.below(200) }, () => {
    const version = `${kit.below(20)}.${kit.below(20)}.${kit.below(20)}`;
    const name = `${kit.word()}-${kit.word()}`;
    const resolved = `https://registry.example.org/${name}/-/${name}-${version}.tgz`;
    return [`node_modules/${name}`, { version, resolved, integrity: `sha512-${kit.text(86, BASE64)}==` }];
  });
  return text(JSON.stringify({ lockfileVersion: 3, packages: Object.fromEntries(packages) }, null, 2) + plant);
}

function image(kit, plant) {
  const data = kit.text(4 * (2000 + kit.below(40_000)), BASE64);
  return result({
    content: [
      { type: 'image', data, mimeType: 'image/png' },
      { type: 'text', text: kit.words(5) + plant },
    ],
  });
}

function toolList(kit, plant) {
  const tools = Array.from({ length: 10 + kit.below(30) }, () => ({
    name: `${kit.word()}_${kit.word()}`,
    description: kit.words(30) + plant,
    inputSchema: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 6 }, () => [kit.word(), { type: 'string', description: kit.words(10) }]),
      ),
      additionalProperties: false,
    },
  }));
  return result({ tools });
}

function prose(kit, plant) {
  const words = Array.from({ length: 500 + kit.below(3000) }, () => (kit.below(3) === 0 ? kit.pick(UTF8) : kit.word()));
  return text(words.join(' ') + plant);
}
