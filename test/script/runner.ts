// Plays a story in folders of its own, and says at which line it went another way.

import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { randomPassword } from '../support/credentials.js';
import { cleanEnv, secretctl } from '../support/cli.js';
import { noTerminal, terminal } from '../support/terminal.js';
import { wordsOf, type Deed, type Line, type Run, type Story } from './story.js';

/** What a story can reach; tests of the runner put others in their place. */
export interface Commands {
  readonly secretctl: typeof secretctl;
  readonly terminal: typeof terminal;
}

interface Scene {
  readonly variables: Map<string, string>;
  readonly secrets: string[];
  readonly env: Record<string, string>;
  cwd: string;
  stdout: string;
}

/** Why this story cannot be played here; undefined when it can. */
export function obstacle(story: Story): string | undefined {
  const wanted = story.steps.some((step) => step.kind === 'run' && step.terminal);
  return wanted ? noTerminal() : undefined;
}

/** Plays below `folder`, which is empty and private. Throws at the first line that is not as it should be. */
export async function play(story: Story, folder: string, commands: Commands = { secretctl, terminal }): Promise<void> {
  const scene = prepare(story, folder);
  for (const step of story.steps) {
    try {
      if (step.kind === 'deed') perform(step, scene);
      else await runStep(step, scene, commands);
    } catch (error) {
      throw new Error(`line ${step.at}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}

function prepare(story: Story, folder: string): Scene {
  const [home, work] = [resolve(folder, 'home'), resolve(folder, 'work')];
  for (const path of [home, work]) mkdirSync(path, { mode: 0o700 });
  const variables = new Map([
    ['HOME', home],
    ['WORK', work],
    ['NODE', process.execPath],
  ]);
  const scene = { variables, secrets: [], env: cleanEnv(home), cwd: work, stdout: '' };
  for (const [name, text] of story.files) {
    const path = resolve(work, expand(name, scene));
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, expand(text, scene), { mode: 0o600 });
  }
  return scene;
}

/** `$NAME` of the story's own variables; any other dollar stays. */
function expand(text: string, { variables }: Scene, write = (value: string) => value): string {
  return text.replace(/\$([A-Z][A-Z_]*)/g, (all, name) => {
    const value = variables.get(String(name));
    return value === undefined ? all : write(value);
  });
}

function perform({ words }: Deed, scene: Scene): void {
  const [deed, first = '', second = ''] = words.map((word, index) => (index === 0 ? word : expand(word, scene)));
  const path = resolve(scene.cwd, first);
  if (deed === 'secret') {
    scene.secrets.push(randomPassword());
    scene.variables.set(first, scene.secrets.at(-1) ?? '');
  } else if (deed === 'env') scene.env[first] = second;
  else if (deed === 'cd') scene.cwd = path;
  else if (deed === 'copy') copyFileSync(path, resolve(scene.cwd, second));
  else if (deed === 'chmod') chmodSync(resolve(scene.cwd, second), Number.parseInt(first, 8));
  else if (deed === 'save') scene.variables.set(first, groupOf(second, scene.stdout));
  else if (deed === 'missing') demand(!existsSync(path), `${path} exists`);
  else if (deed === 'mode') {
    const mode = (statSync(path).mode & 0o777).toString(8);
    demand(mode === second, `${path} has the mode ${mode}`);
  }
}

function groupOf(regex: string, text: string): string {
  const found = new RegExp(regex, 'm').exec(text)?.[1];
  demand(found !== undefined, `/${regex}/ is not in the last stdout:\n${text}`);
  return found ?? '';
}

async function runStep(step: Run, scene: Scene, commands: Commands): Promise<void> {
  const [program, ...args] = wordsOf(step.command).map((word) => expand(word, scene));
  demand(program === 'secretctl', 'a story runs secretctl only');
  const { env, cwd } = scene;
  if (step.terminal) {
    const dialogue = step.prompts.map(
      (prompt, index) => [regexOf(prompt, scene), `${expand(step.answers[index] ?? '', scene)}\n`] as const,
    );
    const { status, screen } = await commands.terminal(args, { env, cwd, dialogue });
    scene.stdout = screen;
    judge(step, scene, { status, all: screen }, () => {
      for (const line of step.stdout) demandLine(line, screen, scene);
    });
    return;
  }
  const input = step.input.map((line) => `${expand(line, scene)}\n`).join('');
  const { status, stdout, stderr } = await commands.secretctl(args, { env, cwd, input });
  scene.stdout = stdout;
  judge(step, scene, { status, all: `${stdout}${stderr}` }, () => {
    demandWhole(step.stdout, stdout, scene);
    for (const line of step.stderr) demandLine(line, stderr, scene);
  });
}

/** What holds for every command: its status, what must not be seen, and no secret unless the story says so. */
function judge(step: Run, scene: Scene, ran: { status: number | null; all: string }, checkOutput: () => void): void {
  const report = `\n$ ${step.command}\n${ran.all}`;
  demand(ran.status === step.status, `status ${ran.status} instead of ${step.status}${report}`);
  const shown = step.reveals ? [] : scene.secrets.filter((secret) => ran.all.includes(secret));
  demand(shown.length === 0, `the output shows a secret`);
  for (const regex of step.absent) demand(!regexOf(regex, scene).test(ran.all), `/${regex}/ is in the output${report}`);
  try {
    checkOutput();
  } catch (error) {
    throw new Error(`${String(error instanceof Error ? error.message : error)}${report}`, { cause: error });
  }
}

function demandWhole(expected: readonly Line[], stdout: string, scene: Scene): void {
  const pattern = expected
    .map((line) => (line === 'any' ? '(?:.*\\n)*' : `${sourceOf(line, scene)}${endOf(line)}`))
    .join('');
  demand(new RegExp(`^${pattern}$`).test(stdout), 'stdout is another');
}

function demandLine(line: Line, output: string, scene: Scene): void {
  if (line === 'any') return;
  const wanted = 'exact' in line ? line.exact : line.regex;
  const found = wanted === '' ? output === '' : new RegExp(`^${sourceOf(line, scene)}$`, 'm').test(output);
  demand(found, wanted === '' ? 'stderr is not empty' : `no such line: ${wanted}`);
}

function endOf(line: Exclude<Line, 'any'>): string {
  return 'exact' in line ? (line.end ?? '\\n') : '\\n';
}

/** A regex line may match anywhere in its line; values of variables stand for themselves. */
function sourceOf(line: Exclude<Line, 'any'>, scene: Scene): string {
  if ('exact' in line) return escapeRegex(expand(line.exact, scene));
  const source = expand(line.regex, scene, escapeRegex);
  return `${source.startsWith('^') ? '' : '.*'}(?:${source.replace(/^\^|\$$/g, '')})${source.endsWith('$') ? '' : '.*'}`;
}

function regexOf(source: string, scene: Scene): RegExp {
  return new RegExp(expand(source, scene, escapeRegex), 'm');
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
