// What a command is: a row of the table in commands.ts.

import type { Host } from '../system/host.js';

export interface Flag {
  /** `optional`: the value may be left out (`--key-file` or `--key-file PATH`). */
  readonly type: 'boolean' | 'string' | 'optional';
  readonly multiple?: boolean;
  readonly short?: string;
  readonly help: string;
  /** How the value is called in the help. */
  readonly value?: string;
}

export interface ParsedArguments {
  readonly positionals: readonly string[];
  /** What stands after `--`. */
  readonly rest: readonly string[];
  has(flag: string): boolean;
  /** The value of a flag; the empty text where an optional value was left out; undefined without the flag. */
  text(flag: string): string | undefined;
  all(flag: string): readonly string[];
}

export interface Command {
  /** One or two words: `set`, `profile check`. */
  readonly name: string;
  readonly summary: string;
  /** What follows the name: `NAME [--field FIELD]`. */
  readonly usage: string;
  readonly details?: string;
  /** Shown in the help; the command that most people need first. */
  readonly examples: readonly string[];
  readonly flags?: Readonly<Record<string, Flag>>;
  /** How many arguments it takes: at least, at most. */
  readonly arguments: readonly [number, number];
  /** Takes arguments of another program after `--`. */
  readonly passesRest?: boolean;
  /** What happens to an error, also one of the arguments; by default it is printed. Resolves with the exit status. */
  report?(host: Host, error: unknown): Promise<number>;
  /** Resolves with the exit status. */
  run(host: Host, args: ParsedArguments): Promise<number> | number;
}
