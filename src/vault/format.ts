// The text of `vault.sctl`, version 1: header, slots, entries, mac. ASCII, LF, one space between fields.
// Strict both ways: a vault has one spelling, so what is parsed and serialised again is the same bytes.

import { SecretctlError } from '../errors.js';
import { damaged } from './damage.js';
import { KEY_BYTES, SEAL_BYTES } from '../system/crypto.js';
import { isCostAllowed, isWorkAllowed } from './passphrase.js';
import { decimal, decode, encode, isCanonicalBase64 } from './text.js';

export interface VaultDocument {
  /** Base64url of 16 bytes. */
  readonly id: string;
  /** One more with every write. */
  readonly generation: number;
  readonly slots: readonly SlotLine[];
  /** By entry id, in the order of the lines. */
  readonly entries: ReadonlyMap<string, EntryLine>;
}

/** One way to the vault's master key. */
export interface SlotLine {
  readonly type: SlotType;
  /** Exactly as on the line: the wrapping is bound to this text. */
  readonly params: string;
  /** The wrapped master key; for x509 a CMS message. */
  readonly wrapped: Buffer;
}

export interface EntryLine {
  /** Base64url of 16 bytes. */
  readonly id: string;
  readonly version: number;
  /** Base64url, canonical, of `nonce 12 | ciphertext | tag 16`: of many entries one is opened, and the others never decoded. */
  readonly blob: string;
}

export interface ParsedVault {
  readonly document: VaultDocument;
  /** All bytes before the `mac` line. Nothing of the document is authentic before `mac` is verified over these. */
  readonly authenticated: Buffer;
  readonly mac: Buffer;
}

export const MAX_VAULT_BYTES = 16 * 1024 * 1024;
export const MAX_ENTRIES = 10_000;
export const MAX_SLOTS = 64;
const MAX_CMS_BYTES = 65_536;
const MAC_LINE_BYTES = 'mac '.length + 43 + 1;
const MAGIC = 'secretctl-vault/1';

type FieldCheck = (text: string) => boolean;
const bytesOf = (length: number): FieldCheck => {
  return (text) => decode(text)?.length === length;
};
const isDecimal: FieldCheck = (text) => decimal(text) !== undefined;
const isLabel: FieldCheck = (text) => /^[A-Za-z0-9._/:-]+$/.test(text);

/** The fields between the type and the wrapped key. All types are kept; which of them can be opened is not decided here. */
const SLOT_PARAMS = {
  scrypt: [bytesOf(16), isDecimal, isDecimal, isDecimal],
  keychain: [isLabel],
  keyfile: [bytesOf(8)],
  recovery: [bytesOf(8)],
  x509: [bytesOf(32)],
} as const satisfies Record<string, readonly FieldCheck[]>;

export type SlotType = keyof typeof SLOT_PARAMS;

/** Throws `vault-damaged` that names the stage. Says nothing about authenticity. */
export function parseVault(bytes: Buffer): ParsedVault {
  try {
    return parsed(bytes);
  } catch (error) {
    // Every part of every line is checked for what it may hold: this is for the message only.
    if (/[^\x20-\x7e\n]/.test(bytes.toString('latin1'))) throw strangeByte();
    throw error;
  }
}

function parsed(bytes: Buffer): ParsedVault {
  const text = textOf(bytes);
  const startOfEntries = endOfHead(text);
  const head = headOf(text.slice(0, startOfEntries - 1).split('\n'));
  const { entries, end } = entriesAt(text, startOfEntries);
  const mac = parseMac(end === text.length ? [] : text.slice(end, -1).split('\n'));
  const authenticated = bytes.subarray(0, bytes.length - MAC_LINE_BYTES);
  return { document: { ...head, entries }, authenticated, mac };
}

/** Header and slots alone, for questions that need no key: what follows may be anything. */
export function parseHead(bytes: Buffer): Omit<VaultDocument, 'entries'> {
  const end = bytes.indexOf('\ne ');
  const text = textOf(end === -1 ? bytes : bytes.subarray(0, end + 1));
  return headOf(text.slice(0, endOfHead(text) - 1).split('\n'));
}

function headOf([first = '', ...rest]: readonly string[]): Omit<VaultDocument, 'entries'> {
  const header = parseHeader(first);
  const slots = rest.map(parseSlot);
  if (slots.length === 0) throw damaged('slot', 'there is no key slot');
  if (slots.length > MAX_SLOTS) throw damaged('limit', `there are more than ${MAX_SLOTS} key slots`);
  const costs = slots.filter(({ type }) => type === 'scrypt').map(({ params }) => scryptParams(params));
  if (!isWorkAllowed(costs)) throw damaged('limit', 'the passphrase slots together ask for too much work');
  return { ...header, slots };
}

/** All bytes before the `mac` line. Throws `bad-data` for more than a reader accepts. */
export function serialiseBody(document: VaultDocument): Buffer {
  if (document.entries.size > MAX_ENTRIES) throw tooMuch(`${MAX_ENTRIES} entries`);
  if (document.slots.length > MAX_SLOTS) throw tooMuch(`${MAX_SLOTS} key slots`);
  const lines = [`${MAGIC} ${document.id} gen=${document.generation}`];
  for (const slot of document.slots) lines.push(`slot ${slot.type} ${slot.params} ${encode(slot.wrapped)}`);
  for (const entry of document.entries.values()) lines.push(`e ${entry.id} ${entry.version} ${entry.blob}`);
  const body = Buffer.from(`${lines.join('\n')}\n`, 'latin1');
  if (body.length + MAC_LINE_BYTES > MAX_VAULT_BYTES) throw tooMuch(`${MAX_VAULT_BYTES} bytes`);
  return body;
}

function tooMuch(limit: string): SecretctlError {
  return new SecretctlError('bad-data', `a vault holds at most ${limit}`);
}

export function withMac(body: Buffer, mac: Buffer): Buffer {
  return Buffer.concat([body, Buffer.from(`mac ${encode(mac)}\n`)]);
}

/** The numbers of a scrypt slot that was parsed. */
export function scryptParams(params: string): { salt: Buffer; logN: number; r: number; p: number } {
  const [salt = '', logN, r, p] = params.split(' ');
  return { salt: Buffer.from(salt, 'base64url'), logN: Number(logN), r: Number(r), p: Number(p) };
}

function textOf(bytes: Buffer): string {
  if (bytes.length > MAX_VAULT_BYTES) throw damaged('limit', `it is larger than ${MAX_VAULT_BYTES} bytes`);
  const text = bytes.toString('latin1');
  if (!text.endsWith('\n')) throw damaged('mac', 'its last line is not complete');
  return text;
}

function strangeByte(): SecretctlError {
  return damaged('header', 'it holds a byte that is neither printable ASCII nor LF');
}

/** Where the first line stands that is neither the header nor a slot. */
function endOfHead(text: string): number {
  let at = text.indexOf('\n') + 1;
  while (text.startsWith('slot ', at)) at = text.indexOf('\n', at) + 1;
  return at;
}

function parseHeader(line: string): { id: string; generation: number } {
  const [magic, id = '', counter = '', ...rest] = line.split(' ');
  if (magic !== MAGIC) throw damaged('header', `it does not begin with ${MAGIC}`);
  const generation = counter.startsWith('gen=') ? decimal(counter.slice(4)) : undefined;
  if (!bytesOf(16)(id) || generation === undefined || generation < 1 || rest.length > 0) {
    throw damaged('header', 'its first line is malformed');
  }
  return { id, generation };
}

function parseSlot(line: string): SlotLine {
  const [, type = '', ...fields] = line.split(' ');
  if (!isSlotType(type)) throw damaged('slot', 'a key slot is of an unknown type');
  const checks: readonly FieldCheck[] = SLOT_PARAMS[type];
  const wrapped = decode(fields.at(-1) ?? '');
  const isWellFormed = fields.length === checks.length + 1 && checks.every((check, i) => check(fields[i] ?? ''));
  if (!isWellFormed || wrapped === undefined) throw damaged('slot', `a key slot of type ${type} is malformed`);
  const slot = { type, params: fields.slice(0, -1).join(' '), wrapped };
  checkSlot(slot);
  return slot;
}

function isSlotType(text: string): text is SlotType {
  return Object.hasOwn(SLOT_PARAMS, text);
}

function checkSlot({ type, params, wrapped }: SlotLine): void {
  const isCms = type === 'x509';
  const isSized = isCms
    ? wrapped.length > 0 && wrapped.length <= MAX_CMS_BYTES
    : wrapped.length === KEY_BYTES + SEAL_BYTES;
  if (!isSized) throw damaged('slot', `the wrapped key of a ${type} slot has the wrong length`);
  if (type === 'scrypt' && !isCostAllowed(scryptParams(params))) {
    throw damaged('limit', 'a passphrase slot asks for a cost outside the limits');
  }
}

/** The last digit of an id has four bits that mean nothing, and must be zero. */
const ENTRY = /e ([A-Za-z0-9_-]{21}[AQgw]) ([1-9][0-9]{0,15}) ([A-Za-z0-9_-]+)\n/y;
/** Base64url of `SEAL_BYTES`. */
const SHORTEST_BLOB = Math.ceil((SEAL_BYTES * 4) / 3);

/** In one pass over the text: a vault of 10,000 entries is parsed at every launch. */
function entriesAt(text: string, start: number): { entries: ReadonlyMap<string, EntryLine>; end: number } {
  const entries = new Map<string, EntryLine>();
  let at = start;
  for (let count = 0; text.startsWith('e ', at); count += 1) {
    if (count === MAX_ENTRIES) throw damaged('limit', `there are more than ${MAX_ENTRIES} entries`);
    ENTRY.lastIndex = at;
    const [, id = '', counter = '', blob = ''] = ENTRY.exec(text) ?? [];
    const version = Number(counter);
    const isWellFormed = blob.length >= SHORTEST_BLOB && isCanonicalBase64(blob) && Number.isSafeInteger(version);
    if (!isWellFormed) throw damaged('entry', 'an entry is malformed');
    entries.set(id, { id, version, blob });
    if (entries.size === count) throw damaged('entry', 'two entries have the same id');
    at = ENTRY.lastIndex;
  }
  return { entries, end: at };
}

/** The rest of the file: exactly one `mac` line. */
function parseMac(rest: readonly string[]): Buffer {
  const [line] = rest;
  if (line === undefined) throw damaged('mac', 'there is no mac line');
  const mac = line.startsWith('mac ') ? decode(line.slice(4)) : undefined;
  if (!line.startsWith('mac ')) throw damaged('header', 'a line is of an unknown kind or out of order');
  if (mac?.length !== KEY_BYTES) throw damaged('mac', 'the mac line is malformed');
  if (rest.length > 1) throw damaged('mac', 'there is something after the mac line');
  return mac;
}
