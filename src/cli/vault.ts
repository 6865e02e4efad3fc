import { SecretctlError } from '../errors.js';
import type { Host } from '../system/host.js';
import { unlockRestored } from '../launch/unlock.js';
import { lazyKeychain } from '../system/keychain.js';
import { requireTerminal } from '../system/terminal.js';
import { signRecord, TRUST_KEY, verifyRecord } from '../trust/record.js';
import { openTrustStore } from '../trust/store.js';
import type { NewSlot } from '../vault/create.js';
import { readKeyFile } from '../vault/key-file.js';
import { keyFileId, type SlotInfo } from '../vault/slots.js';
import { readVaultHeader, type Vault } from '../vault/store.js';
import type { Command, ParsedArguments } from './command.js';
import { refuseAgents } from './agents.js';
import { usage } from './arguments.js';
import { passphraseSlot } from './init.js';
import { opensslScript } from './openssl-script.js';
import { printJson, say } from './output.js';
import { recipientSlot, shownRecoverySlot, showRecoveryKey } from './vault-slots.js';
import { PROMPT, withOwnersVault, withVault } from './with-vault.js';

export const vaultVerify: Command = {
  name: 'vault verify',
  summary: 'open every entry of the vault, and say whether all is well',
  usage: '[--accept-rollback GENERATION] [--json]',
  details:
    'An older vault than the one that was used last is refused: somebody may have put it there. Where you have restored\n' +
    'it yourself, --accept-rollback with its generation makes it the current one; it asks on the terminal.',
  examples: ['secretctl vault verify'],
  flags: {
    'accept-rollback': { type: 'string', value: 'GENERATION', help: 'this older vault was restored on purpose' },
    json: { type: 'boolean', help: 'print JSON' },
  },
  arguments: [0, 0],
  async run(host, args) {
    const accepted = args.text('accept-rollback');
    if (accepted !== undefined) await acceptRollback(host, accepted);
    const facts = await withVault(host, (vault) => ({
      vault: host.places.vault,
      id: vault.id,
      generation: vault.generation,
      slots: vault.slots.map(({ type }) => type),
      secrets: vault.list().length,
    }));
    if (args.has('json')) printJson(host, { ok: true, ...facts });
    else {
      const { vault, generation, slots, secrets } = facts;
      say(host, `${vault} is fine: ${secrets} secrets, generation ${generation}, opened by ${slots.join(', ')}`);
    }
    return 0;
  },
};

export const vaultRekey: Command = {
  name: 'vault rekey',
  summary: 'give the vault a new master key, and make every key slot anew',
  usage: '[--recipient FILE]…',
  details:
    'Everything is encrypted anew. A passphrase is asked for again and may be another one; the keychain item and a recovery\n' +
    'key are made anew; the key file stays as it is. Slots of public keys need their --recipient files. What cannot be made\n' +
    'anew is named, and gone. Approvals of plans are kept; audit logs from before can no longer be verified.',
  examples: ['secretctl vault rekey'],
  flags: {
    recipient: { type: 'string', value: 'FILE', multiple: true, help: 'public key or certificate of a slot to keep' },
  },
  arguments: [0, 0],
  async run(host, args) {
    await withOwnersVault(host, 'giving the vault a new master key', (vault) => rekey(host, vault, args));
    return 0;
  },
};

export const vaultExport: Command = {
  name: 'vault export',
  summary: 'print a script that reads the vault without secretctl: OpenSSL and a POSIX shell are enough',
  usage: '--openssl',
  details:
    'The script holds no secret. It takes the vault and a key file, checks the MAC, and prints every entry as JSON:\n' +
    'sh read-vault.sh vault.sctl vault.key',
  examples: ['secretctl vault export --openssl > read-vault.sh'],
  flags: { openssl: { type: 'boolean', help: 'the script' } },
  arguments: [0, 0],
  run(host, args) {
    if (!args.has('openssl'))
      throw new SecretctlError('usage', 'say --openssl; secrets leave by "secretctl export"', 'secretctl help export');
    host.stdout.write(opensslScript());
    return 0;
  },
};

async function acceptRollback(host: Host, text: string): Promise<void> {
  refuseAgents(host.env, 'accepting an older vault');
  const { generation } = readVaultHeader(host.places.vault, host.uid);
  if (text !== String(generation)) throw usage(vaultVerify, `the vault is of generation ${generation}`);
  const terminal = requireTerminal(
    host.platform,
    'accepting an older vault',
    'run the command in a terminal of your own',
  );
  try {
    const typed = await terminal.ask(`Changes since generation ${generation} are lost. Type "yes" to go back to it: `);
    if (typed?.trim() !== 'yes') throw new SecretctlError('not-permitted', 'nothing was changed');
    (await unlockRestored(host, terminal, PROMPT, generation)).close();
  } finally {
    terminal.close();
  }
}

async function rekey(host: Host, vault: Vault, args: ParsedArguments): Promise<void> {
  const slots: NewSlot[] = [];
  const types = vault.slots.map(({ type }) => type);
  if (types.includes('scrypt')) slots.push(await passphraseSlot(host));
  if (types.includes('keychain')) slots.push({ type: 'keychain', keychain: lazyKeychain() });
  const keyFile = types.includes('keyfile') ? readKeyFile(host.places.keyFile, host.uid) : undefined;
  const isOurs = keyFile !== undefined && vault.slots.some(({ id }) => id === keyFileId(keyFile));
  if (isOurs) slots.push({ type: 'keyfile', path: host.places.keyFile, bytes: keyFile });
  const recovery = types.includes('recovery') ? shownRecoverySlot(host) : undefined;
  if (recovery !== undefined) slots.push(recovery);
  for (const file of args.all('recipient')) slots.push(recipientSlot(host, file));
  if (slots.length === 0)
    throw new SecretctlError('usage', 'no key slot of the vault can be made anew here', 'secretctl vault slots list');
  const kept = keptRecords(host, vault);
  const before = vault.slots;
  await vault.rekey(slots);
  // Nothing that may fail comes before it: it is shown once.
  if (recovery !== undefined) showRecoveryKey(host, recovery.key);
  const key = vault.deriveKey(TRUST_KEY);
  for (const record of kept) openTrustStore(host.places.state, host.uid).save(signRecord(record, key));
  say(host, `the vault has a new master key, and ${slots.length} key slot${slots.length === 1 ? '' : 's'}`);
  const gone = goneSlots(before, vault.slots);
  if (gone.length > 0) say(host, `not made anew, and gone: ${gone.join(', ')}`);
}

/** Slots whose key opens nothing any more. Of a passphrase, a keychain item and a recovery key there is a new one. */
function goneSlots(before: readonly SlotInfo[], after: readonly SlotInfo[]): string[] {
  const left = [...after];
  return before.flatMap(({ type, id }) => {
    const named = type === 'keyfile' || type === 'x509';
    const index = left.findIndex((slot) => slot.type === type && (!named || slot.id === id));
    if (index === -1) return [`${type} ${id}`];
    left.splice(index, 1);
    return [];
  });
}

/** Approvals that were genuine before. */
function keptRecords(host: Host, vault: Vault) {
  const key = vault.deriveKey(TRUST_KEY);
  const records = openTrustStore(host.places.state, host.uid).list();
  return records.flatMap((signed) => {
    try {
      verifyRecord(signed, key, host.now());
      const { mac: _, ...record } = signed;
      return [record];
    } catch {
      return [];
    }
  });
}
