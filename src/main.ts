#!/usr/bin/env node
// The bin: the real host in, the exit status out.

import { runCommandLine } from './cli/main.js';
import { exitWhenWritten } from './system/exit.js';
import { realHost } from './system/real-host.js';

void runCommandLine(realHost).then(exitWhenWritten);
