import type { Command } from './command.js';

export const profilePin: Command = {
  name: 'profile pin',
  summary: 'pin the package of a profile, with all that it needs',
  usage: 'NAME|PATH',
  details:
    'Asks the registry for the exact version, and writes it into the profile in the place of npx or uvx, with its integrity and\n' +
    'the digest of a lock file that it puts beside the profile. Later launches install exactly that, once. Run again it\n' +
    'looks up everything anew: the version too, where the profile names a tag.',
  examples: ['secretctl profile pin shop', 'secretctl profile pin ./profiles/shop.yaml'],
  arguments: [1, 1],
  run: async (host, args) => (await import('./run-pin.js')).runPin(host, args),
};

export const prefetch: Command = {
  name: 'prefetch',
  summary: 'install the pinned package of a profile, so that its first launch need not',
  usage: 'NAME|PATH',
  details: 'Fetches and checks; nothing of the package runs, and nothing is unlocked. It needs no approval.',
  examples: ['secretctl prefetch shop'],
  arguments: [1, 1],
  run: async (host, args) => (await import('./run-pin.js')).runPrefetch(host, args),
};
