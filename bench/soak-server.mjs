// A server for bench/soak.mjs: answers each request with a line of the corpus, some of them with its token in it, and writes to
// stderr now and then.

import { createInterface } from 'node:readline';
import { corpus } from './corpus.mjs';

const token = process.env.TOKEN ?? '';
const lines = corpus(5e6, 'findings', [token]).map((line) => JSON.parse(line.toString()));
let asked = 0;

createInterface({ input: process.stdin }).on('line', (text) => {
  const { id } = JSON.parse(text);
  const { result = {} } = lines[asked++ % lines.length];
  process.stdout.write(`${JSON.stringify({ result, jsonrpc: '2.0', id })}\n`);
  if (asked % 50 === 0) process.stderr.write(`${asked} requests, token ${token}\n`);
});
