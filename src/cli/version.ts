import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Host } from '../system/host.js';
import type { Command } from './command.js';

export const version: Command = {
  name: 'version',
  summary: 'print the version',
  usage: '',
  examples: ['secretctl version'],
  arguments: [0, 0],
  run(host) {
    host.stdout.write(`secretctl ${packageVersion(host)}\n`);
    return 0;
  },
};

/** From package.json, beside the built-in profiles: one place says it. */
function packageVersion(host: Host): string {
  const text = readFileSync(join(dirname(host.builtinProfiles), 'package.json'), 'utf8');
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}
