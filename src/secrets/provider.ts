// What every provider of secrets looks like. A new one: a file in providers/, and a line in the table there.

import type { Reference } from '../profile/types.js';
import type { Vault } from '../vault/store.js';
import type { ResolvedField } from './secret.js';

export interface Provider {
  /** A command for people that lack the secret. */
  hint(reference: Reference): string | undefined;
  /**
   * The whole secret; its field is picked by the caller, so that several fields of one secret cost one question.
   * Undefined when there is none. Any other failure is a SecretctlError whose text holds no value.
   */
  resolve(reference: Reference, context: ProviderContext): Promise<ProvidedSecret | undefined>;
}

export type ProvidedSecret =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, ResolvedField> };

export interface ProviderContext {
  /** Open; undefined where there is none. */
  readonly vault: Vault | undefined;
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
}

/** By scheme. */
export type Providers = Readonly<Record<string, Provider>>;
