// May this plan run? Decided in two steps around the unlock: what needs no key comes first, so that an untrusted plan
// unlocks nothing and starts nothing; then the record's authenticity, which needs the vault's key.

import { SecretctlError } from '../errors.js';
import type { LaunchPlan } from '../profile/types.js';
import { shellWord } from '../system/safe-text.js';
import { parsePins } from './pins.js';
import { verifyRecord, type SignedRecord } from './record.js';
import type { TrustStore } from './store.js';

/** What the vault is, as far as its header tells without a key. */
export interface VaultFacts {
  readonly exists: boolean;
  /** A passphrase or keychain slot: somebody's own vault, where only that person approves. */
  readonly personal: boolean;
  /** There is a vault in the account's own place, which a variable may hide. */
  readonly ownExists: boolean;
}

export interface GateInput {
  readonly plan: LaunchPlan;
  readonly store: TrustStore;
  readonly vault: VaultFacts;
  /** `SECRETCTL_TRUST`, as given. */
  readonly pins: string | undefined;
  /** `SECRETCTL_IDENTITY` names a key: then pins hold without a vault. */
  readonly identity: boolean;
  /** Other places that hold a profile of this name. */
  readonly shadowed: readonly string[];
  readonly warn: (message: string) => void;
}

export type Gate =
  | { readonly kind: 'pinned' }
  | { readonly kind: 'packaged' }
  | { readonly kind: 'record'; readonly record: SignedRecord };

/** Throws `untrusted`; needs no key. */
export function findGate(input: GateInput): Gate {
  const { plan, store } = input;
  if (input.pins !== undefined && input.pins !== '') {
    if (!input.vault.personal) return pinnedGate(plan, input);
    input.warn('SECRETCTL_TRUST is ignored: this vault has an owner, who approves plans with "secretctl trust"');
  }
  if (isPackaged(plan)) return { kind: 'packaged' };
  const record = store.find(plan.fingerprint);
  if (record !== undefined) return { kind: 'record', record };
  throw untrusted(input);
}

/** What the opened vault is: authentic, where `VaultFacts` was only read. */
export interface OpenedVault {
  readonly personal: boolean;
  readonly trustKey: () => Buffer;
}

/**
 * Throws `untrusted` for a forged or expired record, and for a pin when the vault that was opened has an owner after all:
 * the file may have been replaced between the two looks at it.
 */
export function verifyGate(gate: Gate, vault: OpenedVault | undefined, now: Date): void {
  if (gate.kind === 'record') {
    if (vault === undefined) throw new SecretctlError('internal', 'a trust record needs the vault');
    verifyRecord(gate.record, vault.trustKey(), now);
  }
  if (gate.kind === 'pinned' && vault?.personal === true) {
    throw new SecretctlError('untrusted', 'pins do not count for a vault that has an owner', 'secretctl trust NAME');
  }
}

/** With pins set, nothing else runs: neither a packaged profile nor a recorded approval. */
function pinnedGate(plan: LaunchPlan, input: GateInput): Gate {
  const { exists, ownExists } = input.vault;
  if (!exists && !input.identity) {
    throw new SecretctlError(
      'untrusted',
      'SECRETCTL_TRUST needs a vault without a passphrase, or SECRETCTL_IDENTITY',
      'secretctl init --key-file',
    );
  }
  // A repository's client config can set every variable: it must not make a person's machine look like CI.
  if (!exists && ownExists) {
    throw new SecretctlError(
      'untrusted',
      'SECRETCTL_TRUST does not count where somebody has a vault',
      trustCommand(plan),
    );
  }
  if (parsePins(input.pins ?? '').includes(plan.pin)) return { kind: 'pinned' };
  throw new SecretctlError(
    'untrusted',
    `the plan of "${plan.profile}" is not among the pins of SECRETCTL_TRUST; its pin is ${plan.pin}`,
    `secretctl profile check ${plan.profile} --json`,
  );
}

/** The packaged file as it came, nothing added, and a command of the system: a client's config can set PATH. */
function isPackaged(plan: LaunchPlan): boolean {
  const { source, extraArgs, command } = plan;
  return source.origin === 'builtin' && extraArgs.length === 0 && command.fromSystem && !command.insideWorkTree;
}

function untrusted({ plan, store, shadowed }: GateInput): SecretctlError {
  const { profile, source, extraArgs } = plan;
  const records = store.list().filter(({ path }) => path === source.path);
  const earlier = records.find(({ extra }) => extra === JSON.stringify(extraArgs));
  let what = `nobody on this machine has approved the plan of "${profile}" (${source.path})`;
  if (records.length > 0) what = `"${profile}" is approved, but not with these arguments`;
  if (earlier !== undefined) {
    what = `the plan of "${profile}" is no longer the one that was approved on ${earlier.approved.slice(0, 10)}`;
  }
  const others = shadowed.length === 0 ? '' : `; also found, and not used: ${shadowed.join(', ')}`;
  return new SecretctlError('untrusted', what + others, trustCommand(plan));
}

/** The command that approves exactly this plan. */
export function trustCommand({ profile, source, extraArgs }: LaunchPlan): string {
  const file = source.origin === 'file' ? ['--profile-file', source.path] : [];
  const extra = extraArgs.length === 0 ? [] : ['--', ...extraArgs];
  return ['secretctl', 'trust', profile, ...file, ...extra].map(shellWord).join(' ');
}
