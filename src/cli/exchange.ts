import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { SecretctlError, systemCode } from '../errors.js';
import { createDurably, writeFailure } from '../system/atomic-write.js';
import { matchesGlob } from '../system/glob.js';
import type { Host } from '../system/host.js';
import { readSafeFile } from '../system/safe-file.js';
import { requireTerminal } from '../system/terminal.js';
import type { ConflictRule, ExportFormat, ImportFormat, ImportResult, Planned } from '../vault/exchange/index.js';
import { refuseAgents } from './agents.js';
import { usage } from './arguments.js';
import { auditRead } from './audited.js';
import type { Command, ParsedArguments } from './command.js';
import { printJson, printTable, printWarning, say } from './output.js';
import { readPiped } from './read-piped.js';
import { withOwnersVault, withVault } from './with-vault.js';

const RULES: readonly ConflictRule[] = ['fail', 'skip', 'replace'];
/** As much as a vault holds. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_KEY_BYTES = 65_536;
const NO_INTEGRITY =
  'eyaml does not notice changed values: who could write the file may have changed some; compare them, or rotate them';

export const importSecrets: Command = {
  name: 'import',
  summary: 'take secrets over from a file: .env, JSON, or the export of a password manager',
  usage: 'FILE|- --from FORMAT [--key FILE] [--prefix TEXT] [--on-conflict fail|skip|replace] [--dry-run]',
  details:
    'Formats: env, json, 1password-csv, 1password-json, bitwarden-csv, bitwarden-json, lastpass-csv, and eyaml\n' +
    '(hiera-eyaml, with --key: only what is encrypted there, without a newline at its end). All of it is written, or\n' +
    'nothing. A secret that is there already with another value stops the import, unless --on-conflict says otherwise; a\n' +
    'replaced value stays in the history. Delete a file in plain text afterwards: it holds everything.',
  examples: [
    'secretctl import .env --from env --prefix shop/ --dry-run',
    'secretctl import export.csv --from bitwarden-csv',
    'secretctl import common.eyaml --from eyaml --key keys/private_key.pkcs7.pem',
  ],
  flags: {
    from: { type: 'string', value: 'FORMAT', help: 'what the file is' },
    key: { type: 'string', value: 'FILE', help: 'eyaml: its private key' },
    prefix: { type: 'string', value: 'TEXT', help: 'put this before every name' },
    'on-conflict': { type: 'string', value: 'RULE', help: 'fail (the default), skip, or replace' },
    'dry-run': { type: 'boolean', help: 'say what would happen, and write nothing' },
    json: { type: 'boolean', help: 'print what happened as JSON' },
  },
  arguments: [1, 1],
  async run(host, args) {
    const rule = ruleOf(args.text('on-conflict') ?? 'fail');
    const exchange = await import('../vault/exchange/index.js');
    const format = formatOf(args.text('from'), exchange.IMPORT_FORMATS, '--from');
    const key = keyOf(host, args, format);
    const text = await readSource(host, args.positionals[0] ?? '');
    const { secrets, skipped } = withPrefix(await exchange.parseImport(format, text, key), args.text('prefix') ?? '');
    if (format === 'eyaml') printWarning(host, NO_INTEGRITY);
    const isDry = args.has('dry-run');
    let plan: readonly Planned[] = [];
    await withVault(host, (vault) =>
      vault.putAll((get) => {
        plan = exchange.mergePlan(get, secrets, rule);
        const stored = plan.filter(({ action }) => action === 'create' || action === 'replace').map(({ name }) => name);
        const chosen = isDry ? [] : secrets.filter(({ name }) => stored.includes(name));
        return new Map(chosen.map((secret) => [secret.name, exchange.changeOf(secret)]));
      }),
    );
    report(host, args, { plan, skipped }, isDry);
    return 0;
  },
};

export const exportSecrets: Command = {
  name: 'export',
  summary: 'write secrets out in plain text, to the terminal or a file of mode 600',
  usage: '[PATTERN] --format env|json [--out FILE]',
  details:
    'Without --out they are shown on the terminal, and nowhere else. Recorded in the audit log; a vault with a passphrase\n' +
    'asks for it. "secretctl import --from json" reads back what JSON says; earlier values stay behind.',
  examples: ["secretctl export 'shop/*' --format env", 'secretctl export --format json --out backup.json'],
  flags: {
    format: { type: 'string', value: 'FORMAT', help: 'env or json' },
    out: { type: 'string', value: 'FILE', help: 'a file that does not exist yet' },
  },
  arguments: [0, 1],
  async run(host, args) {
    refuseAgents(host.env, 'exporting secrets');
    const exchange = await import('../vault/exchange/index.js');
    const format = formatOf(args.text('format'), exchange.EXPORT_FORMATS, '--format');
    const pattern = args.positionals[0] ?? '*';
    const out = args.text('out');
    const terminal =
      out === undefined
        ? requireTerminal(host.platform, 'showing secrets', `secretctl export --format ${format} --out FILE`)
        : undefined;
    try {
      await withOwnersVault(host, 'exporting secrets', (vault) => {
        const entries = vault.list().filter(({ name }) => matchesGlob(pattern, name));
        if (entries.length === 0) throw new SecretctlError('secret-not-found', `no secret matches "${pattern}"`);
        const text = exchange.formatExport(format, entries);
        auditRead(
          host,
          vault,
          entries.map(({ name }) => name),
          out === undefined ? 'terminal' : 'file',
        );
        if (out !== undefined) writeNew(host, out, text);
        else terminal?.print(text);
        say(host, `exported ${entries.length} secrets${out === undefined ? '' : ` to ${out}`} in plain text`);
      });
    } finally {
      terminal?.close();
    }
    return 0;
  },
};

function ruleOf(text: string): ConflictRule {
  const rule = RULES.find((known) => known === text);
  if (rule === undefined) throw usage(importSecrets, `--on-conflict is one of ${RULES.join(', ')}`);
  return rule;
}

function formatOf<T extends ImportFormat | ExportFormat>(
  text: string | undefined,
  table: Readonly<Record<T, unknown>>,
  flag: string,
): T {
  const isFormat = (name: string | undefined): name is T => name !== undefined && Object.hasOwn(table, name);
  if (isFormat(text)) return text;
  throw new SecretctlError(
    'usage',
    `${flag} is one of ${Object.keys(table).join(', ')}`,
    `secretctl help ${flag === '--from' ? 'import' : 'export'}`,
  );
}

function keyOf(host: Host, args: ParsedArguments, format: ImportFormat): string | undefined {
  const written = args.text('key');
  if ((format === 'eyaml') !== (written !== undefined)) throw usage(importSecrets, '--key goes with --from eyaml');
  if (written === undefined) return undefined;
  const path = isAbsolute(written) ? written : resolve(host.cwd, written);
  const rules = { what: 'key', maxBytes: MAX_KEY_BYTES, forbiddenMode: 0o077, uid: host.uid };
  return readSafeFile(path, rules).bytes.toString('latin1');
}

/** `-` is stdin. */
async function readSource(host: Host, written: string): Promise<string> {
  if (written === '-') return readPiped(host.stdin, MAX_BYTES);
  const path = isAbsolute(written) ? written : resolve(host.cwd, written);
  try {
    if (statSync(path).size > MAX_BYTES)
      throw new SecretctlError('bad-data', `${path} is larger than ${MAX_BYTES} bytes`);
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
  } catch (error) {
    if (error instanceof SecretctlError) throw error;
    const code = systemCode(error);
    if (code === 'ENOENT') throw new SecretctlError('file-not-found', `there is no file ${path}`);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new SecretctlError('bad-data', `${path} is not UTF-8`);
    throw new SecretctlError('io', `${path} cannot be read (${code ?? 'unknown error'})`);
  }
}

function withPrefix({ secrets, skipped }: ImportResult, prefix: string): ImportResult {
  return { secrets: secrets.map((secret) => ({ ...secret, name: prefix + secret.name })), skipped };
}

function report(
  host: Host,
  args: ParsedArguments,
  { plan, skipped }: { readonly plan: readonly Planned[]; readonly skipped: ImportResult['skipped'] },
  isDry: boolean,
): void {
  if (args.has('json')) return printJson(host, { dryRun: isDry, secrets: plan, skipped });
  if (plan.length > 0)
    printTable(host, [['SECRET', isDry ? 'WOULD' : 'DONE'], ...plan.map(({ name, action }) => [name, action])]);
  for (const { name, why } of skipped) say(host, `left out: ${name} (${why})`);
  const count = plan.filter(({ action }) => action === 'create' || action === 'replace').length;
  say(host, isDry ? `${count} secrets would be stored; nothing was written` : `stored ${count} secrets`);
}

function writeNew(host: Host, out: string, text: string): void {
  const path = isAbsolute(out) ? out : resolve(host.cwd, out);
  try {
    createDurably(path, Buffer.from(text));
  } catch (error) {
    if (systemCode(error) === 'EEXIST')
      throw new SecretctlError('usage', `${path} is there already, and is not overwritten`);
    throw writeFailure(path, error);
  }
}
