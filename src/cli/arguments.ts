// Argument parsing: node:util's parseArgs, the fastest to start of those measured, with optional
// values and suggestions added.

import { parseArgs } from 'node:util';
import { SecretctlError } from '../errors.js';
import { closest } from '../system/closest.js';
import type { Command, Flag, ParsedArguments } from './command.js';

const HELP: Flag = { type: 'boolean', short: 'h', help: 'show this help' };

export function flagsOf(command: Command): Readonly<Record<string, Flag>> {
  return { ...command.flags, help: HELP };
}

/** Throws `usage` for an unknown flag, a missing value, or too few or too many arguments. */
export function parseArguments(command: Command, argv: readonly string[]): ParsedArguments {
  const flags = flagsOf(command);
  const { own, rest } = splitRest(argv);
  const { tokens } = parseArgs({
    args: own.flatMap((argument, index) => withOptionalValue(argument, own[index + 1], flags)),
    options: Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, optionOf(flag)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    else if (token.kind === 'option') {
      const flag = knownFlag(command, token.name, token.rawName);
      const value = valueOf(flag, token.rawName, token.value, command);
      if (values.has(token.name) && flag.multiple !== true) throw usage(command, `${token.rawName} was given twice`);
      values.set(token.name, [...(values.get(token.name) ?? []), value]);
    }
  }
  if (!values.has('help')) checkCount(command, positionals, rest);
  return {
    positionals,
    rest,
    has: (flag) => values.has(flag),
    text: (flag) => values.get(flag)?.[0],
    all: (flag) => values.get(flag) ?? [],
  };
}

export function usage(command: Pick<Command, 'name'>, message: string): SecretctlError {
  return new SecretctlError('usage', message, `secretctl help ${command.name}`);
}

function splitRest(argv: readonly string[]): { own: readonly string[]; rest: readonly string[] } {
  const end = argv.indexOf('--');
  return end === -1 ? { own: argv, rest: [] } : { own: argv.slice(0, end), rest: argv.slice(end + 1) };
}

/** parseArgs knows no optional values: `--key-file` without one becomes `--key-file=`. */
function withOptionalValue(
  argument: string,
  next: string | undefined,
  flags: Readonly<Record<string, Flag>>,
): string[] {
  const flag = argument.startsWith('--') ? flags[argument.slice(2)] : undefined;
  const bare = flag?.type === 'optional' && (next === undefined || next.startsWith('-'));
  return [bare ? `${argument}=` : argument];
}

function optionOf(flag: Flag) {
  const type = flag.type === 'boolean' ? ('boolean' as const) : ('string' as const);
  return flag.short === undefined ? { type } : { type, short: flag.short };
}

function knownFlag(command: Command, name: string, rawName: string): Flag {
  const flags = flagsOf(command);
  const flag = Object.hasOwn(flags, name) ? flags[name] : undefined;
  if (flag !== undefined) return flag;
  const near = closest(name, Object.keys(flags));
  const suggestion = near === undefined ? '' : `; did you mean --${near}?`;
  throw usage(command, `"secretctl ${command.name}" knows no flag ${rawName}${suggestion}`);
}

function valueOf(flag: Flag, rawName: string, value: string | undefined, command: Command): string {
  if (flag.type === 'boolean') {
    if (value !== undefined) throw usage(command, `${rawName} takes no value`);
    return '';
  }
  if (value === undefined) throw usage(command, `${rawName} needs a value`);
  return value;
}

function checkCount(command: Command, positionals: readonly string[], rest: readonly string[]): void {
  const [least, most] = command.arguments;
  if (positionals.length < least) throw usage(command, `"secretctl ${command.name}" needs ${requiredOf(command)}`);
  if (positionals.length > most) {
    const missing = command.passesRest === true ? ': "--" stands before those of the other program' : '';
    throw usage(command, `"secretctl ${command.name}" got too many arguments${missing}`);
  }
  if (rest.length > 0 && command.passesRest !== true) {
    throw usage(command, `"secretctl ${command.name}" takes nothing after "--"`);
  }
}

/** `NAME` of `NAME[#FIELD] [--reveal]`: what must be there stands first. */
function requiredOf({ usage: whole }: Command): string {
  return whole.replace(/\s*\[[^]*/, '');
}
