// The keychain and its addon in a process of their own, since machine code reads the environment that the process was
// started with: `get|set|delete SERVICE ACCOUNT [HEX]`, or `resolve SERVICE ACCOUNT` as keyring:// does without
// secret-tool. Prints what came of it as JSON.

import { SecretctlError } from '../../src/errors.js';
import { keyringProvider } from '../../src/secrets/providers/keyring.js';
import { openKeychain } from '../../src/system/keychain.js';
import { providerContext } from './provider-context.js';

const [verb = '', service = '', account = '', hex = ''] = process.argv.slice(2);

const noTool = (): Promise<never> => Promise.reject(new SecretctlError('command-not-found', 'no such program'));

async function answer(): Promise<unknown> {
  if (verb === 'resolve') return resolved();
  const keychain = await openKeychain();
  if (verb === 'get') return (await keychain.get(service, account))?.toString('hex') ?? null;
  if (verb === 'delete') return keychain.delete(service, account);
  return keychain.set(service, account, Buffer.from(hex, 'hex')).then(() => 'stored');
}

async function resolved(): Promise<unknown> {
  const context = { ...providerContext({ env: process.env }), runTool: noTool };
  const text = `keyring://${service}/${account}`;
  const [found] = await keyringProvider.resolve([{ text, scheme: 'keyring', body: `${service}/${account}` }], context);
  if (found instanceof SecretctlError) throw found;
  return found?.kind === 'value' ? found.value : null;
}

function failure(error: unknown): unknown {
  if (!(error instanceof SecretctlError)) throw error;
  return { code: error.code, message: error.message, hint: error.hint };
}

const said = await answer().catch(failure);
process.stdout.write(JSON.stringify(said));
