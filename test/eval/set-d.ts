// Set D: database and connection forms, as text, in JSON and in JSON in JSON.

import { FORMS, FURTHER } from './shapes/database.js';
import type { Sample } from './shapes/database.js';
import { VERIFIERS } from './shapes/verifiers.js';
import { createJudge, fragmentsOf } from './judge.js';
import { createRandom } from './random.js';
import { atLeast, atMost, Tally } from './report.js';
import type { Report, Table } from './report.js';
import { plainScrubber, run } from './scrubbing.js';

const message = (text: string): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } });

/** JSON in JSON is what a server sends that puts its rows as text into a text block. */
const NESTINGS: Readonly<Record<string, (text: string) => string>> = {
  text: (text) => text.replaceAll('\n', '\\n'),
  JSON: message,
  'JSON in JSON': (text) => message(JSON.stringify({ rows: [{ note: text }] })),
};

export function measureDatabases(perForm = 10): Report {
  const random = createRandom('databases');
  const scrubber = plainScrubber();
  const judge = createJudge();
  const tally = { rows: new Tally(), nestings: new Tally(), kept: new Tally() };
  const missed = new Map<string, string>();
  let withheld = 0;
  for (const { row, make } of [...FORMS, ...VERIFIERS]) {
    for (let at = 0; at < perForm; at++) {
      const sample = make(random);
      const fragments = fragmentsOf(sample.secrets);
      for (const [nesting, nest] of Object.entries(NESTINGS)) {
        const outcome = run(scrubber, Buffer.from(nest(sample.text)), nesting === 'text');
        const removed = !judge.leaks(outcome.bytes, fragments);
        withheld += outcome.withheld ? 1 : 0;
        tally.rows.add(row, removed);
        tally.nestings.add(nesting, removed);
        if (sample.keep !== undefined) tally.kept.add(row, outcome.bytes.includes(sample.keep));
        if (!removed) missed.set(`${row} · ${nesting} · ${shapeOf(sample)}`, row);
      }
    }
  }
  return report(tally, missed, withheld);
}

/** The form without its secret. */
function shapeOf({ text, secrets }: Sample): string {
  const bare = secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return bare.replaceAll('\n', '⏎').slice(0, 90);
}

function report(
  { rows, nestings, kept }: Readonly<Record<'rows' | 'nestings' | 'kept', Tally>>,
  missed: ReadonlyMap<string, string>,
  withheld: number,
): Report {
  const all = rows.sum((name) => name !== FURTHER);
  return {
    set: 'D',
    title: `${FORMS.length + VERIFIERS.length} database forms × ${Object.keys(NESTINGS).length} nestings`,
    targets: [
      atLeast('removed: no 8 bytes in a row recoverable', 1, all),
      atLeast('the host beside the password is kept', 0.99, kept.sum()),
      atMost('lines withheld for an exception', 0, withheld),
    ],
    floors: { removed: all.share, kept: kept.sum().share, withheld },
    tables: [
      rows.table('Forms', 'form', false),
      nestings.table('Nestings', 'nesting'),
      kept.table('Forms whose host was lost', 'form', true),
      missedTable([...missed.keys()]),
    ],
    matrix: { rows: rows.data, missed: [...missed.keys()] },
  };
}

function missedTable(missed: readonly string[]): Table {
  const rows = missed.slice(0, 40).map((name) => [name]);
  return { title: `Missed (${missed.length} kinds, the first 40)`, columns: ['form · nesting · text'], rows };
}
