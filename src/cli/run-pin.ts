import { SecretctlError } from '../errors.js';
import { interruptible, install } from '../launch/package.js';
import { lockFileOf } from '../packages/install.js';
import { findInstalled } from '../packages/installed.js';
import type { Resolved } from '../packages/ecosystem.js';
import { resolvePackage } from '../packages/resolve.js';
import { asArgument } from '../profile/as-argument.js';
import { pinPackage } from '../profile/edit-package.js';
import { findPackage, type ToPin } from '../profile/runner.js';
import { checkProfile, parseProfile } from '../profile/parse.js';
import type { ProfileSource } from '../profile/types.js';
import { writeAtomically } from '../system/atomic-write.js';
import type { Host } from '../system/host.js';
import { safe, shellWord } from '../system/safe-text.js';
import type { ParsedArguments } from './command.js';
import { say } from './output.js';
import { sourceOf } from './profile.js';
import { type ProfileFile, readProfileFile, writeProfile } from './sealing.js';

/** Both files are written at the end, the lock file first: the profile names its digest. */
export async function runPin(host: Host, args: ParsedArguments): Promise<number> {
  const source = sourceOf(host, args.positionals[0] ?? '');
  refusePackaged(source);
  const file = readProfileFile(host, source.path);
  const found = findPackage(file.read.document);
  if (typeof found === 'string') {
    throw new SecretctlError('bad-data', `${source.path} cannot be pinned: ${found}`, 'secretctl help profile pin');
  }
  say(host, `asking the registry for ${found.package.name}@${found.package.wanted ?? 'latest'}`);
  const retry = `secretctl profile pin ${asArgument(source, source.name)}`;
  const request = { package: found.package, bin: found.bin, workTree: source.workTree, retry };
  const resolved = await interruptible((signal) => resolvePackage(host, { ...request, signal }));
  const text = pinnedText(file, source, found, resolved);
  writeAtomically(lockFileOf(source.path, found.package.registry), Buffer.from(resolved.lockText), file.mode);
  if (text !== file.read.text) writeProfile(file, Buffer.from(text));
  report(host, source, { file, found, resolved, changed: text !== file.read.text });
  return 0;
}

function refusePackaged({ origin, name }: ProfileSource): void {
  if (origin !== 'builtin') return;
  const hint = `secretctl profile show ${name} > profiles/${name}.yaml`;
  throw new SecretctlError('not-permitted', `"${name}" is built in: a copy of your own can be pinned`, hint);
}

/** Checked as a launch would check it before it is written. */
function pinnedText(file: ProfileFile, source: ProfileSource, found: ToPin, resolved: Resolved): string {
  const { version, integrity, tree } = resolved;
  const { bin, ownArgs } = found;
  const { registry, name } = found.package;
  const pin = { spec: `${registry}:${name}@${version}`, integrity, tree, bin, ownArgs };
  const text = pinPackage(file.read.text, pin);
  if (text === undefined) {
    const message = `in ${source.path} "server" is written in braces, where nothing can be put in`;
    throw new SecretctlError('bad-data', message, 'write each key of "server" on a line of its own');
  }
  const { problems, profile } = checkProfile(Buffer.from(text), source.name);
  const [first] = problems;
  if (first !== undefined) {
    const { line, column, message } = first;
    const hint = `secretctl profile check ${shellWord(source.path)}`;
    throw new SecretctlError(
      'bad-profile',
      `${source.path} would not be fine when pinned:${line}:${column}: ${message}`,
      hint,
    );
  }
  if (profile?.server.package?.tree !== tree || profile.server.package.integrity !== integrity) {
    throw new SecretctlError('internal', 'the profile could not be changed');
  }
  return text;
}

interface Pinned {
  readonly file: ProfileFile;
  readonly found: ToPin;
  readonly resolved: Resolved;
  readonly changed: boolean;
}

function report(host: Host, source: ProfileSource, { file, found, resolved, changed }: Pinned): void {
  const { registry, name } = found.package;
  const spec = `${registry}:${name}@${resolved.version}`;
  const said =
    found.package.version === undefined ? `, where the profile said ${found.package.wanted ?? 'no version'}` : '';
  const { size } = resolved;
  if (!changed) say(host, `${source.path} is pinned to ${spec} already: nothing changed`);
  else say(host, `pinned ${spec} in ${source.path}${said}`);
  say(
    host,
    `${size} package${size === 1 ? '' : 's'} in ${lockFileOf(source.path, registry)}: keep it beside the profile`,
  );
  if (resolved.scripted.length > 0) {
    say(host, `these have scripts for their installation, which do not run: ${resolved.scripted.join(', ')}`);
  }
  if (!changed) return;
  const path = shellWord(source.path);
  if (file.read.section !== undefined) say(host, `the seal fits no longer: secretctl seal ${path} --accept-changes`);
  const place = source.origin === 'file' ? ` --profile-file ${path}` : '';
  say(host, `then approve it: secretctl trust ${file.read.name}${place}`);
}

export async function runPrefetch(host: Host, args: ParsedArguments): Promise<number> {
  const source = sourceOf(host, args.positionals[0] ?? '');
  const pinned = parseProfile(source).server.package;
  if (pinned === undefined) {
    const hint = `secretctl profile pin ${asArgument(source, source.name)}`;
    throw new SecretctlError('bad-data', `"${source.name}" names no pinned package: there is nothing to fetch`, hint);
  }
  const there = findInstalled(host, pinned);
  if (there !== undefined) {
    say(host, `${pinned.spec} is installed: ${there.args.at(-1)}`);
    return 0;
  }
  const progress = progressOf(host, pinned.spec);
  try {
    const { args: line } = await install(host, pinned, { source, byPerson: true, onProgress: progress.show });
    progress.end();
    say(host, `installed ${pinned.spec}: ${line.at(-1)}`);
    return 0;
  } catch (error) {
    progress.end();
    throw error;
  }
}

const BAR = 24;

/** One line that is written over where a person looks; a line at the start everywhere else. */
function progressOf(host: Host, spec: string): { show: (done: number, total: number) => void; end: () => void } {
  const isSeen = host.stderr.isTTY === true;
  let shown = -1;
  if (!isSeen) say(host, `installing ${spec}`);
  return {
    show(done, total) {
      if (!isSeen || done === shown) return;
      shown = done;
      const filled = Math.round((BAR * done) / Math.max(1, total));
      const bar = '#'.repeat(filled).padEnd(BAR, '.');
      host.stderr.write(`\r\u001b[K[${bar}] ${done}/${total}  ${safe(spec)}`);
    },
    end() {
      if (shown !== -1) host.stderr.write('\n');
    },
  };
}
