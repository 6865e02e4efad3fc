// A process that writes to a vault: `vault-writer FOLDER PREFIX COUNT [rekey|slots]`. Prints the name of each secret once it
// is acknowledged. COUNT secrets, or without end for 0. With `rekey` each is followed by a new master key, with `slots` by a
// key slot that comes and goes.

import { randomBytes } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { SecretctlError } from '../../src/errors.js';
import { open, placesIn } from './vault-home.js';

const [folder = '', prefix = '', count = '1', also] = process.argv.slice(2);
const last = count === '0' ? Infinity : Number(count);
const places = placesIn(folder);
const vault = await open(places);
for (let i = 1; i <= last; i += 1) {
  const name = `${prefix}/${i}`;
  await patiently(() => vault.put(name, { value: `value of ${name}` }));
  writeSync(1, `${name}\n`);
  if (also === 'rekey') {
    const bytes = readFileSync(places.keyFile);
    await patiently(() => vault.rekey([{ type: 'keyfile', path: places.keyFile, bytes }]));
  } else if (also === 'slots') {
    // Of a writer that was killed between the two.
    for (const { type, id } of vault.slots) if (type === 'recovery') await patiently(() => vault.removeSlot(id));
    const { id } = await patiently(() => vault.addSlot({ type: 'recovery', key: randomBytes(32) }));
    await patiently(() => vault.removeSlot(id));
  }
}

/** On a loaded machine twenty writers can outwait the lock's patience; then the refusal says to try again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one write after the other
      return await work();
    } catch (error) {
      if (!(error instanceof SecretctlError) || error.code !== 'vault-busy') throw error;
    }
  }
}
