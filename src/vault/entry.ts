// An entry: one named secret with everything that belongs to it. Types, and which fields are secret.

/** One text, or texts by field name. */
export type SecretValue = string | ReadonlyMap<string, string>;

export type SecretType = 'string' | 'fields' | 'connection';

export interface EntryMeta {
  readonly type: SecretType;
  readonly tags: readonly string[];
  readonly note?: string;
  /** ISO 8601, UTC. */
  readonly expires?: string;
}

export interface EntryVersion {
  readonly value: SecretValue;
  readonly version: number;
  /** When this value was stored: ISO 8601, UTC. */
  readonly created: string;
}

export interface VaultEntry extends EntryVersion {
  readonly name: string;
  readonly meta: EntryMeta;
  /** See restrictions.ts. */
  readonly restrictions: Readonly<Record<string, unknown>>;
  /** Earlier values, the latest first, at most ten. */
  readonly history: readonly EntryVersion[];
}

const OPEN_FIELDS: ReadonlySet<string> = new Set(['engine', 'host', 'port', 'user', 'username', 'database', 'params']);

/** All fields are secret but the ones that only say where a connection goes. */
export function isSecretField(field: string): boolean {
  return !OPEN_FIELDS.has(field);
}

/** What the vault keeps for ourselves, and no program gets: passphrases of identities. */
export const OWN_SECRETS = 'secretctl/';

export function isOwnSecret(name: string): boolean {
  return name.startsWith(OWN_SECRETS);
}
