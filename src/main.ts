#!/usr/bin/env node
// The bin: the real host in, the exit status out.

import { runCommandLine } from './cli/main.js';
import { closeSideDoors } from './process/harden.js';
import { watchOutputs } from './system/exit.js';
import { realHost } from './system/real-host.js';

closeSideDoors();
const exit = watchOutputs();
void runCommandLine(realHost()).then(exit);
