// JSON-RPC errors that the relay gives in place of a line that it does not pass on (JSON-RPC 2.0 §5.1): the id as it came,
// a code outside of what JSON-RPC and MCP reserve, and a text that says who speaks.

/** `id` is raw JSON; `why` goes on after `secretctl: `. */
export function errorAnswer(id: string, code: number, why: string): string {
  return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message: `secretctl: ${why}` })}}`;
}

/** What is written in place of a line; undefined when nobody waits for an answer. */
export function answerLine(answers: readonly string[], isBatch: boolean): Buffer | undefined {
  const [only] = answers;
  if (only === undefined) return undefined;
  return Buffer.from(isBatch ? `[${answers.join(',')}]` : only);
}
