// Test documents say themselves where the problems are: `‸` stands before each place and is taken out.

import { checkProfile, type Checked } from '../../src/profile/parse.js';

const MARK = '‸';

export interface Marked {
  readonly bytes: Buffer;
  /** `line:column`, both from 1. */
  readonly places: readonly string[];
}

export function unmark(document: string): Marked {
  const places = document.split('\n').flatMap((line, index) =>
    line
      .split(MARK)
      .slice(0, -1)
      .map((_, mark, pieces) => {
        const before = Array.from(pieces.slice(0, mark + 1).join(''));
        return `${index + 1}:${before.length + 1}`;
      }),
  );
  return { bytes: Buffer.from(document.replaceAll(MARK, '')), places };
}

export function placesOf({ problems }: Checked): string[] {
  return problems.map(({ line, column }) => `${line}:${column}`);
}

export const HEAD = 'secretctl: 1\nname: shop\n';
export const SERVER = 'server:\n  command: node\n';
export const DB = 'secrets:\n  db: secret://db/shop\n';

/** A whole profile around some lines; what the lines do not use is only remarked on. */
export const inEnv = (lines: string): string => `${HEAD}${SERVER}${DB}env:\n${lines}\n`;
export const inArgs = (args: string): string => `${HEAD}${SERVER}  args: ${args}\n${DB}`;
export const inSecrets = (lines: string): string => `${HEAD}${SERVER}secrets:\n${lines}\n`;

export function check(document: string): Checked {
  return checkProfile(Buffer.from(document));
}
