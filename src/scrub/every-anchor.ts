// The anchors of every detector there is. The bundle has them packed in place of this file: computing them takes longer than a
// server needs to start. See scripts/build.mjs.

import { DETECTORS } from './detectors/index.js';
import { anchorsOf } from './detectors/literals.js';
import { once } from './once.js';

export const everyAnchor = once(() => anchorsOf(DETECTORS));
