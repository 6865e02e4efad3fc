// One error class and a closed set of codes. A code decides the exit status (sysexits(3), plus the shell's
// 124, 126 and 127) and a hint that is used when the thrower knows nothing better.
// Neither message nor hint may ever hold the value of a secret.

const CODES = {
  usage: { status: 64, hint: 'secretctl help' },
  'bad-profile': { status: 65, hint: 'secretctl profile check NAME' },
  'bad-data': { status: 65, hint: undefined },
  'not-supported': { status: 65, hint: undefined },
  'vault-damaged': { status: 65, hint: 'restore vault.sctl from its backup vault.sctl.bak-1' },
  'profile-not-found': { status: 66, hint: 'secretctl profile list' },
  'secret-not-found': { status: 66, hint: 'secretctl list' },
  'vault-not-found': { status: 66, hint: 'secretctl init' },
  'file-not-found': { status: 66, hint: undefined },
  unavailable: { status: 69, hint: undefined },
  'vault-busy': { status: 69, hint: undefined },
  internal: { status: 70, hint: undefined },
  'scrub-failed': { status: 70, hint: undefined },
  io: { status: 74, hint: undefined },
  locked: { status: 77, hint: 'secretctl vault slots add keyfile' },
  untrusted: { status: 77, hint: 'secretctl trust NAME' },
  'no-terminal': { status: 77, hint: undefined },
  'not-permitted': { status: 77, hint: undefined },
  'unsafe-file': { status: 77, hint: undefined },
  rollback: { status: 77, hint: undefined },
  config: { status: 78, hint: undefined },
  timeout: { status: 124, hint: undefined },
  'not-executable': { status: 126, hint: undefined },
  'command-not-found': { status: 127, hint: undefined },
} as const satisfies Record<string, { status: number; hint: string | undefined }>;

export type ErrorCode = keyof typeof CODES;

export const ERROR_CODES: Readonly<Record<ErrorCode, { status: number; hint: string | undefined }>> = CODES;

/** Lower case, no full stop: `message` says what happened, `hint` is a command or the next step. */
export class SecretctlError extends Error {
  override readonly name = 'SecretctlError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint ?? CODES[code].hint;
  }

  get exitStatus(): number {
    return CODES[this.code].status;
  }
}

/** The `code` of a failed system call (`ENOENT`, `EACCES`, …); undefined for anything else. By shape: errors may cross realms. */
export function systemCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
