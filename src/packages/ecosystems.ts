// The registries that packages come from. Another one is a file and a line here.

import type { PinnedPackage } from '../profile/types.js';
import type { Ecosystem } from './ecosystem.js';
import { NPM_PACKAGES } from './npm-packages.js';
import { PYPI_PACKAGES } from './pypi-packages.js';

const ECOSYSTEMS = { npm: NPM_PACKAGES, pypi: PYPI_PACKAGES } as const satisfies Record<
  PinnedPackage['registry'],
  Ecosystem
>;

export function ecosystemOf(registry: PinnedPackage['registry']): Ecosystem {
  return ECOSYSTEMS[registry];
}
