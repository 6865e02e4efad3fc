import { SecretctlError } from '../errors.js';
import { addToMessages, type Named, peopleIn, resealAll, withSeal } from '../launch/sealed-file.js';
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
  publicKeysOf,
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
  const people = peopleIn(sealed.section);
  refuseTwice(people, added);
  const der = addRecipient(envelopeOf(sealed.section), sealed.identity, added.recipient);
  if (der === undefined) throw new SecretctlError('internal', 'the seal was opened, and cannot be opened again');
  const text = addToMessages(sealed.read.text, sealed, added.recipient);
  writeProfile(sealed, withSeal(text, pemOf(der), [...people, added], sealed.profileKey, sealed.path));
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
  const recipients = people.map(({ recipient }) => recipient);
  const profileKey = newProfileKey();
  const text = resealAll(sealed.read.text, sealed, profileKey, recipients);
  writeProfile(sealed, withSeal(text, sealProfileKey(profileKey, recipients), people, profileKey, sealed.path));
  say(host, `sealed ${sealed.path} anew for ${people.map((person) => person.name).join(', ')}`);
  say(host, `${name} can still open earlier versions, which git keeps: rotate every value`);
  return 0;
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
  const hint = (name: string): string =>
    `secretctl recipients remove ${sealed.path} ${removed} --recipient ${name}=FILE`;
  return publicKeysOf({ recipients: staying }, known, hint).map((recipient, index) => ({
    name: staying[index]?.name ?? '',
    recipient,
  }));
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
