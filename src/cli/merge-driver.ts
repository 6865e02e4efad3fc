import type { Command } from './command.js';

export const mergeDriver: Command = {
  name: 'merge-driver',
  summary: 'merge sealed profiles, for git',
  usage: 'BASE OURS THEIRS',
  details:
    'git calls it, once it is told to: git config merge.secretctl.driver "secretctl merge-driver %O %A %B", and in\n' +
    '.gitattributes: profiles/*.yaml merge=secretctl. Both seals are checked, equal values stay as they are, and the\n' +
    'result is sealed anew. Without a key, or where both sides changed the same line, it leaves a conflict.',
  examples: ['secretctl merge-driver base.yaml ours.yaml theirs.yaml'],
  arguments: [3, 3],
  run: async (host, args) => (await import('./run-merge.js')).runMerge(host, args),
};
