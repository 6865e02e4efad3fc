// A process that writes to a vault: `vault-writer FOLDER PREFIX COUNT`. Prints the name of each secret once it is acknowledged.
// COUNT secrets, or without end for 0.

import { writeSync } from 'node:fs';
import { open, placesIn } from './vault-home.js';

const [folder = '', prefix = '', count = '1'] = process.argv.slice(2);
const last = count === '0' ? Infinity : Number(count);
const vault = await open(placesIn(folder));
for (let i = 1; i <= last; i += 1) {
  const name = `${prefix}/${i}`;
  await vault.put(name, { value: `value of ${name}` });
  writeSync(1, `${name}\n`);
}
