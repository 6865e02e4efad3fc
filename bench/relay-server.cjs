// The server of `npm run bench:relay`: as little as answers, so that what is measured is who stands in front of it. No SDK,
// and no ES module, which would start slower.
//   initialize               an MCP handshake
//   bench/result {size}      a result whose line has `size` bytes (without its newline)
//   tools/call {arguments}   the same, for its arguments
//   bench/burst {count}      `count` notifications with a counter, then the answer
//   bench/offer {count,size} `count` such results at once, whether or not anybody reads
//   bench/echo {…}           the parameters, byte for byte

const { stdin, stdout } = process;
const NEWLINE = 0x0a;
let payload;
/** The line that goes on, as it came. */
let pending = [];

stdin.on('data', (chunk) => {
  let start = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
    const line = chunk.subarray(start, at);
    void answer(pending.length === 0 ? line : Buffer.concat([...pending, line]));
    pending = [];
    start = at + 1;
  }
  if (start < chunk.length) pending.push(chunk.subarray(start));
});
// Whoever read us has gone: so do we, also with output that nobody took.
stdout.on('error', () => process.exit(1));

async function answer(line) {
  const { id, method, params } = JSON.parse(line.toString());
  if (id === undefined) return;
  if (method === 'initialize') return initialize(id, params);
  if (method === 'bench/echo') return echo(id, line);
  // Loaded when it is first asked for: it has no part in the start-up.
  payload ??= import('./relay-payload.mjs');
  const { resultLine, burst } = await payload;
  if (method === 'bench/result') write(resultLine(id, params.size));
  else if (method === 'tools/call') write(resultLine(id, params.arguments.size));
  else if (method === 'bench/offer') {
    for (let index = 0; index < params.count; index++) write(resultLine(id + index, params.size));
  } else if (method === 'bench/burst') {
    for (const block of burst(params.count)) {
      // A write to a pipe is asynchronous: without waiting, the whole burst would lie in our memory.
      if (!stdout.write(block)) await new Promise((resolve) => stdout.once('drain', resolve));
    }
    write([`{"jsonrpc":"2.0","id":${id},"result":{}}\n`]);
  } else write([`{"jsonrpc":"2.0","id":${id},"error":{"code":-32601,"message":"Method not found"}}\n`]);
}

function initialize(id, { protocolVersion }) {
  const serverInfo = { name: 'bench', version: '1' };
  write([`${JSON.stringify({ jsonrpc: '2.0', id, result: { protocolVersion, capabilities: {}, serverInfo } })}\n`]);
}

/** The parameters are the last member of the line that the benchmark sends. */
function echo(id, line) {
  const params = line.subarray(line.indexOf('"params":') + '"params":'.length);
  write([`{"jsonrpc":"2.0","id":${id},"result":`, params, '\n']);
}

function write(parts) {
  stdout.cork();
  for (const part of parts) stdout.write(part);
  stdout.uncork();
}
