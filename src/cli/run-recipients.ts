import { SecretctlError } from '../errors.js';
import { type Named, resealAll, withSeal } from '../launch/sealed-file.js';
import { addRecipient, MAX_RECIPIENTS, type Recipient } from '../seal/cms.js';
import { envelopeOf, newProfileKey, pemOf, sealProfileKey } from '../seal/profile-seal.js';
import { spkiText } from '../seal/recipient.js';
import type { Host } from '../system/host.js';
import { requireTerminal } from '../system/terminal.js';
import { refuseAgents } from './agents.js';
import type { ParsedArguments } from './command.js';
import { printJson, printTable, say } from './output.js';
import {
  knownRecipients,
  openSealed,
  withOwnersIdentity,
  parseRecipient,
  readProfileFile,
  readRecipientFile,
  type Sealed,
  writeProfile,
} from './sealing.js';

export function runList(host: Host, args: ParsedArguments): number {
  const { path, read } = readProfileFile(host, args.positionals[0] ?? '');
  if (read.section === undefined)
    throw new SecretctlError('bad-data', `${path} is not sealed`, `secretctl seal ${path}`);
  const { recipients } = read.section;
  if (args.has('json')) printJson(host, recipients);
  else printTable(host, [['NAME', 'KEY'], ...recipients.map(({ name, spki }) => [name, spki])]);
  return 0;
}

export async function runAdd(host: Host, args: ParsedArguments): Promise<number> {
  const [path = '', name = '', file = ''] = args.positionals;
  refuseAgents(host.env, 'adding a recipient');
  const profile = readProfileFile(host, path);
  const added = readRecipientFile(host, name, file);
  await confirm(
    host,
    `Let ${name} (${spkiText(added.recipient.spki)}) open ${profile.path}? [y/N] `,
    'adding a recipient',
  );
  const sealed = await withOwnersIdentity(host, 'adding a recipient', (identity) =>
    openSealed(profile, identity, false),
  );
  const people = namedIn(sealed);
  refuseTwice(people, added);
  const der = addRecipient(envelopeOf(sealed.section), sealed.identity, added.recipient);
  if (der === undefined) throw new SecretctlError('internal', 'the seal was opened, and cannot be opened again');
  writeProfile(sealed, withSeal(sealed.read.text, pemOf(der), [...people, added], sealed.profileKey, sealed.path));
  say(host, `${name} can open ${sealed.path} from now on`);
  return 0;
}

export async function runRemove(host: Host, args: ParsedArguments): Promise<number> {
  const [path = '', name = ''] = args.positionals;
  const profile = readProfileFile(host, path);
  const sealed = await withOwnersIdentity(host, 'removing a recipient', (identity) =>
    openSealed(profile, identity, false),
  );
  const people = stayingWithout(host, sealed, name, args);
  const profileKey = newProfileKey();
  const pem = sealProfileKey(
    profileKey,
    people.map(({ recipient }) => recipient),
  );
  writeProfile(
    sealed,
    withSeal(resealAll(sealed.read.text, sealed.profileKey, profileKey), pem, people, profileKey, sealed.path),
  );
  say(host, `sealed ${sealed.path} anew for ${people.map((person) => person.name).join(', ')}`);
  say(host, `${name} can still open earlier versions, which git keeps: rotate every value`);
  return 0;
}

function namedIn({ section }: Sealed): Named[] {
  return section.recipients.map(({ name, spki }) => ({ name, recipient: { spki: digestOf(spki) } }));
}

function digestOf(spki: string): Buffer {
  return Buffer.from(spki.slice('sha256:'.length), 'hex');
}

function refuseTwice(people: readonly Named[], added: Named): void {
  const same = people.find(({ name, recipient }) => name === added.name || recipient.spki.equals(added.recipient.spki));
  if (same !== undefined)
    throw new SecretctlError('usage', `"${same.name}" is a recipient already`, 'secretctl recipients list PATH');
  if (people.length < MAX_RECIPIENTS) return;
  throw new SecretctlError('usage', `a profile is sealed for ${MAX_RECIPIENTS} recipients at most`);
}

/** Everybody else, with their public keys. */
function stayingWithout(
  host: Host,
  sealed: Sealed,
  removed: string,
  args: ParsedArguments,
): { name: string; recipient: Recipient }[] {
  const { recipients } = sealed.section;
  if (!recipients.some(({ name }) => name === removed)) {
    throw new SecretctlError('usage', `there is no recipient "${removed}"`, `secretctl recipients list ${sealed.path}`);
  }
  const given = args.all('recipient').map((text) => parseRecipient(host, text).recipient);
  const known = new Map([
    ...knownRecipients(host, sealed.path),
    ...[sealed.identity, ...given].map((recipient) => [spkiText(recipient.spki), recipient] as const),
  ]);
  const staying = recipients.filter(({ name }) => name !== removed);
  if (staying.length === 0)
    throw new SecretctlError(
      'usage',
      'the last recipient cannot be removed',
      `secretctl unseal ${sealed.path} --in-place`,
    );
  return staying.map(({ name, spki }) => {
    const recipient = known.get(spki);
    if (recipient !== undefined) return { name, recipient };
    const hint = `secretctl recipients remove ${sealed.path} ${removed} --recipient ${name}=FILE`;
    throw new SecretctlError('file-not-found', `the public key of "${name}" (${spki}) is not known here`, hint);
  });
}

async function confirm(host: Host, question: string, what: string): Promise<void> {
  const terminal = requireTerminal(host.platform, what, 'run the command in a terminal of your own');
  try {
    const answer = await terminal.ask(question);
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) throw new SecretctlError('not-permitted', 'nothing was changed');
  } finally {
    terminal.close();
  }
}
