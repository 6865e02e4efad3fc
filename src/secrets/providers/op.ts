// `op://VAULT/ITEM[/SECTION]/FIELD`: 1Password, by its command line (https://developer.1password.com/docs/cli/reference).
// One reference is read by `op read`; several go through one `op inject`, because each call may ask the person.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretctlError } from '../../errors.js';
import type { ToolResult } from '../../process/tool.js';
import type { Reference } from '../../profile/types.js';
import { type Answer, asFailure, type Provider, type ProviderContext } from '../provider.js';

export const opProvider: Provider = {
  hint: ({ body }) => `op read 'op://${body}'`,
  refusesPin: ({ env }) => {
    const has = (name: string): boolean => (env[name] ?? '') !== '';
    const isService = has('OP_SERVICE_ACCOUNT_TOKEN') || (has('OP_CONNECT_HOST') && has('OP_CONNECT_TOKEN'));
    return isService
      ? undefined
      : 'under a pin 1Password is asked with a service account only (OP_SERVICE_ACCOUNT_TOKEN)';
  },
  async resolve(references, context) {
    // A template expands variables, and says nothing of queries.
    const together = references.filter(({ body }) => !/[?$]|\}\}/.test(body));
    const injected = together.length < 2 ? new Map<Reference, string>() : await inject(together, context);
    // Who has just refused would be asked again for each.
    if (injected instanceof SecretctlError) return references.map(() => injected);
    return Promise.all(
      references.map(async (reference) => {
        const value = injected.get(reference);
        return value === undefined ? read(reference, context) : valueOf(value);
      }),
    );
  },
};

function valueOf(value: string): Answer {
  return { kind: 'value', value };
}

async function read({ body, scheme }: Reference, { runTool, signal }: ProviderContext): Promise<Answer> {
  try {
    const result = await runTool({ command: 'op', args: ['read', '--no-newline', `op://${body}`], signal });
    return result.status === 0 ? valueOf(textOf(result.stdout)) : failureOf(result);
  } catch (error) {
    return withHint(asFailure(error, scheme));
  }
}

/**
 * Empty when it failed: then each is read alone, to tell which of them is wrong. The template is a file, because `op` takes
 * no socket for stdin, and what Node gives a child is one; it holds references only.
 */
async function inject(
  references: readonly Reference[],
  { runTool, signal }: ProviderContext,
): Promise<ReadonlyMap<Reference, string> | SecretctlError> {
  const mark = randomBytes(16).toString('hex');
  const lines = references.map(({ body }, index) => `${mark}${index}\n{{ op://${body} }}\n`);
  const folder = mkdtempSync(join(tmpdir(), 'secretctl-op-'));
  try {
    const template = join(folder, 'template');
    writeFileSync(template, `${lines.join('')}${mark}${references.length}\n`, { flag: 'wx', mode: 0o600 });
    const result = await runTool({ command: 'op', args: ['inject', '-i', template], signal });
    if (result.status === 0) return valuesBetween(textOf(result.stdout), mark, references);
    const failure = failureOf(result);
    return failure instanceof SecretctlError && failure.code === 'locked' ? failure : new Map();
  } catch {
    return new Map();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Empty for any other form than the template's. */
function valuesBetween(text: string, mark: string, references: readonly Reference[]): ReadonlyMap<Reference, string> {
  const values = new Map<Reference, string>();
  let at = 0;
  for (const [index, reference] of references.entries()) {
    const head = `${mark}${index}\n`;
    const end = text.indexOf(`\n${mark}${index + 1}\n`, at);
    if (!text.startsWith(head, at) || end === -1) return new Map();
    values.set(reference, text.slice(at + head.length, end));
    at = end + 1;
  }
  return values;
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SecretctlError('bad-data', 'the value is not UTF-8');
  }
}

const MISSING =
  /isn't an item|could not find item|does not have a field|doesn't have a field|isn't a vault in this account/i;
const SIGNED_OUT =
  /not currently signed in|no active session|could not find session token|account is not signed in|no accounts configured/i;
const DISMISSED = /authorization prompt dismissed/i;

/** By its English texts: `op` has one status for everything. None of them is repeated. */
function failureOf({ stderr, status }: ToolResult): SecretctlError | undefined {
  if (MISSING.test(stderr)) return undefined;
  if (SIGNED_OUT.test(stderr)) return new SecretctlError('locked', '1Password is not signed in', 'op signin');
  if (DISMISSED.test(stderr)) return new SecretctlError('locked', 'the prompt of 1Password was dismissed', 'try again');
  return new SecretctlError('unavailable', `op ended with status ${status}`, 'op vault list');
}

function withHint(error: SecretctlError): SecretctlError {
  if (error.code !== 'command-not-found') return error;
  const hint = 'install it: https://developer.1password.com/docs/cli/get-started';
  return new SecretctlError(error.code, 'the command line of 1Password, "op", is not on the PATH', hint);
}
