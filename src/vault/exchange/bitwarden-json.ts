// Bitwarden, Export vault → .json, not encrypted: items of every type, with the folders they are in.

import { SecretctlError } from '../../errors.js';
import { secretsOf, urlsOf, type Item } from './items.js';
import type { ImportResult } from './imported.js';
import { isObject, objectsOf, parseJson, textOf, type JsonObject } from './json-values.js';

/** Parts of an item whose texts are fields by their own names: `cardholderName` → `cardholder-name`. */
const PARTS = ['card', 'identity', 'sshKey'];

export function fromBitwardenJson(text: string): ImportResult {
  const vault = parseJson(text);
  if (isObject(vault) && vault['encrypted'] === true) {
    const hint = 'export it again with the format ".json", not ".json (Encrypted)"';
    throw new SecretctlError('not-supported', 'this export of Bitwarden is encrypted', hint);
  }
  if (!isObject(vault) || !Array.isArray(vault['items'])) {
    throw new SecretctlError('bad-data', 'this is no JSON export of Bitwarden: it has no list "items"');
  }
  const folders = namesById(vault['folders']);
  const collections = namesById(vault['collections']);
  return secretsOf(objectsOf(vault['items']).map((item) => itemOf(item, folders, collections)));
}

function namesById(list: unknown): ReadonlyMap<string, string> {
  return new Map(objectsOf(list).map(({ id, name }) => [textOf(id), textOf(name)]));
}

type Names = ReadonlyMap<string, string>;

function itemOf(item: JsonObject, folders: Names, collections: Names): Item {
  const { name, notes, folderId, collectionIds, fields, login, deletedDate } = item;
  const custom = objectsOf(fields).map((field) => [textOf(field['name']), textOf(field['value'])] as const);
  const hasPasskey = isObject(login) && objectsOf(login['fido2Credentials']).length > 0;
  return {
    title: textOf(name),
    folder: folders.get(textOf(folderId)) ?? '',
    fields: [...loginFields(login), ['notes', textOf(notes)], ...PARTS.flatMap((part) => texts(item[part])), ...custom],
    tags: Array.isArray(collectionIds) ? collectionIds.map((id) => collections.get(textOf(id)) ?? '') : [],
    ...(typeof deletedDate === 'string' && { skip: 'it is in the trash' }),
    ...(hasPasskey && { lost: 'its passkey stays behind, the rest was taken' }),
  };
}

function loginFields(login: unknown): Item['fields'] {
  if (!isObject(login)) return [];
  const { username, password, totp, uris } = login;
  return [
    ['user', textOf(username)],
    ['password', textOf(password)],
    ...urlsOf(objectsOf(uris).map(({ uri }) => textOf(uri))),
    ['otp', textOf(totp)],
  ];
}

function texts(part: unknown): Item['fields'] {
  if (!isObject(part)) return [];
  return Object.entries(part).map(([name, value]) => [name.replaceAll(/(?=[A-Z])/g, '-'), textOf(value)]);
}
