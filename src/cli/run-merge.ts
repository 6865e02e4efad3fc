import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { SecretctlError } from '../errors.js';
import { mergeSealed, type MergeText } from '../launch/merge.js';
import { toolRunner } from '../process/tool.js';
import type { Host } from '../system/host.js';
import type { ParsedArguments } from './command.js';
import { printError, say } from './output.js';
import { ownIdentity, readProfileFile, writeProfile } from './sealing.js';

const LIMIT_MS = 30_000;
/** What git takes for a conflict. */
const CONFLICT = 1;

/** The result is in the place of OURS, as git wants it: sealed, or with the marks of a conflict. */
export async function runMerge(host: Host, args: ParsedArguments): Promise<number> {
  const [basePath = '', oursPath = '', theirsPath = ''] = args.positionals;
  const mergeText = textMerger(host);
  const read = (path: string) => readProfileFile(host, path);
  try {
    const [base, ours, theirs] = [read(basePath), read(oursPath), read(theirsPath)];
    const input = { base: base.read, ours: ours.read, theirs: theirs.read, path: ours.path };
    writeProfile(ours, await mergeSealed(input, await ownIdentity(host), mergeText));
    return 0;
  } catch (error) {
    if (!(error instanceof SecretctlError)) throw error;
    printError(host, error);
    await leaveConflict(host, [basePath, oursPath, theirsPath]);
    return CONFLICT;
  }
}

/** As git would have done it without us: values stay sealed, and no seal fits until somebody makes a new one. */
async function leaveConflict(host: Host, paths: readonly string[]): Promise<void> {
  const [base = '', ours = '', theirs = ''] = paths.map((path) => resolve(host.cwd, path));
  const { status } = await git(host, ['merge-file', '-L', 'ours', '-L', 'base', '-L', 'theirs', ours, base, theirs]);
  // Without a conflict in a line there is one all the same: the seal of neither side fits.
  if (status === 0) say(host, 'the lines merge, but the seal does not: secretctl seal PATH --accept-changes');
}

/** By `git merge-file`, in a private folder; the texts hold no plain value. */
function textMerger(host: Host): MergeText {
  return async (base, ours, theirs) => {
    const folder = mkdtempSync(join(tmpdir(), 'secretctl-merge-'));
    try {
      const files = [ours, base, theirs].map((text, index) => {
        const path = join(folder, String(index));
        writeFileSync(path, text, { mode: 0o600 });
        return path;
      });
      const { status, stdout } = await git(host, ['merge-file', '-p', ...files]);
      return { text: stdout.toString(), clean: status === 0 };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

function git(host: Host, args: readonly string[]) {
  const { env, platform, uid, node, cwd } = host;
  const run = toolRunner({ env, platform, uid, node, profileFolder: dirname(cwd), distrusted: [], packaged: true });
  // A repository's own configuration could name programs.
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  return run({ command: 'git', args: [...safe, ...args], signal: AbortSignal.timeout(LIMIT_MS) });
}
