// The baseline of `npm run bench:relay`: the least that a relay in Node can be. `node relay-pipe.cjs COMMAND ARGUMENT…`

const { spawn } = require('node:child_process');

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(child.stdin);
child.stdout.pipe(process.stdout);
child.stdin.on('error', () => process.stdin.unpipe());
process.stdout.on('error', () => child.kill());
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
