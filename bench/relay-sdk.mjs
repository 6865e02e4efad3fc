// A peer of `npm run bench:relay`: two transports of the official SDK, back to back. `node relay-sdk.mjs COMMAND ARGUMENT…`

import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';

const [command, ...args] = process.argv.slice(2);
const client = new StdioServerTransport();
const server = new StdioClientTransport({ command, args, stderr: 'inherit', env: process.env });

Object.assign(client, { onmessage: (message) => void server.send(message), onclose: () => void server.close() });
Object.assign(server, { onmessage: (message) => void client.send(message), onclose: () => void client.close() });
// The SDK's transport does not look for the end of its input.
process.stdin.on('end', () => void server.close());

await server.start();
await client.start();
