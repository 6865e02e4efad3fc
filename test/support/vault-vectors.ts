// The shape of a test vector of the vault format: a file in test/vectors/vault/.

export interface Vector {
  readonly about: string;
  /** `ok`, or the stage at which a reader must stop. `slot` is also the stage of a key that does not fit. */
  readonly expect: 'ok' | 'header' | 'slot' | 'mac' | 'entry' | 'limit';
  readonly keyFile?: keyof typeof KEY_FILES;
  readonly passphrase?: string;
  /** The file, ASCII. */
  readonly vault: string;
  /** For `ok`: all names and values. */
  readonly secrets?: Readonly<Record<string, unknown>>;
}

/** Bytes of the key files: 32 zeros, and 0 to 31. */
export const KEY_FILES = {
  zero: Buffer.alloc(32),
  counting: Buffer.from(Array.from({ length: 32 }, (_, i) => i)),
} as const;
