import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { temporaryFolder } from '../support/leave-nothing.js';
import { root } from '../support/project.js';
import { obstacle, play, type Commands } from './runner.js';
import { parseStory } from './story.js';

const FOLDER = join(root, 'test', 'script');

async function playText(text: string, commands?: Commands): Promise<void> {
  const folder = await temporaryFolder('secretctl-story-');
  try {
    await play(parseStory(text), folder.path, commands);
  } finally {
    await folder.remove();
  }
}

// On a loaded machine a pseudo-terminal can echo what is typed between two prompts: a second try, and the first is printed.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

describe('stories', () => {
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.txt'))) {
    const story = parseStory(readFileSync(join(FOLDER, name), 'utf8'));
    const why = obstacle(story);
    const tell = why === undefined ? test : test.skip;
    if (why !== undefined) process.stderr.write(`skipped ${name}: ${why}\n`);
    tell(
      `${name}: ${story.title}`,
      async () => {
        await playText(readFileSync(join(FOLDER, name), 'utf8'));
      },
      60_000,
    );
  }
});

/** A stand-in that says what it was given: first argument to stdout, stdin to stderr, status from the last argument. */
const parrot: Commands = {
  secretctl: async ([said = '', status = '0'], options) => {
    return { status: Number(status), signal: null, stdout: `${said}\n`, stderr: options?.input ?? '' };
  },
  terminal: async (args) => ({ status: 0, screen: args.join('\n') }),
};

describe('the runner', () => {
  const passes = [
    ['an exact line', '$ secretctl hello\n> hello\n'],
    ['a regex', '$ secretctl hello\n>~ ^h.*o$\n'],
    ['a line without an end', '$ secretctl hello\n>...\n>-\n'],
    ['any lines', '$ secretctl hello\n>...\n'],
    ['stdin, status and stderr', '$ secretctl x 3\n< one\n< two\n> x\n2> two\n2>~ on\n2!~ three\nstatus 3\n'],
    ['quotes and files', "$ secretctl 'a b'\n> a b\nmode f 600\n-- f --\ntext\n"],
    ['what was saved', '$ secretctl id=7\n> id=7\nsave ID id=(\\d)\n$ secretctl $ID\n> 7\n'],
    ['a secret that may be shown', 'secret A\n$ secretctl $A\n> $A\nreveals\n'],
  ] as const;
  test.each(passes)('accepts %s', async (_, text) => {
    await playText(text, parrot);
  });

  const failures = [
    ['another line', '$ secretctl hello\n> hell\n', 'stdout is another'],
    ['unexpected output', '$ secretctl hello\n', 'stdout is another'],
    ['another status', '$ secretctl x 3\n> x\n', 'status 3 instead of 0'],
    ['a missing line', '$ secretctl x\n> x\n2> y\n', 'no such line'],
    ['a forbidden line', '$ secretctl x\n> x\n2!~ x\n', 'is in the output'],
    ['stderr that is not empty', '$ secretctl x\n< y\n> x\n2>\n', 'stderr is not empty'],
    ['a secret in the output', 'secret A\n$ secretctl $A\n>...\n', 'shows a secret'],
    ['another mode', 'chmod 644 f\nmode f 600\n-- f --\n', 'has the mode 644'],
    ['a file that should be gone', 'missing f\n-- f --\n', 'exists'],
    ['a line without sense', 'hm\n', 'is not understood'],
  ] as const;
  test.each(failures)('refuses %s', async (_, text, reason) => {
    await expect(playText(text, parrot)).rejects.toThrow(reason);
  });
});
