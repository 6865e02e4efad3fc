import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SecretctlError } from '../errors.js';
import {
  type Named,
  peopleIn,
  requireOpenMessages,
  sealedAlone,
  sealedPlaces,
  sealedText,
  sealMarked,
  unsealAll,
  withSeal,
} from '../launch/sealed-file.js';
import { addValue, replaceValue, valuePlaces } from '../profile/edit.js';
import type { Recipient } from '../seal/cms.js';
import type { Identity } from '../seal/identity.js';
import { newProfileKey, openValue, type ProfileKey, type SealKeys, sealProfileKey } from '../seal/profile-seal.js';
import { spkiText } from '../seal/recipient.js';
import type { Host } from '../system/host.js';
import { requireTerminal } from '../system/terminal.js';
import type { Vault } from '../vault/store.js';
import { refuseAgents } from './agents.js';
import { usage } from './arguments.js';
import { auditRead } from './audited.js';
import type { ParsedArguments } from './command.js';
import { printWarning, say } from './output.js';
import { readPiped } from './read-piped.js';
import {
  checkRecipientName,
  knownRecipients,
  openSealed,
  ownIdentity,
  parseRecipient,
  type ProfileFile,
  publicKeysOf,
  readProfileFile,
  type Sealed,
  withOwnersIdentity,
  writeProfile,
} from './sealing.js';

export async function runSeal(host: Host, args: ParsedArguments): Promise<number> {
  const field = args.text('field');
  if (args.has('cms') && field === undefined) throw usage({ name: 'seal' }, '--cms needs --field');
  const file = readProfileFile(host, args.positionals[0] ?? '');
  const opened = file.read.section === undefined ? await firstSeal(host, args) : await sealAgain(host, args, file);
  const marked = sealMarked(file.read.text, opened.profileKey);
  if (opened.identity !== undefined) requireOpenMessages(marked.text, { ...opened, identity: opened.identity });
  const sealAt = (place: string, plain: string): string =>
    args.has('cms') ? sealedAlone(opened.recipients(), place, plain) : sealedText(opened.profileKey, place, plain);
  const text = field === undefined ? marked.text : await withField(host, file, marked.text, field, sealAt);
  const places = field === undefined ? marked.places : [...marked.places, pointerTo(field)];
  writeProfile(file, withSeal(text, opened.pem, opened.people, opened.profileKey, file.path));
  const what =
    places.length === 0 ? 'the document' : places.map((place) => place.slice(1).replaceAll('/', '.')).join(', ');
  say(host, `sealed ${what} in ${file.path} for ${opened.people.map(({ name }) => name).join(', ')}`);
  if (file.read.section === undefined || args.has('accept-changes')) warnOfMessages(host, file.read.text, places);
  return 0;
}

/** They name no profile: whoever gave us this file may have copied one from a profile that is sealed for us. */
function warnOfMessages(host: Host, text: string, made: readonly string[]): void {
  const taken = sealedPlaces(text).filter(({ value, sealed }) => sealed.kind === 'CMS' && !made.includes(value.place));
  for (const { value } of taken)
    printWarning(
      host,
      `the message at ${value.place} was taken over as it is: make sure that it was made for this profile`,
    );
}

export async function runUnseal(host: Host, args: ParsedArguments): Promise<number> {
  const ways = ['reveal', 'stdout', 'in-place'].filter((flag) => args.has(flag));
  if (ways.length !== 1) throw usage({ name: 'unseal' }, 'say one of --reveal, --stdout and --in-place');
  if (args.has('field') === args.has('in-place'))
    throw usage({ name: 'unseal' }, '--reveal and --stdout need --field, --in-place takes all');
  refuseAgents(host.env, 'reading a sealed value');
  if (args.has('stdout') && host.stdout.isTTY === true)
    throw usage({ name: 'unseal' }, '--stdout writes to a pipe; --reveal shows it here');
  const file = readProfileFile(host, args.positionals[0] ?? '');
  return withOwnersIdentity(host, 'reading a sealed value', async (identity, vault) => {
    const keys = openSealed(file, identity, false);
    if (args.has('in-place')) return writeOut(host, file, keys, vault);
    return handOut(host, { file, field: args.text('field') ?? '', keys, vault, reveal: args.has('reveal') });
  });
}

interface Opened {
  readonly profileKey: ProfileKey;
  readonly pem: string;
  readonly people: readonly Named[];
  /** Undefined where nothing that is sealed now can be opened here. */
  readonly identity: Identity | undefined;
  /** Everybody's public key. Throws `file-not-found` for one that is not known here. */
  readonly recipients: () => readonly Recipient[];
}

async function firstSeal(host: Host, args: ParsedArguments): Promise<Opened> {
  const others = args.all('recipient').map((text) => parseRecipient(host, text));
  const identity = existsSync(host.places.identity) ? await ownIdentity(host) : undefined;
  const own = identity === undefined ? [] : [{ name: ownName(host, args), recipient: identity }];
  const people = [
    ...own,
    ...others.filter(({ recipient }) => !own.some((mine) => mine.recipient.spki.equals(recipient.spki))),
  ];
  if (people.length === 0) {
    throw new SecretctlError(
      'usage',
      'there is nobody to seal it for: no identity, and no --recipient',
      'secretctl identity new',
    );
  }
  const twice = people.find(({ name }, index) => people.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw usage({ name: 'seal' }, `two recipients are called "${twice.name}"`);
  if (own.length === 0) say(host, 'you have no identity: nothing that is sealed now can be opened here');
  const profileKey = newProfileKey();
  const recipients = people.map(({ recipient }) => recipient);
  return { profileKey, pem: sealProfileKey(profileKey, recipients), people, identity, recipients: () => recipients };
}

function ownName(host: Host, args: ParsedArguments): string {
  const name = args.text('as') ?? host.env['USER'] ?? host.env['USERNAME'] ?? 'me';
  checkRecipientName(name);
  return name;
}

async function sealAgain(host: Host, args: ParsedArguments, file: ProfileFile): Promise<Opened> {
  if (args.has('recipient') || args.has('as')) {
    throw usage({ name: 'seal' }, 'it is sealed already: "secretctl recipients add" and "remove" change for whom');
  }
  const identity = await ownIdentity(host);
  const { section, profileKey } = openAsIs(file, identity, args.has('accept-changes'));
  const recipients = (): Recipient[] => {
    const known = knownRecipients(host, file.path);
    const hint = (name: string): string => `cp ${name}.pem ${join(dirname(file.path), 'recipients')}/`;
    return publicKeysOf(section, new Map([...known, [spkiText(identity.spki), identity]]), hint);
  };
  return { profileKey, pem: section.key, people: peopleIn(section), identity, recipients };
}

function openAsIs(file: ProfileFile, identity: Identity, accepts: boolean): Sealed {
  try {
    return openSealed(file, identity, accepts);
  } catch (error) {
    if (accepts || !(error instanceof SecretctlError) || error.code !== 'bad-data') throw error;
    const hint = 'look at "git diff"; when every change is meant, add --accept-changes';
    throw new SecretctlError('bad-data', error.message, hint);
  }
}

async function withField(
  host: Host,
  file: ProfileFile,
  text: string,
  field: string,
  sealAt: (place: string, plain: string) => string,
): Promise<string> {
  const place = pointerTo(field);
  const found = valuePlaces(text).find((value) => value.place === place);
  const sealed = sealAt(place, await readValue(host, file, field));
  if (found !== undefined) return replaceValue(text, found, sealed);
  const [section = '', name = '', ...more] = field.split('.');
  const added = more.length > 0 ? undefined : addValue(text, section, name, sealed);
  if (added !== undefined) return added;
  throw new SecretctlError(
    'usage',
    `there is no ${field} in ${file.path}`,
    `write it first, as in ${field.split('.').at(-1)}: ""`,
  );
}

/** `env.API_KEY` → `/env/API_KEY`. */
function pointerTo(field: string): string {
  if (!/^(?:env\.[A-Za-z_]\w*|secrets\.[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)?)$/.test(field)) {
    throw usage({ name: 'seal' }, '--field takes env.NAME, secrets.NAME or secrets.NAME.FIELD');
  }
  return `/${field.replaceAll('.', '/')}`;
}

async function readValue(host: Host, { path }: ProfileFile, field: string): Promise<string> {
  const piped = `printf %s VALUE | secretctl seal ${path} --field ${field}`;
  if (host.stdin.isTTY !== true) {
    const text = await readPiped(host.stdin);
    if (text === '') throw new SecretctlError('bad-data', 'nothing came from stdin', piped);
    return text;
  }
  const terminal = requireTerminal(host.platform, 'typing a value', piped);
  try {
    const typed = await terminal.askHidden(`Value of ${field}: `);
    if (typed === undefined || typed === '' || terminal.hasMore()) {
      throw new SecretctlError('bad-data', 'no value was typed, or more than one line', piped);
    }
    return typed;
  } finally {
    terminal.close();
  }
}

/** From then on the file is nobody else's to read. */
function writeOut(host: Host, file: ProfileFile, keys: SealKeys, vault: Vault | undefined): number {
  const { text, places } = unsealAll(file.read.text, keys, file.path);
  if (vault !== undefined)
    auditRead(
      host,
      vault,
      places.map((place) => `${file.path} ${place}`),
      'file',
    );
  writeProfile({ ...file, mode: file.mode & 0o700 }, Buffer.from(text));
  say(host, `wrote ${places.length} values into ${file.path} in plain text`);
  say(host, `edit it, then: secretctl seal ${file.path} --accept-changes`);
  return 0;
}

interface Asked {
  readonly file: ProfileFile;
  readonly field: string;
  readonly keys: SealKeys;
  /** Its audit log says what left; there may be none. */
  readonly vault: Vault | undefined;
  readonly reveal: boolean;
}

async function handOut(host: Host, { file, field, keys, vault, reveal }: Asked): Promise<number> {
  const place = pointerTo(field);
  const found = sealedPlaces(file.read.text).find(({ value }) => value.place === place);
  if (found === undefined) throw new SecretctlError('secret-not-found', `${field} of ${file.path} is no sealed value`);
  const value = openValue(keys, place, found.sealed);
  if (vault !== undefined) auditRead(host, vault, [`${file.path} ${field}`], reveal ? 'terminal' : 'pipe');
  if (reveal) {
    const terminal = requireTerminal(
      host.platform,
      '--reveal',
      `secretctl unseal ${file.path} --field ${field} --stdout | cat`,
    );
    terminal.print(`${value}\n`);
    terminal.close();
  } else await new Promise<void>((done) => void host.stdout.write(value, () => done()));
  return 0;
}
