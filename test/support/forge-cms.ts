// CMS messages that are wrong in one way, as a hostile or sloppy writer would make them, for test vectors and their identities.

import { constants, createCipheriv, generateKeyPairSync, publicEncrypt } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recipient } from '../../src/seal/cms.js';
import {
  explicit,
  implicitOctets,
  integer,
  itemsOf,
  type Node,
  nothing,
  octets,
  oid,
  sequence,
  setOf,
  toDer,
} from '../../src/seal/der.js';
import type { ProfileKey } from '../../src/seal/profile-seal.js';
import { readIdentities, SEAL_VECTORS } from './seal-vectors.js';

mkdirSync(SEAL_VECTORS, { recursive: true });
if (!existsSync(join(SEAL_VECTORS, 'identities.json'))) writeIdentities();
const identities = readIdentities();

export const person = (name: string): Recipient => identities[name] ?? fail(name);

export const KEY: ProfileKey = { key: Buffer.alloc(32, 0x11), id: Buffer.alloc(16, 0x22) };
export const OTHER: ProfileKey = { key: Buffer.alloc(32, 0x33), id: Buffer.alloc(16, 0x44) };
const CEK = Buffer.alloc(32, 0x55);

export const OIDS = {
  authEnveloped: '1.2.840.113549.1.9.16.1.23',
  enveloped: '1.2.840.113549.1.7.3',
  data: '1.2.840.113549.1.7.1',
  oaep: '1.2.840.113549.1.1.7',
  rsa: '1.2.840.113549.1.1.1',
  mgf1: '1.2.840.113549.1.1.8',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha1: '1.3.14.3.2.26',
  aes256: '2.16.840.1.101.3.4.1.46',
  aes128: '2.16.840.1.101.3.4.1.6',
} as const;

export const hash = (id: string, withNull = true): Node => sequence(oid(id), ...(withNull ? [nothing()] : []));
export const oaep = (hashId: string = OIDS.sha256, withNull = true): Node =>
  sequence(
    oid(OIDS.oaep),
    sequence(explicit(0, hash(hashId, withNull)), explicit(1, sequence(oid(OIDS.mgf1), hash(hashId, withNull)))),
  );

/** What may be different in a message; everything else is as it should be. */
export interface Cms {
  readonly people?: readonly string[];
  readonly contentType?: string;
  readonly version?: number;
  readonly recipientVersion?: number;
  readonly rid?: (recipient: Recipient) => Node;
  readonly keyAlgorithm?: Node;
  readonly oaepHash?: string;
  readonly content?: Buffer;
  readonly contentId?: string;
  readonly cipherId?: string;
  readonly cek?: Buffer;
  readonly nonce?: Buffer;
  readonly icv?: readonly Node[];
  readonly encrypted?: (ciphertext: Buffer) => Node;
  readonly tag?: (tag: Buffer) => Buffer;
  readonly beforeRecipients?: readonly Node[];
  readonly beforeTag?: readonly Node[];
  readonly afterTag?: readonly Node[];
  readonly unsorted?: boolean;
  readonly wrapped?: (name: string, encryptedKey: Buffer) => Buffer;
}

export function cms(some: Cms = {}): Buffer {
  const {
    people = ['ada', 'ci'],
    content = Buffer.concat([KEY.key, KEY.id]),
    cek = CEK,
    nonce = Buffer.alloc(12, 6),
  } = some;
  const cipher = createCipheriv(cek.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm', cek, nonce, { authTagLength: 16 });
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  const infos = people.map((name) => recipientInfo(name, cek, some));
  const sorted = setOf(infos);
  const unsorted = { ...sorted, value: itemsOf(sorted).toReversed() } as Node;
  const { icv = [integer(16)], encrypted = (bytes: Buffer) => implicitOctets(0, bytes) } = some;
  const contentInfo = sequence(
    oid(some.contentId ?? OIDS.data),
    sequence(oid(some.cipherId ?? OIDS.aes256), sequence(octets(nonce), ...icv)),
    encrypted(ciphertext),
  );
  const tag = octets((some.tag ?? ((bytes: Buffer) => bytes))(cipher.getAuthTag()));
  const { beforeRecipients = [], beforeTag = [], afterTag = [] } = some;
  const recipients = some.unsorted === true ? unsorted : sorted;
  const body = sequence(
    integer(some.version ?? 0),
    ...beforeRecipients,
    recipients,
    contentInfo,
    ...beforeTag,
    tag,
    ...afterTag,
  );
  return toDer(sequence(oid(some.contentType ?? OIDS.authEnveloped), explicit(0, body)));
}

function recipientInfo(name: string, cek: Buffer, some: Cms): Node {
  const recipient = person(name);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encryptedKey = publicEncrypt({ key: recipient.key, padding, oaepHash: some.oaepHash ?? 'sha256' }, cek);
  const { wrapped = (_: string, bytes: Buffer) => bytes, rid = ({ spki }: Recipient) => implicitOctets(0, spki) } =
    some;
  return sequence(
    integer(some.recipientVersion ?? 2),
    rid(recipient),
    some.keyAlgorithm ?? oaep(),
    octets(wrapped(name, encryptedKey)),
  );
}

function writeIdentities(): void {
  const pieces = ['ada', 'ci', 'eve'].map((name) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const hex = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('hex');
    return [name, hex.match(/.{1,96}/g)];
  });
  writeFileSync(join(SEAL_VECTORS, 'identities.json'), `${JSON.stringify(Object.fromEntries(pieces), undefined, 2)}\n`);
}

function fail(name: string): never {
  throw new Error(`there is no identity ${name}`);
}
