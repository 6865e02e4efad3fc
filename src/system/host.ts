// What a command may know of the outside world. main.ts builds the real one; tests build their own.

import type { Readable, Writable } from 'node:stream';
import type { Places } from './places.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Host {
  /** Arguments after the program's name. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  /** Data only; under `mcp-launch` nothing but the server's JSON-RPC. */
  readonly stdout: Writable & { readonly isTTY?: boolean };
  /** For people: prompts, warnings, errors. */
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly platform: NodeJS.Platform;
  /** Home folder from the password database, never from the variable HOME. */
  readonly accountHome: string;
  /** Effective user id; undefined on Windows. */
  readonly uid: number | undefined;
  readonly pid: number;
  /** The program that runs us. */
  readonly node: string;
  readonly places: Places;
  /** Folder of the built-in profiles. */
  readonly builtinProfiles: string;
  readonly now: () => Date;
}
