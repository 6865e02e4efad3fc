// A story: commands and what they must print, as a person would note them down. This is its grammar; nothing runs here.
//
//   # what the story pins             comment
//   secret TOKEN                      $TOKEN is a new random credential: no output may show it, unless `reveals` is said
//   env NAME value · save NAME regex  set a variable of the commands · keep the regex's group of the last stdout, or screen, as $NAME
//   cd DIR · chmod 644 PATH · copy A B   of the folder $WORK, where the story plays; $HOME is the folder of secretctl
//   mode PATH 600 · missing PATH      what must be so
//   $ secretctl list 'a b'            runs it, stdin a pipe      % secretctl trust shop    runs it on a terminal
//   < text                            one line of stdin          ? regex                   waits for a prompt
//   > text                            exact line of stdout       : text                    types an answer
//   >~ regex                          line of stdout             >...                      any number of lines
//   >- text                           the last line, which ends without a newline
//   2> text · 2>~ regex · 2!~ regex   a line that stderr must have, or must not have; `2>` alone: stderr is empty
//   status 77                         default 0                  reveals                   this command may show secrets
//   -- profiles/shop.yaml --          from here on: files, made before the first command, mode 600
//
// stdout is data, so it must match as a whole; stderr is for people, so lines are looked for in it. On a terminal both
// are one, and > lines are looked for as well.

export type Line = { readonly exact: string; readonly end?: string } | { readonly regex: string } | 'any';

export interface Run {
  readonly kind: 'run';
  readonly at: number;
  readonly terminal: boolean;
  readonly command: string;
  readonly input: string[];
  readonly prompts: string[];
  readonly answers: string[];
  readonly stdout: Line[];
  readonly stderr: Line[];
  readonly absent: string[];
  status: number;
  reveals: boolean;
}

export interface Deed {
  readonly kind: 'deed';
  readonly at: number;
  readonly words: readonly string[];
}

export interface Story {
  readonly title: string;
  readonly steps: readonly (Run | Deed)[];
  readonly files: ReadonlyMap<string, string>;
}

const DEEDS = new Set(['secret', 'env', 'save', 'cd', 'chmod', 'copy', 'mode', 'missing']);

/** Throws with the line's number when a line is none of the above. */
export function parseStory(text: string): Story {
  const [play = '', ...sections] = text.split(/^-- (.+) --\n/m);
  const lines = play.split('\n');
  const steps: (Run | Deed)[] = [];
  for (const [index, line] of lines.entries()) readLine(line, index + 1, steps);
  const files = new Map<string, string>();
  for (let index = 0; index < sections.length; index += 2) files.set(sections[index] ?? '', sections[index + 1] ?? '');
  return { title: (lines[0] ?? '').replace(/^# */, ''), steps, files };
}

function readLine(line: string, at: number, steps: (Run | Deed)[]): void {
  if (line.trim() === '' || line.startsWith('#')) return;
  const [mark = '', rest = ''] = parted(line);
  if (mark === '$' || mark === '%') steps.push(newRun(at, mark === '%', rest));
  else if (DEEDS.has(mark)) steps.push({ kind: 'deed', at, words: [mark, ...deedWords(mark, rest)] });
  else {
    const run = steps.at(-1);
    if (run?.kind !== 'run' || !addTo(run, mark, rest)) throw new Error(`line ${at} is not understood: ${line}`);
  }
}

/** Up to the first space, and after it: later spaces belong to the text. */
function parted(line: string): readonly string[] {
  const space = line.indexOf(' ');
  return space === -1 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
}

/** The last word of `env` and `save` is the rest of the line. */
function deedWords(deed: string, rest: string): readonly string[] {
  return deed === 'env' || deed === 'save' ? parted(rest) : rest.split(' ');
}

function newRun(at: number, terminal: boolean, command: string): Run {
  const empty = { input: [], prompts: [], answers: [], stdout: [], stderr: [], absent: [] };
  return { kind: 'run', at, terminal, command, ...empty, status: 0, reveals: false };
}

function addTo(run: Run, mark: string, rest: string): boolean {
  if (mark === '<') run.input.push(rest);
  else if (mark === '?') run.prompts.push(rest);
  else if (mark === ':') run.answers.push(rest);
  else if (mark === '>') run.stdout.push({ exact: rest });
  else if (mark === '>-') run.stdout.push({ exact: rest, end: '' });
  else if (mark === '>~') run.stdout.push({ regex: rest });
  else if (mark === '>...') run.stdout.push('any');
  else if (mark === '2>') run.stderr.push({ exact: rest });
  else if (mark === '2>~') run.stderr.push({ regex: rest });
  else if (mark === '2!~') run.absent.push(rest);
  else if (mark === 'status') run.status = Number(rest);
  else if (mark === 'reveals') run.reveals = true;
  else return false;
  return true;
}

/** Words as a shell would part them; single and double quotes only group. */
export function wordsOf(command: string): readonly string[] {
  const words = command.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => String(single ?? double)));
}
