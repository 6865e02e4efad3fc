// hiera-eyaml: YAML with values `ENC[PKCS7,<base64>]`, alone or inside a text, on one line or folded over several. What is
// not encrypted stays behind.

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SecretctlError } from '../../errors.js';
import { prescan } from '../../profile/prescan.js';
import { decode, problemAt } from '../../profile/text.js';
import { parseTree, type Tree } from '../../profile/tree.js';
import { namesOnce, secretNameOf } from './foreign-names.js';
import type { Imported, ImportResult, Skipped } from './imported.js';

const MARK = 'ENC[';
/** Blocks that are folded have blanks inside. Without a scheme it is PKCS7, and then starts as every such message does. */
const ENCRYPTED = /ENC\[(?:PKCS7,|(?=MI[AI]))([A-Za-z0-9+/=\s]+)\]/g;

/** `key`: PEM of the RSA key that eyaml calls its private key. */
export async function fromEyaml(text: string, key: string | undefined): Promise<ImportResult> {
  if (key === undefined) throw new SecretctlError('usage', 'eyaml needs its private key', 'secretctl help import');
  const privateKey = privateKeyOf(key);
  const { decryptEnveloped } = await import('../../seal/enveloped.js');
  const once = namesOnce('secret');
  const open = (base64: string, path: readonly string[]): string => {
    const plain = textOf(decryptEnveloped(Buffer.from(base64, 'base64'), privateKey));
    if (plain !== undefined) return plain;
    throw new SecretctlError('bad-data', `the value of ${path.join('.')} is damaged, or was encrypted for another key`);
  };
  const secrets: Imported[] = [];
  const skipped: Skipped[] = [];
  for (const { path, value } of leavesOf(treeOf(text), [])) {
    const name = once(nameOf(path));
    if (isOtherwiseEncrypted(value)) {
      skipped.push({ name, why: 'it is not encrypted with PKCS7' });
      continue;
    }
    const plain = value.trim().replaceAll(ENCRYPTED, (_, base64: string) => open(base64, path));
    // As Hiera gives it.
    const chomped = plain.replace(/\r?\n$/, '');
    if (chomped === '') skipped.push({ name, why: 'it has no value' });
    else secrets.push({ name, value: chomped, tags: [] });
  }
  return { secrets, skipped };
}

/** All of it or a part, which must not pass for a part of the secret. */
function isOtherwiseEncrypted(value: string): boolean {
  return value.replaceAll(ENCRYPTED, ' ').includes(MARK);
}

function privateKeyOf(pem: string): KeyObject {
  // "ENCRYPTED PRIVATE KEY" of PKCS #8, "Proc-Type: 4,ENCRYPTED" of PKCS #1.
  if (/^(?:-----BEGIN |Proc-Type: 4,)ENCRYPTED/m.test(pem))
    throw new SecretctlError('bad-data', 'the key of eyaml has a passphrase', 'openssl pkey -in KEY -out KEY.plain');
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Its messages are for programmers.
  }
  throw new SecretctlError('bad-data', 'the key of eyaml is no RSA private key in PEM');
}

function textOf(bytes: Buffer | undefined): string | undefined {
  try {
    return bytes && new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Within the limits of a profile, which keep the parser of such a rich language from running away. */
function treeOf(text: string): Tree {
  const bytes = Buffer.from(text);
  const source = decode(bytes);
  const [early] = prescan(bytes, source);
  const { tree, findings } = early === undefined ? parseTree(source.text) : { tree: undefined, findings: [early] };
  const [finding] = findings;
  if (finding === undefined && tree?.kind === 'map') return tree;
  const { line, message } = problemAt(source, finding ?? { at: 0, message: 'this is no map of keys' });
  throw new SecretctlError('bad-data', `line ${line}: it is not read as a profile would be (${message})`);
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: string;
}

/** Texts with something encrypted in them. */
function leavesOf(tree: Tree, path: readonly string[]): Leaf[] {
  if (tree.kind === 'map')
    return [...tree.entries.values()].flatMap(({ key, value }) => leavesOf(value, [...path, key]));
  if (tree.kind === 'list') return tree.items.flatMap((item, index) => leavesOf(item, [...path, String(index)]));
  const value = typeof tree.value === 'string' ? tree.value : '';
  return value.includes(MARK) ? [{ path, value }] : [];
}

/** `profile::db::password` → `profile/db/password`. */
function nameOf(path: readonly string[]): string {
  const words = path.flatMap((key) => key.split('::'));
  return secretNameOf(words.slice(0, -1).join('/'), words.at(-1) ?? '') || 'secret';
}
