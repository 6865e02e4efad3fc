// What the server of `npm run bench:relay` says, and what its client therefore expects: rows as a database server returns
// them, some of it beyond ASCII, nothing in them a credential. Always the same for the same size.

import { createRandom } from './corpus.mjs';

const WORDS = 'order customer total region product shipped status amount price city street report quarter row'.split(
  ' ',
);
const NAMES = ['Größe', 'naïve', '東京都', 'проверка', 'résumé', '数据', 'Zoë 😀'];
/** Rows repeat beyond this size: making them takes time. */
const ROWS_BYTES = 1_000_000;
/** Ids have always seven digits, so that lines of one kind are of one length. */
export const FIRST_ID = 1_000_000;
/** So do counters. */
const FIRST_COUNT = 1_000_000;
const BLOCK_BYTES = 64 * 1024;
const TAIL = Buffer.from('"}]}}\n');

const bodies = new Map();

/** The parts of a line with its newline; `size` is its length in bytes without that. */
export function resultLine(id, size) {
  const body = bodies.get(size) ?? bodyOf(size);
  bodies.set(size, body);
  return [headOf(id), body];
}

const headOf = (id) => `{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`;

/** Everything after the head: whole rows, then blanks up to the size. */
function bodyOf(size) {
  const room = size - headOf(FIRST_ID).length - (TAIL.length - 1);
  if (room < 0) throw new RangeError(`no result has ${size} bytes`);
  const rows = rowsOf(Math.min(room, ROWS_BYTES));
  const copies = Array.from({ length: Math.floor(room / (rows.length || room + 1)) }, () => rows);
  const filled = copies.length * rows.length;
  return Buffer.concat([...copies, Buffer.alloc(room - filled, ' '), TAIL]);
}

/** At most `size` bytes of rows, escaped as they stand in a JSON string. */
function rowsOf(size) {
  const random = createRandom(11);
  const rows = [];
  for (let bytes = 0; ;) {
    const row = Buffer.from(JSON.stringify(`${JSON.stringify(rowOf(random))}\n`).slice(1, -1));
    bytes += row.length;
    if (bytes > size) return Buffer.concat(rows);
    rows.push(row);
  }
}

function rowOf({ below, pick }) {
  return {
    id: below(1e6),
    name: `${pick(WORDS)} ${pick(NAMES)}`,
    amount: below(1e6) / 100,
    created_at: new Date(1.7e12 + below(1e9)).toISOString(),
    note: Array.from({ length: 6 }, () => pick(WORDS)).join(' '),
    url: `https://example.com/${pick(WORDS)}/${below(1e5)}`,
    active: below(2) === 0,
  };
}

const notification = (count) =>
  `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":${FIRST_COUNT + count}}}\n`;

/** Lines of `count` notifications, gathered: a system call for each would measure the server. */
export function* burst(count) {
  let block = '';
  for (let index = 0; index < count; index++) {
    block += notification(index);
    if (block.length < BLOCK_BYTES && index < count - 1) continue;
    yield block;
    block = '';
  }
}

/** Says of each line of a burst whether it is the next one; of no line, how many came. */
export function createOrder() {
  let expected = 0;
  let place;
  return {
    take(line) {
      // The same place in every line, wherever a relay that re-serialises has moved it.
      place ??= line.indexOf('"progress":') + '"progress":'.length;
      if (Number(line.toString('latin1', place, place + 7)) !== FIRST_COUNT + expected) return false;
      expected++;
      return true;
    },
    get taken() {
      return expected;
    },
  };
}
