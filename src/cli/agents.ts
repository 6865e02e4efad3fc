// Coding agents have terminals of their own, and can type. A speed bump, no boundary: it keeps an agent from approving or
// revealing something by the way.

import { SecretctlError } from '../errors.js';
import type { Environment } from '../system/host.js';

/** Variables that agents set in the shells they run. */
const AGENT_VARIABLES = [
  'CLAUDECODE',
  'CURSOR_AGENT',
  'GEMINI_CLI',
  'CODEX_SANDBOX',
  'OPENCODE',
  'COPILOT_AGENT',
] as const;

/** Throws `not-permitted` inside an agent's shell. `what` names the act: `approving a plan`. */
export function refuseAgents(env: Environment, what: string): void {
  const found = AGENT_VARIABLES.find((name) => (env[name] ?? '') !== '');
  if (found === undefined) return;
  throw new SecretctlError(
    'not-permitted',
    `${what} is for a person, and this shell belongs to an agent (${found} is set)`,
    'run the command in a terminal of your own',
  );
}
