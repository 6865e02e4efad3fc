// `--key-fd N`: the bytes of a key file from whoever starts us, without a file that others could read.

import { usage } from './arguments.js';
import type { Command, Flag, ParsedArguments } from './command.js';

export const KEY_FD: Flag = {
  type: 'string',
  value: 'N',
  help: 'read the key file of the vault from this file descriptor',
};

/** Throws `usage`; 0, 1 and 2 belong to the command. */
export function keyFdOf(command: Pick<Command, 'name'>, args: ParsedArguments): number | undefined {
  const text = args.text('key-fd');
  if (text === undefined) return undefined;
  if (!/^(?:[3-9]|[1-9]\d{1,2})$/.test(text))
    throw usage(command, '--key-fd takes the number of an open file, from 3 on');
  return Number(text);
}
