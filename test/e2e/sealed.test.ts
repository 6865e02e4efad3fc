// A profile in a repository, sealed for a laptop and for CI: trusted on the one, pinned on the other, and refused on both
// once somebody without its key has changed it.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cleanEnv, type Run, secretctl } from '../support/cli.js';
import { randomPassword } from '../support/credentials.js';
import { parseJson, textAt } from '../support/data.js';
import { notRun } from '../support/errors.js';
import { temporaryFolder, type TemporaryFolder } from '../support/leave-nothing.js';
import { noTerminal, terminal } from '../support/terminal.js';

const PASSWORD = randomPassword();
/** Answers each line with its environment. */
const SERVER = `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) =>
  console.log(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(line).id, result: { env: process.env } })));`;
const REQUEST = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'env' })}\n`;

let folder: TemporaryFolder;
let repository: string;
let laptop: Record<string, string>;
let ci: Record<string, string>;

const inRepository = (args: readonly string[], env: Record<string, string>, input = ''): Promise<Run> =>
  secretctl(args, { env, cwd: repository, input });
const demand = async (args: readonly string[], env: Record<string, string>, input = ''): Promise<string> => {
  const { status, stdout, stderr } = await inRepository(args, env, input);
  if (status !== 0) throw new Error(`secretctl ${args.join(' ')}: ${stderr}`);
  return stdout;
};
const pinOf = async (): Promise<string> =>
  textAt(parseJson(await demand(['profile', 'check', 'shop', '--json'], laptop)), 'pin');
const launch = (env: Record<string, string>): Promise<Run> => inRepository(['mcp-launch', 'shop'], env, REQUEST);

beforeAll(async () => {
  folder = await temporaryFolder();
  repository = join(folder.path, 'repository');
  mkdirSync(join(repository, '.git'), { recursive: true });
  mkdirSync(join(repository, 'profiles'));
  laptop = cleanEnv(join(folder.path, 'laptop'));
  // No vault at all: a key in a file, as a CI system hands it over.
  ci = { ...cleanEnv(join(folder.path, 'ci')), SECRETCTL_IDENTITY: join(folder.path, 'ci.pem') };
  await demand(['init', '--key-file'], laptop);
  await demand(['identity', 'new'], laptop);
  await demand(['identity', 'new', '--no-passphrase', '--out', join(folder.path, 'ci.pem')], ci);
  writeFileSync(join(folder.path, 'ci.pub'), await demand(['identity', 'show'], ci));
  const profile = `secretctl: 1
name: shop
server:
  command: ${JSON.stringify(process.execPath)}
  args: ["-e", ${JSON.stringify(SERVER)}]
env:
  PGHOST: db.internal   # where it is
  PGPASSWORD: ""
  API_TOKEN: ""   # OpenSSL alone opens it
`;
  writeFileSync(join(repository, 'profiles', 'shop.yaml'), profile);
  const seal = ['seal', 'profiles/shop.yaml', '--field', 'env.PGPASSWORD', '--recipient', `ci=${folder.path}/ci.pub`];
  await demand([...seal, '--as', 'ada'], laptop, PASSWORD);
  await demand(['seal', 'profiles/shop.yaml', '--field', 'env.API_TOKEN', '--cms'], laptop, randomPassword());
});
afterAll(() => folder.remove());

const GIVEN = { PGHOST: 'db.internal', PGPASSWORD: '[REDACTED:PGPASSWORD]', API_TOKEN: '[REDACTED:API_TOKEN]' };
const environmentIn = ({ stdout }: Run): unknown => (parseJson(stdout) as { result: { env: unknown } }).result.env;

test('launches in CI, where its pin is set, with an identity and no vault', async () => {
  const run = await launch({ ...ci, SECRETCTL_TRUST: await pinOf() });
  expect([run.status, environmentIn(run)]).toEqual([0, expect.objectContaining(GIVEN)]);
  expect(environmentIn(run)).not.toHaveProperty('SECRETCTL_IDENTITY');
});

test('does not launch in CI without its pin', async () => {
  const run = await launch(ci);
  expect([run.status, run.stderr]).toEqual([77, expect.stringContaining('nobody on this machine has approved')]);
});

test('launches on the laptop, once its owner has approved it', async () => {
  const missing = noTerminal();
  if (missing !== undefined) return notRun(missing);
  expect((await launch(laptop)).status).toBe(77);
  const answers = [
    [/y\/N/, 'y\n'],
    [/profile's name/, 'shop\n'],
  ] as const;
  const { status, screen } = await terminal(['trust', 'shop'], { env: laptop, cwd: repository, dialogue: answers });
  expect([status, screen]).toEqual([0, expect.stringMatching(/sealed for +ada/)]);
  const run = await launch(laptop);
  expect([run.status, environmentIn(run)]).toEqual([0, expect.objectContaining(GIVEN)]);
});

test('is refused everywhere once its host was changed by hand, whatever is pinned', async () => {
  const path = join(repository, 'profiles', 'shop.yaml');
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('db.internal', 'evil.internal'));
  try {
    const run = await launch({ ...ci, SECRETCTL_TRUST: await pinOf() });
    expect([run.status, run.stderr]).toEqual([65, expect.stringContaining('the seal of the profile does not fit')]);
    expect(textAt((parseJson(run.stdout) as { error: unknown }).error, 'message')).toContain('seal');
    expect((await launch(laptop)).status).toBe(77);
  } finally {
    writeFileSync(path, text);
  }
});

test('no vault of a person is put aside by a variable', async () => {
  // A client's configuration names an identity of the repository, and a pin of its own.
  const env = { ...laptop, SECRETCTL_IDENTITY: join(repository, 'identity.pem'), SECRETCTL_TRUST: await pinOf() };
  const run = await launch(env);
  expect([run.status, run.stderr]).toEqual([77, expect.stringContaining('inside the git work tree')]);
});
