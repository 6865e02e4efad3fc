// A process that writes to a vault: `vault-writer FOLDER PREFIX COUNT`. Prints the name of each secret once it is acknowledged.
// COUNT secrets, or without end for 0.

import { writeSync } from 'node:fs';
import { SecretctlError } from '../../src/errors.js';
import { open, placesIn } from './vault-home.js';

const [folder = '', prefix = '', count = '1'] = process.argv.slice(2);
const last = count === '0' ? Infinity : Number(count);
const vault = await open(placesIn(folder));
for (let i = 1; i <= last; i += 1) {
  const name = `${prefix}/${i}`;
  await putPatiently(name);
  writeSync(1, `${name}\n`);
}

/** On a loaded machine twenty writers can outwait the lock's patience; then the refusal says to try again. */
async function putPatiently(name: string): Promise<void> {
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one write after the other
      await vault.put(name, { value: `value of ${name}` });
      return;
    } catch (error) {
      if (!(error instanceof SecretctlError) || error.code !== 'vault-busy') throw error;
    }
  }
}
