// What the demo asks the server: two honest questions, then the password in the ways a curious model may try.

import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { at, listAt, textAt } from '../test/support/data.js';
import { answerOf, type Session } from '../test/support/mcp.js';

export interface Question {
  readonly title: string;
  /** What is sent, as the table shows it. */
  readonly shown: string;
  readonly ask: (client: Client) => Promise<unknown>;
}

const PASSWORD = "FROM settings WHERE key = 'db.password'";

export const QUESTIONS: readonly Question[] = [
  { title: 'the tools', shown: 'tools/list', ask: (client) => client.listTools() },
  sql('the customers', 'SELECT name, city', 'SELECT name, city FROM customers LIMIT 2'),
  sql('the password', 'SELECT value', `SELECT value ${PASSWORD}`),
  sql('in a URL', "key = 'db.url'", "SELECT value FROM settings WHERE key = 'db.url'"),
  sql('in a JSON column', 'SELECT config', 'SELECT config FROM integrations WHERE id = 1'),
  sql('as base64', "encode(…, 'base64')", `SELECT encode(convert_to(value, 'UTF8'), 'base64') ${PASSWORD}`),
  sql(
    'as basic auth',
    "encode('shop:' || …)",
    `SELECT encode(convert_to('shop:' || value, 'UTF8'), 'base64') ${PASSWORD}`,
  ),
  sql('as hex', "encode(…, 'hex')", `SELECT encode(convert_to(value, 'UTF8'), 'hex') ${PASSWORD}`),
  sql('as bytea', 'convert_to(value, …)', `SELECT convert_to(value, 'UTF8') AS bytes ${PASSWORD}`),
  sql('in an error', 'value::int', `SELECT value::int ${PASSWORD}`),
];

function sql(title: string, shown: string, statement: string): Question {
  const ask = (client: Client) => client.callTool({ name: 'query', arguments: { sql: statement } });
  return { title, shown, ask };
}

export interface Answers {
  readonly question: Question;
  readonly direct: string;
  readonly launched: string;
}

/** Puts every question to both, one after the other, as a model would. */
export async function askBoth(direct: Session, launched: Session, signal: AbortSignal): Promise<readonly Answers[]> {
  const answers: Answers[] = [];
  for (const question of QUESTIONS) {
    signal.throwIfAborted();
    answers.push({
      question,
      direct: readable(await answerOf(question.ask(direct.client))),
      launched: readable(await answerOf(question.ask(launched.client))),
    });
  }
  return answers;
}

/** The text a model reads: of a tool's result its text, of an error its message, of everything else the JSON. */
function readable(answer: unknown): string {
  if (at(answer, 'error') !== undefined) return oneLine(textAt(answer, 'error', 'message'));
  if (at(answer, 'content') === undefined) return oneLine(JSON.stringify(answer));
  const texts = listAt(answer, 'content').map((item) => textAt(item, 'text'));
  return oneLine(texts.join('\n'));
}

function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/([[{]) /g, '$1')
    .replace(/ ([\]}])/g, '$1');
}
