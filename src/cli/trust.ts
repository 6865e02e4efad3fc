import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareLaunch } from '../launch/plan.js';
import { unlockVault } from '../launch/unlock.js';
import { SecretctlError } from '../errors.js';
import type { LaunchPlan, ProfileSource } from '../profile/types.js';
import type { Host } from '../system/host.js';
import { requireTerminal, type Terminal } from '../system/terminal.js';
import { signRecord, TRUST_KEY, VALID_DAYS, type TrustRecord } from '../trust/record.js';
import { trustCommand } from '../trust/gate.js';
import { openTrustStore } from '../trust/store.js';
import { hasPassphrase, readVaultHeader, type Vault } from '../vault/store.js';
import { refuseAgents } from './agents.js';
import type { Command } from './command.js';
import { usage } from './arguments.js';
import { auditTrust } from './audited.js';
import { printTable, printWarning, say } from './output.js';
import { showPlan } from './plan-text.js';
import { confirmByPassphrase } from './with-vault.js';

export const trust: Command = {
  name: 'trust',
  summary: 'show what a profile would start, and approve it',
  usage: 'PROFILE [--profile-file PATH] [-- EXTRA ARGUMENTS…]  |  --list',
  details:
    'Asks on the terminal, always: the passphrase of the vault again, or, where the vault has none, the name of\n' +
    `the profile. Whatever changes the plan asks again; a comment does not. An approval holds ${VALID_DAYS} days.`,
  examples: ['secretctl trust shop', 'secretctl trust --list'],
  flags: {
    'profile-file': { type: 'string', value: 'PATH', help: 'use this file instead of looking for the profile' },
    list: { type: 'boolean', help: 'list what is approved' },
  },
  arguments: [0, 1],
  passesRest: true,
  async run(host, args) {
    if (args.has('list')) return listRecords(host);
    const name = args.positionals[0];
    if (name === undefined) throw usage(trust, '"secretctl trust" needs the name of a profile');
    const profileFile = args.text('profile-file');
    const request = { name, extraArgs: args.rest, ...(profileFile === undefined ? {} : { profileFile }) };
    const { source, plan } = prepareLaunch(host, request);
    return approve(host, source, plan);
  },
};

export const untrust: Command = {
  name: 'untrust',
  summary: 'withdraw the approval of a profile',
  usage: 'PROFILE',
  examples: ['secretctl untrust shop'],
  arguments: [1, 1],
  async run(host, args) {
    const name = args.positionals[0] ?? '';
    const store = openTrustStore(host.places.state, host.uid);
    const records = store.list().filter((record) => record.profile === name);
    if (records.length === 0) {
      const packaged = existsSync(join(host.builtinProfiles, `${name}.yaml`));
      const why = packaged ? `"${name}" is built in and needs no approval` : `no plan of "${name}" is approved`;
      throw new SecretctlError('file-not-found', why, 'secretctl trust --list');
    }
    for (const record of records) store.remove(record.fingerprint);
    await auditWithdrawal(host, records);
    say(host, `withdrew the approval of "${name}"`);
    return 0;
  },
};

/** Nobody has to unlock anything to withdraw: where the vault opens by itself it is recorded, and otherwise that is said. */
async function auditWithdrawal(host: Host, records: readonly TrustRecord[]): Promise<void> {
  try {
    const vault = await unlockVault(host, undefined);
    const withdrawn = records.map(({ profile, fingerprint }) => ({ profile, fp: fingerprint, action: 'withdrawn' }));
    auditTrust(host, vault, withdrawn);
    vault.close();
  } catch (error) {
    if (!(error instanceof SecretctlError)) throw error;
    printWarning(host, `this is not in the audit log: ${error.message}`);
  }
}

/** Every check and the whole answer come first; the record is the last thing that happens. */
async function approve(host: Host, source: ProfileSource, plan: LaunchPlan): Promise<number> {
  refuseAgents(host.env, 'approving a plan');
  const header = readVaultHeader(host.places.vault, host.uid);
  const terminal = requireTerminal(host.platform, 'approving a plan', `run it in a terminal: ${trustCommand(plan)}`);
  try {
    terminal.print(showPlan(plan, source));
    const answer = await terminal.ask('Trust this plan? [y/N] ');
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw declined();
    const factor = hasPassphrase(header) ? 'passphrase' : 'name';
    const vault =
      factor === 'passphrase' ? await confirmByPassphrase(host, terminal) : await confirmByName(host, terminal, plan);
    openTrustStore(host.places.state, host.uid).save(
      signRecord(recordOf(plan, factor, host.now()), vault.deriveKey(TRUST_KEY)),
    );
    auditTrust(host, vault, [{ profile: plan.profile, fp: plan.fingerprint, action: 'approved', factor }]);
    vault.close();
    terminal.print(`approved "${plan.profile}" for ${VALID_DAYS} days\n`);
    return 0;
  } finally {
    terminal.close();
  }
}

function declined(): SecretctlError {
  return new SecretctlError('not-permitted', 'nothing was approved');
}

async function confirmByName(host: Host, terminal: Terminal, plan: LaunchPlan): Promise<Vault> {
  const typed = await terminal.ask(`Type the profile's name to confirm: `);
  if (typed?.trim() !== plan.profile) throw declined();
  return unlockVault(host, undefined);
}

function recordOf(plan: LaunchPlan, factor: TrustRecord['factor'], now: Date): TrustRecord {
  return {
    version: 1,
    fingerprint: plan.fingerprint,
    profile: plan.profile,
    path: plan.source.path,
    extra: JSON.stringify(plan.extraArgs),
    approved: now.toISOString(),
    expires: new Date(now.getTime() + VALID_DAYS * 24 * 3600 * 1000).toISOString(),
    factor,
  };
}

/** What the records say; whether each is genuine is checked with the vault's key at launch. */
function listRecords(host: Host): number {
  const rows = openTrustStore(host.places.state, host.uid)
    .list()
    .map(({ profile, path, approved, expires }) => [profile, path, approved.slice(0, 10), expires.slice(0, 10)]);
  if (rows.length === 0) say(host, 'nothing is approved');
  else printTable(host, [['PROFILE', 'FILE', 'APPROVED', 'EXPIRES'], ...rows]);
  return 0;
}
