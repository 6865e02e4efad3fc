// What every provider of secrets looks like. A new one: a file in providers/, a line in the table there, and a line in
// profile/schemes.ts for what its references look like.

import { SecretctlError, systemCode } from '../errors.js';
import type { Reference } from '../profile/types.js';
import type { RunTool } from '../process/tool.js';
import type { Environment } from '../system/host.js';
import type { Asker } from '../vault/restrictions.js';
import type { Vault } from '../vault/store.js';
import type { ResolvedField } from './secret.js';

export interface Provider {
  /** A command for people that lack the secret. */
  hint(reference: Reference, platform: NodeJS.Platform): string | undefined;
  /**
   * Where nobody approved the plan but a pin allows it: why this provider may not be asked; undefined when it may.
   * Only what needs a credential from the environment may: a desktop session, a keyring or a file would be the user's.
   */
  refusesPin(context: ProviderContext): string | undefined;
  /**
   * Called once per launch, with every secret that is asked of it (fields of one secret are one question). One answer for
   * each, in the same order; undefined when there is no such secret. Never rejects with anything but a SecretctlError,
   * and no text of one holds a value.
   */
  resolve(references: readonly Reference[], context: ProviderContext): Promise<readonly Answer[]>;
}

/** What a provider said to one question. */
export type Answer = ProvidedSecret | SecretctlError | undefined;

export type ProvidedSecret =
  | {
      readonly kind: 'value';
      readonly value: string;
      /** What a field of it is, where the text is no JSON; undefined when there is none of that name. */
      readonly part?: (field: string) => string | undefined;
    }
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, ResolvedField> };

export interface ProviderContext {
  /** Open; undefined where there is none. */
  readonly vault: Vault | undefined;
  /** The plan that asks; undefined for a command of a person's own. */
  readonly asker: Asker | undefined;
  /** Of the launcher: tokens and addresses of secret managers. */
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly uid: number | undefined;
  /** Where `file://` starts. */
  readonly profileFolder: string;
  /** Files of ours that open what is locked: no reference reads them. */
  readonly ownFiles: readonly string[];
  /** Opens a sealed value; undefined where the profile has no seal. */
  readonly unseal: ((reference: Reference) => ProvidedSecret) | undefined;
  /** Starts another program, without a shell, looked up where no repository can put one. */
  readonly runTool: RunTool;
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
  /** What has to be given back when the child is gone: a lease. */
  readonly onEnd: (release: Release) => void;
  readonly warn: (message: string) => void;
}

export interface Release {
  /** Given to the provider again and again until the end; undefined: nothing to renew. */
  readonly renew?: { readonly afterMs: number; readonly run: (signal: AbortSignal) => Promise<number | undefined> };
  /** Once, at the end. May fail. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** After all others: they need it. */
  readonly last?: true;
}

/** By scheme. Loaded when a profile names one. */
export type Providers = Readonly<Record<string, () => Provider | Promise<Provider>>>;

/** For a provider that answers one question at a time: all at once, and the failure of one is its own. */
export function oneByOne(
  ask: (reference: Reference, context: ProviderContext) => Promise<ProvidedSecret | undefined>,
): Provider['resolve'] {
  return (references, context) =>
    Promise.all(
      references.map(async (reference): Promise<Answer> => {
        try {
          return await ask(reference, context);
        } catch (error) {
          return asFailure(error, reference.scheme);
        }
      }),
    );
}

/** The text of a foreign error may hold anything, a value included. */
export function asFailure(error: unknown, scheme: string): SecretctlError {
  if (error instanceof SecretctlError) return error;
  return new SecretctlError('unavailable', `the provider of ${scheme}:// failed (${systemCode(error) ?? 'no code'})`);
}
