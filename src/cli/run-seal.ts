import { existsSync } from 'node:fs';
import { SecretctlError } from '../errors.js';
import { type Named, sealedText, sealMarked, unsealAll, withSeal } from '../launch/sealed-file.js';
import { addValue, replaceValue, valuePlaces } from '../profile/edit.js';
import { newProfileKey, openValue, type ProfileKey, sealProfileKey } from '../seal/profile-seal.js';
import { parseSealed } from '../profile/sealed-text.js';
import type { Host } from '../system/host.js';
import { requireTerminal } from '../system/terminal.js';
import type { Vault } from '../vault/store.js';
import { refuseAgents } from './agents.js';
import { usage } from './arguments.js';
import { auditRead } from './audited.js';
import type { ParsedArguments } from './command.js';
import { say } from './output.js';
import { readPiped } from './read-piped.js';
import {
  checkRecipientName,
  openSealed,
  ownIdentity,
  parseRecipient,
  type ProfileFile,
  readProfileFile,
  withOwnersIdentity,
  writeProfile,
} from './sealing.js';

export async function runSeal(host: Host, args: ParsedArguments): Promise<number> {
  const file = readProfileFile(host, args.positionals[0] ?? '');
  const opened = file.read.section === undefined ? await firstSeal(host, args) : await sealAgain(host, args, file);
  const field = args.text('field');
  const marked = sealMarked(file.read.text, opened.profileKey);
  const text = field === undefined ? marked.text : await withField(host, file, marked.text, field, opened.profileKey);
  const places = field === undefined ? marked.places : [...marked.places, pointerTo(field)];
  writeProfile(file, withSeal(text, opened.pem, opened.people, opened.profileKey, file.path));
  const what =
    places.length === 0 ? 'the document' : places.map((place) => place.slice(1).replaceAll('/', '.')).join(', ');
  say(host, `sealed ${what} in ${file.path} for ${opened.people.map(({ name }) => name).join(', ')}`);
  return 0;
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
    const { profileKey } = await openSealed(file, identity, false);
    if (args.has('in-place')) return writeOut(host, file, profileKey, vault);
    return handOut(host, { file, field: args.text('field') ?? '', profileKey, vault, reveal: args.has('reveal') });
  });
}

interface Opened {
  readonly profileKey: ProfileKey;
  readonly pem: string;
  readonly people: readonly Named[];
}

async function firstSeal(host: Host, args: ParsedArguments): Promise<Opened> {
  const others = args.all('recipient').map((text) => parseRecipient(host, text));
  const own = existsSync(host.places.identity)
    ? [{ name: ownName(host, args), recipient: await ownIdentity(host) }]
    : [];
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
  return {
    profileKey,
    pem: sealProfileKey(
      profileKey,
      people.map(({ recipient }) => recipient),
    ),
    people,
  };
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
  const accepts = args.has('accept-changes');
  const opening = openSealed(file, await ownIdentity(host), accepts);
  const sealed = await (accepts ? opening : opening.catch(suggestAccepting));
  const { section, profileKey } = sealed;
  const people = section.recipients.map(({ name, spki }) => ({
    name,
    recipient: { spki: Buffer.from(spki.slice('sha256:'.length), 'hex') },
  }));
  return { profileKey, pem: section.key, people };
}

function suggestAccepting(error: unknown): never {
  if (!(error instanceof SecretctlError) || error.code !== 'bad-data') throw error;
  const hint = 'look at "git diff"; when every change is meant, add --accept-changes';
  throw new SecretctlError('bad-data', error.message, hint);
}

async function withField(
  host: Host,
  file: ProfileFile,
  text: string,
  field: string,
  profileKey: ProfileKey,
): Promise<string> {
  const place = pointerTo(field);
  const found = valuePlaces(text).find((value) => value.place === place);
  const sealed = sealedText(profileKey, place, await readValue(host, file, field));
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
function writeOut(host: Host, file: ProfileFile, profileKey: ProfileKey, vault: Vault | undefined): number {
  const { text, places } = unsealAll(file.read.text, profileKey, file.path);
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
  readonly profileKey: ProfileKey;
  /** Its audit log says what left; there may be none. */
  readonly vault: Vault | undefined;
  readonly reveal: boolean;
}

async function handOut(host: Host, { file, field, profileKey, vault, reveal }: Asked): Promise<number> {
  const place = pointerTo(field);
  const text = valuePlaces(file.read.text).find((value) => value.place === place)?.text ?? '';
  const parsed = text.startsWith('ENC[') ? parseSealed(text) : 'plain';
  if (typeof parsed === 'string')
    throw new SecretctlError('secret-not-found', `${field} of ${file.path} is no sealed value`);
  const value = openValue(profileKey, place, Buffer.from(parsed.base64, 'base64'));
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
