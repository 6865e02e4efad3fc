import { describe, expect, test } from '@jest/globals';
import { parseArguments } from '../../src/cli/arguments.js';
import type { Command } from '../../src/cli/command.js';
import { COMMANDS } from '../../src/cli/commands.js';
import { expiryOf } from '../../src/cli/expiry.js';
import { findCommand } from '../../src/cli/find-command.js';
import { helpOf } from '../../src/cli/help.js';
import { matchesGlob } from '../../src/system/glob.js';

const command: Command = {
  name: 'try',
  summary: 'for tests',
  usage: 'NAME',
  examples: ['secretctl try x'],
  flags: {
    file: { type: 'optional', help: 'a file' },
    tag: { type: 'string', multiple: true, help: 'a tag' },
    note: { type: 'string', help: 'a note' },
    all: { type: 'boolean', short: 'a', help: 'everything' },
  },
  arguments: [1, 2],
  passesRest: true,
  run: () => 0,
};

const parse = (...argv: string[]) => parseArguments(command, argv);

describe('arguments', () => {
  test('flags, values, arguments and the rest', () => {
    const args = parse('x', '--tag', 'a', '--tag=b', '-a', 'y', '--', '--tag', 'z');
    expect(args.positionals).toEqual(['x', 'y']);
    expect(args.all('tag')).toEqual(['a', 'b']);
    expect(args.has('all')).toBe(true);
    expect(args.rest).toEqual(['--tag', 'z']);
  });

  test.each([
    [['x', '--file'], ''],
    [['x', '--file', 'p'], 'p'],
    [['x', '--file=p'], 'p'],
    [['x', '--file', '--all'], ''],
    [['x'], undefined],
  ])('an optional value: %j', (argv, expected) => {
    expect(parse(...argv).text('file')).toBe(expected);
  });

  test.each([
    [[], /needs NAME/],
    [['x', 'y', 'z'], /too many/],
    [['x', '--notes', 'n'], /knows no flag --notes; did you mean --note\?/],
    [['x', '--quite-different'], /knows no flag --quite-different$/],
    [['x', '--note'], /--note needs a value/],
    [['x', '--all=yes'], /--all takes no value/],
    [['x', '--note', 'a', '--note', 'b'], /given twice/],
    [['x', '--__proto__'], /knows no flag/],
  ])('%j is refused', (argv, message) => {
    expect(() => parse(...argv)).toThrow(message);
  });
});

describe('the command table', () => {
  test.each([
    [['set', 'x'], 'set', ['x']],
    [['profile', 'check', 'x'], 'profile check', ['x']],
    [['vault', 'slots', 'add', 'keyfile'], 'vault slots add', ['keyfile']],
    [['profile', '--help'], 'profile', ['--help']],
    [['vault'], 'vault', []],
    [['vault', 'slots', '-h'], 'vault slots', ['-h']],
  ])('%j', (argv, name, rest) => {
    const found = findCommand(COMMANDS, argv);
    expect([found.command.name, found.rest]).toEqual([name, rest]);
  });

  test.each([
    [['mcp-lunch'], /did you mean "mcp-launch"/],
    [['profile', 'chekc'], /^there is no command "profile chekc"; did you mean "profile check"\?$/],
    [['profile', 'new', 'foo'], /^there is no command "profile new"; profile has list, show, check, pin$/],
    [['vault', 'slots', 'ad'], /^there is no command "vault slots ad"; did you mean "vault slots add"\?$/],
    [['vault', 'slts', 'add'], /^there is no command "vault slts add"; did you mean "vault slots add"\?$/],
    [['vault', 'open'], /^there is no command "vault open"; vault has slots, verify, rekey, export$/],
    [['vault', 'slots', 'zzzz'], /^there is no command "vault slots zzzz"; vault slots has list, add, remove$/],
    [['profil'], /^there is no command "profil"; profile has list, show, check, pin$/],
    [['profil', 'list'], /did you mean "profile list"/],
    [['gte', 'x'], /^there is no command "gte"; did you mean "get"\?$/],
    [['zzzzzz'], /there is no command "zzzzzz"$/],
  ])('%j is refused', (argv, message) => {
    expect(() => findCommand(COMMANDS, argv)).toThrow(message);
  });

  test.each(['profile', 'vault', 'vault slots'])('the group %s has help, and does nothing', (name) => {
    const { command: group } = findCommand(COMMANDS, name.split(' '));
    const members = COMMANDS.filter((member) => member.name.startsWith(`${name} `));
    for (const member of members) expect(helpOf(group)).toContain(member.summary);
    const host = {} as Parameters<Command['run']>[0];
    expect(() => group.run(host, parseArguments(group, []))).toThrow(/use one of: (profile|vault slots) list, /);
  });

  test.each([
    ['NAME [--field FIELD]', 'NAME'],
    ['NAME[#FIELD] [--reveal]', 'NAME'],
    ['keyfile [PATH]', 'keyfile'],
    ['NAME|PATH', 'NAME|PATH'],
  ])('%s needs %s', (written, needed) => {
    expect(() => parseArguments({ ...command, usage: written }, [])).toThrow(`"secretctl try" needs ${needed}`);
    expect(() => parseArguments({ ...command, usage: written }, [])).not.toThrow('[');
  });

  test.each(COMMANDS.map(({ name }) => name))('%s has help with an example that names it', (name) => {
    const { command: found } = findCommand(COMMANDS, name.split(' '));
    expect(helpOf(found)).toContain(`usage: secretctl ${name}`);
    expect(found.examples.every((example) => example.includes(`secretctl ${name}`))).toBe(true);
  });
});

describe('expiry', () => {
  const now = new Date('2030-01-01T00:00:00Z');
  test.each([
    ['30d', '2030-01-31T00:00:00.000Z'],
    ['12h', '2030-01-01T12:00:00.000Z'],
    ['2w', '2030-01-15T00:00:00.000Z'],
    ['2031-05-01', '2031-05-01T00:00:00.000Z'],
  ])('%s', (text, expected) => expect(expiryOf(text, now)).toBe(expected));

  test.each(['', 'soon', '0d', '-3d', '30 d', '2030-13-01', '5'])('%j is refused', (text) => {
    expect(() => expiryOf(text, now)).toThrow(/is no time/);
  });
});

describe('patterns of names', () => {
  test.each([
    ['*', 'anything', true],
    ['db/*', 'db/postgres/dev', true],
    ['db/*', 'github/token', false],
    ['*dev', 'db/postgres/dev', true],
    ['d?/x', 'db/x', true],
    ['d?/x', 'd/x', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-b-b', false],
    ['', '', true],
    ['x', 'xx', false],
    ['[a]', '[a]', true],
  ])('%j on %j', (pattern, name, expected) => expect(matchesGlob(pattern, name)).toBe(expected));

  test('grows with the length of the name, not faster', () => {
    expect(matchesGlob('*a'.repeat(50), 'a'.repeat(20_000) + 'b')).toBe(false);
  });
});
