// What the build makes of the sources, so that a launch reads no code before it needs it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { DETECTORS } from '../../src/scrub/detectors/index.js';
import { root } from '../support/project.js';

const bundle = (name: string): string => readFileSync(join(root, 'dist', `${name}.cjs`), 'utf8');
const count = (text: string, part: string): number => text.split(part).length - 1;

test('detectors are in a file of their own, without what only their tests read', () => {
  const names = DETECTORS.map(({ name }) => `\`${name}\``).filter((name) => name.length > 12);
  const detectors = bundle('secretctl-detectors');
  expect(names.filter((name) => !detectors.includes(name))).toEqual([]);
  expect(count(detectors, 'examples:()')).toBe(0);
  for (const file of ['secretctl', 'secretctl-scrubber']) {
    expect(names.filter((name) => bundle(file).includes(name))).toEqual([]);
  }
});
