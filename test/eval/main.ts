// npm run eval:scrub [-- --set K|F|D|B] [-- --json FILE]: how well the scrubber does, against its targets. It informs:
// the exit status is 0 whatever it measures; floors.test.ts is what fails.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SEED } from './random.js';
import { render } from './report.js';
import type { Report } from './report.js';
import { measureBenign } from './set-b.js';
import { measureDatabases } from './set-d.js';
import { measureFamilies } from './set-f.js';
import { measureKnown } from './set-k.js';

const SETS: Readonly<Record<string, () => Report>> = {
  K: () => measureKnown(),
  F: () => measureFamilies(),
  D: () => measureDatabases(),
  B: () => measureBenign(),
};

const { values } = parseArgs({ options: { set: { type: 'string', multiple: true }, json: { type: 'string' } } });
const chosen = Object.keys(SETS).filter((name) => values.set?.includes(name) ?? true);

process.stdout.write(`start value of the generators: 0x${SEED.toString(16)}\n`);
const reports = chosen.map((name) => {
  const start = performance.now();
  const report = SETS[name]?.();
  if (report !== undefined) process.stdout.write(`${render(report)}\n${seconds(start)} s\n`);
  return report;
});
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ seed: SEED, reports }, null, 1)}\n`);

function seconds(start: number): string {
  return ((performance.now() - start) / 1000).toFixed(1);
}
