// `npm run demo`: the same questions to a real server on a real database, without secretctl and with it.
// Exit status 1 when the password reached the client that speaks through secretctl.

import { leaksIn, stringsOf } from '../test/support/credentials.js';
import { ENDING_SIGNALS, exitOnSignals, statusOf } from '../test/support/leave-nothing.js';
import type { Session } from '../test/support/mcp.js';
import { askBoth, type Answers } from './questions.js';
import { heading, paint, row, rule, type Screen } from './screen.js';
import { onStage, type Stage } from './stage.js';

const { stdout, env } = process;
const screen: Screen = { columns: Math.min(Math.max(stdout.columns ?? 100, 80), 120), colour: wantsColour() };

const interruption = interruptible();

print(paint('Starting a real PostgreSQL with a small shop in it …', 'dim', screen));
try {
  process.exitCode = await onStage(interruption, perform);
} catch (error) {
  if (!interruption.aborted) throw error;
}
print(paint('Cleaned up: no process and no folder left. Your own next step: secretctl init', 'dim', screen));

async function perform(stage: Stage): Promise<number> {
  introduce(stage);
  const answers = await askBoth(stage.direct, stage.launched, interruption);
  for (const answer of answers) for (const line of row(answer, stage.shop.password, screen)) print(line.trimEnd());
  print(rule(screen));
  return conclude(stage, answers);
}

/** The first signal stops the demo in good order, a second one at once. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  // A reader that has seen enough (`| head`) ends the demo in good order, too.
  stdout.on('error', () => controller.abort());
  for (const signal of ENDING_SIGNALS) {
    process.once(signal, () => {
      process.exitCode = statusOf(signal);
      controller.abort();
      exitOnSignals();
    });
  }
  return controller.signal;
}

function introduce({ version, port }: Stage): void {
  const setting = `PostgreSQL ${version} on 127.0.0.1:${port}, the official server-postgres, a client of the SDK`;
  print(`${paint('secretctl', 'bold', screen)} ${paint(`· ${setting}`, 'dim', screen)}`);
  print(rule(screen));
  print(heading(screen));
}

/** Counts in all that the clients received and in stderr, not only in what the table shows. */
function conclude({ direct, launched, shop }: Stage, answers: readonly Answers[]): number {
  const without = leaksOf(direct, shop.password);
  const reached = leaksOf(launched, shop.password);
  const honest = answers.filter((answer) => leaksIn(answer.direct, shop.password).length === 0);
  const changed = honest.filter((answer) => answer.direct !== answer.launched).length;
  const passed = reached === 0 && without > 0 && changed === 0;
  const words = `Without secretctl the password reached the model ${without} times, with secretctl ${reached} times.`;
  print(paint(words, passed ? 'green' : 'red', screen));
  if (changed > 0) print(paint(`${changed} answers without a password came back changed.`, 'red', screen));
  print(paint('Masking is no boundary: reverse(value) would pass. Grant a role only what it needs.', 'dim', screen));
  return passed ? 0 : 1;
}

function leaksOf(session: Session, password: string): number {
  return leaksIn([...stringsOf(session.received), session.stderr()].join('\n'), password).length;
}

/** https://no-color.org: any value but the empty one. */
function wantsColour(): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '' } = env;
  return NO_COLOR === '' && (FORCE_COLOR !== '' || stdout.isTTY);
}

function print(line: string): void {
  stdout.write(`${line}\n`);
}
