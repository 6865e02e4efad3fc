import { shellWord } from '../system/safe-text.js';
import type { Origin } from './types.js';

/** How a person names this profile to `profile pin`, `prefetch` and `profile check`: by name, or by its path. */
export function asArgument({ origin, path }: { readonly origin: Origin; readonly path: string }, name: string): string {
  return origin === 'file' ? shellWord(path) : name;
}
