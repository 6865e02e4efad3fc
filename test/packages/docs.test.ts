// What docs/packages.md shows: a profile that is fine, and commands that exist.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseArguments } from '../../src/cli/arguments.js';
import { COMMANDS } from '../../src/cli/commands.js';
import { findCommand } from '../../src/cli/find-command.js';
import { checkProfile } from '../../src/profile/parse.js';
import { blocksOf, commandLinesOf } from '../support/markdown.js';
import { root } from '../support/project.js';

const page = readFileSync(join(root, 'docs', 'packages.md'), 'utf8');

test('the profile is fine', () => {
  const [profile = ''] = blocksOf(page, 'yaml');
  expect(checkProfile(Buffer.from(profile), 'shop')).toMatchObject({ problems: [], notes: [] });
});

test('the commands exist', () => {
  const lines = commandLinesOf(page);
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    const { command, rest } = findCommand(COMMANDS, line.trim().split(/\s+/).slice(1));
    expect(() => parseArguments(command, rest)).not.toThrow();
  }
});
