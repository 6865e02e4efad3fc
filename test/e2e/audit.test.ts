// The audit of real launches: what it holds, what it never holds, and what happens when it cannot be written.

import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { run } from '../support/cli.js';
import { leaksIn, randomPassword } from '../support/credentials.js';
import { listAt, parseJson, textAt } from '../support/data.js';
import { notRun } from '../support/errors.js';
import { newHome, nodeProfile, type Home } from '../support/home.js';
import { filesBelow } from '../support/processes.js';
import { bundle, root } from '../support/project.js';

const teller = join(root, 'test', 'fixtures', 'servers', 'teller.mjs');
const token = randomPassword();
let home: Home;
beforeEach(async () => {
  home = await newHome();
  await home.demand(['set', 'api/token'], `${token}\n`);
});
afterEach(() => home.remove());

const audit = (): string => {
  const folder = join(home.path, 'state', 'audit');
  return join(folder, readdirSync(folder).find((name) => /^[0-9a-f]{16}$/.test(name)) ?? '');
};
const logs = (): string[] => readdirSync(audit()).filter((name) => name.endsWith('.jsonl'));
const records = async (...filter: string[]): Promise<readonly unknown[]> =>
  listAt(parseJson(await home.demand(['audit', 'list', '--json', ...filter])));
const secretctl = (...args: string[]) => run(process.execPath, [bundle, ...args], { env: home.env, cwd: home.path });

const ENV = 'env:\n  TOKEN: secret://api/token\n';
async function launcher(extra = '', name = 'teller'): Promise<ChildProcessWithoutNullStreams> {
  const pin = await home.addProfile(name, nodeProfile(name, [teller], `${extra}${ENV}`));
  return spawn(process.execPath, [bundle, 'mcp-launch', name], {
    env: { ...home.env, SECRETCTL_TRUST: pin },
    cwd: home.path,
  });
}

const addTeller = (extra: string): Promise<string> =>
  home.addProfile('teller', nodeProfile('teller', [teller], extra + ENV));

const call = (id: number, name: string): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: { x: 1 } } })}\n`;

/** Sends the lines, waits for an answer to each id, and closes. The status, and what came. */
async function converse(child: ChildProcessWithoutNullStreams, lines: readonly string[], answers: number) {
  const received: string[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close');
  child.stdin.write(lines.join(''));
  if (answers > 0) {
    for await (const line of createInterface({ input: child.stdout })) {
      received.push(line);
      if (received.filter((each) => each.includes('"id":')).length === answers) break;
    }
  }
  child.stdin.end();
  child.stdout.resume();
  await closed;
  return { status: child.exitCode, received, stderr };
}

const HOSTILE = ['\u001b[2J\u001b]0;x\u0007', '\u202egnp.exe', 'two\nlines\r\n{"ev":"end"}', '=cmd|calc', '\u009b31m'];

describe('a launch whose server says its secret everywhere', () => {
  beforeEach(async () => {
    const lines = [
      '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}\n',
      call(1, 'query'),
      call(2, 'fail'),
      call(3, 'forbidden'),
      call(4, 'slow'),
      call(5, 'slow'),
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}\n',
      ...HOSTILE.map((name, index) => call(10 + index, name)),
      call(20, `the value ${token}`),
      call(21, 'n'.repeat(50_000)),
      call(22, 'n'.repeat(1_000_000)),
      '{"jsonrpc":"2.0","id":30,"method":"broken","params":{"name":"no tool"}}\n',
    ];
    await converse(await launcher('tools:\n  deny: [forbidden]\n'), lines, 4 + HOSTILE.length + 4);
  });

  test('names the secret, its calls and their ends; and not a form of the value', async () => {
    const launched = await records();
    expect(launched.slice(0, 2)).toMatchObject([
      { ev: 'launch', profile: 'teller', gate: 'pinned', fp: expect.stringMatching(/^sha256:/) },
      { ev: 'resolve', references: [{ name: 'TOKEN', scheme: 'secret', secret: 'api/token' }] },
    ]);
    expect(launched.at(-1)).toMatchObject({ ev: 'end', cause: 'client', scrubbed: { TOKEN: expect.any(Number) } });
    const tools = await records('--event', 'tool');
    const outcomes = tools.map((record) => {
      const { tool = '', outcome } = record as { tool?: string; outcome: string };
      return [tool.slice(0, 20), outcome] as const;
    });
    for (const wanted of [
      ['query', 'ok'],
      ['fail', 'error'],
      ['forbidden', 'refused'],
      ['slow', 'unanswered'],
      ['slow', 'cancelled'],
      ['the value [REDACTED:', 'ok'],
      ['', 'ok'],
      ...HOSTILE.map((name) => [name.slice(0, 20), 'ok']),
    ])
      expect(outcomes).toContainEqual(wanted);
    expect(tools.find((record) => (record as { tool?: string }).tool === 'query')).toMatchObject({
      ms: expect.any(Number),
      found: expect.arrayContaining([{ name: 'TOKEN', at: '/result/content/*/text', count: 3 }]),
    });
    const places = (await records('--event', 'found')).flatMap((record) => listAt(record, 'found'));
    expect(places).toContainEqual({ name: 'TOKEN', at: 'stderr', count: expect.any(Number) });
    const written = [...filesBelow(audit())].map(([, text]) => Buffer.from(text, 'latin1').toString()).join('\n');
    expect(leaksIn(written, token)).toEqual([]);
    expect(written.replaceAll('\n', '')).toMatch(/^\P{C}*$/u);
    expect(Math.max(...written.split('\n').map((line) => line.length))).toBeLessThan(4096);
    const schema = readFileSync(join(root, 'schemas', 'audit-event.schema.json'), 'utf8');
    const isEvent = new Ajv({ allErrors: true }).compile(JSON.parse(schema));
    expect(launched.filter((record) => !isEvent(record))).toEqual([]);
    expect(await home.demand(['audit', 'verify'])).toBe('');
    expect(leaksIn(await home.demand(['audit', 'list']), token)).toEqual([]);
  });

  test('is found by the name of the secret, of the profile and by its time', async () => {
    expect((await records('--secret', 'api/token')).length).toBe(1);
    expect((await records('--secret', 'TOKEN', '--event', 'end')).length).toBe(1);
    expect(await records('--profile', 'other')).toEqual([]);
    expect(await records('--since', '2999-01-01')).toEqual([]);
    expect((await records('--since', '1h', '--last', '2')).length).toBe(2);
    expect((await secretctl('audit', 'list', '--event', 'nothing')).status).toBe(64);
  });

  test('leaves as JSON lines, as they stand in the log, and as CSV without formulas', async () => {
    const lines = await home.demand(['audit', 'export', '--format', 'jsonl']);
    const [file = ''] = logs();
    expect(lines.split('\n').toSorted()).toEqual(readFileSync(join(audit(), file), 'utf8').split('\n').toSorted());
    await home.demand(['audit', 'export', '--format', 'csv', '--out', join(home.path, 'audit.csv')]);
    const csv = readFileSync(join(home.path, 'audit.csv'), 'utf8');
    const { parse } = await import('csv-parse/sync');
    const rows: readonly Record<string, string>[] = parse(csv, { columns: true });
    expect(rows.length).toBe(lines.trimEnd().split('\n').length);
    expect(rows.map(({ tool }) => tool)).toContain("'=cmd|calc");
    expect(
      Object.values(rows)
        .flatMap((row) => Object.values(row))
        .filter((cell) => /^[=+\-@]/.test(cell)),
    ).toEqual([]);
    expect((await secretctl('audit', 'export', '--format', 'csv', '--out', 'audit.csv')).status).toBe(64);
  });

  test('is sent as OpenTelemetry log records to a stand-in for a collector', async () => {
    const requests: unknown[] = [];
    let status = 200;
    const collector = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (status === 200 && request.url === '/v1/logs') requests.push(parseJson(Buffer.concat(chunks).toString()));
        response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
      });
    });
    await once(collector.listen(0, '127.0.0.1'), 'listening');
    const { port } = collector.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    await home.demand(['audit', 'export', '--format', 'otlp', '--endpoint', `${endpoint}/v1/logs`]);
    const sent = requests.flatMap((request) => listAt(request, 'resourceLogs', 0, 'scopeLogs', 0, 'logRecords'));
    expect(sent.length).toBe((await records()).length);
    expect(JSON.stringify(requests[0])).toContain('{"key":"service.name","value":{"stringValue":"secretctl"}}');
    const query = sent.find((record) => JSON.stringify(record).includes('{"stringValue":"query"}'));
    expect(textAt(query, 'eventName')).toBe('secretctl.audit.tool');
    expect(leaksIn(JSON.stringify(requests), token)).toEqual([]);
    // The standard variables say where, too.
    const env = { ...home.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    const again = await run(process.execPath, [bundle, 'audit', 'export', '--format', 'otlp'], { env });
    expect([again.status, requests.length]).toEqual([0, 2]);
    status = 400;
    const refused = await secretctl('audit', 'export', '--format', 'otlp', '--endpoint', `${endpoint}/v1/logs`);
    expect([refused.status, refused.stderr]).toEqual([69, expect.stringContaining('status 400')]);
    await new Promise((resolve) => collector.close(resolve));
  });

  test('whatever is changed afterwards is said with file and line, and the status is 65', async () => {
    const [file = ''] = logs();
    const path = join(audit(), file);
    const whole = readFileSync(path);
    writeFileSync(path, whole.toString().replace('"outcome":"refused"', '"outcome":"okay..."'));
    const edited = await secretctl('audit', 'verify');
    expect([edited.status, edited.stdout]).toEqual([65, expect.stringMatching(new RegExp(`^${file}:\\d+: edited: `))]);
    writeFileSync(path, whole);
    truncateSync(path, whole.length - 300);
    const verdict = await secretctl('audit', 'verify', '--json');
    expect([verdict.status, parseJson(verdict.stdout)]).toMatchObject([
      65,
      { ok: false, complaints: [{ file, what: 'truncated' }] },
    ]);
    rmSync(path);
    expect((await secretctl('audit', 'verify')).stdout).toContain(`${file}: missing: `);
    expect((await secretctl('audit', 'prune', '--older-than', '1d')).status).toBe(65);
  });

  test('retention removes what is old, and verify knows it from what was deleted', async () => {
    const [old = ''] = logs();
    const long = new Date(Date.now() - 100 * 24 * 3_600_000);
    utimesSync(join(audit(), old), long, long);
    expect((await secretctl('audit', 'prune')).stderr).toContain('nothing is that old');
    expect(logs()).toEqual([old]);
  });
});

test('many launches at the same time are all in the index', async () => {
  const children = await Promise.all(Array.from({ length: 8 }, () => launcher()));
  await Promise.all(children.map((child) => converse(child, [call(1, 'query')], 1)));
  const { stdout } = await secretctl('audit', 'verify', '--json');
  expect(parseJson(stdout)).toMatchObject({ ok: true, logs: 8, open: [], notes: [] });
}, 60_000);

test('a launcher that is killed leaves a log that verifies, and is said not to be closed', async () => {
  const child = await launcher();
  child.stdin.write(call(1, 'query'));
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('"id":1')) break;
  const [file = ''] = logs();
  while (!readFileSync(join(audit(), file), 'utf8').includes('"query"'))
    await new Promise((resolve) => setTimeout(resolve, 10));
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { status, stdout, stderr } = await secretctl('audit', 'verify');
  expect([status, stdout, stderr]).toEqual([0, '', expect.stringContaining(`${file}: not closed`)]);
  expect(await records('--event', 'tool')).toMatchObject([{ tool: 'query', outcome: 'ok' }]);
});

test('a launch that is refused once the vault is open is recorded with its code', async () => {
  const pin = await home.addProfile('none', nodeProfile('none', [teller], 'env:\n  TOKEN: secret://no/such\n'));
  const env = { ...home.env, SECRETCTL_TRUST: pin };
  const { status } = await run(process.execPath, [bundle, 'mcp-launch', 'none'], { env, cwd: home.path });
  expect(status).toBe(66);
  expect(await records()).toMatchObject([
    { ev: 'launch', profile: 'none' },
    { ev: 'refuse', profile: 'none', code: 'secret-not-found' },
  ]);
  expect((await secretctl('audit', 'verify')).status).toBe(0);
});

test('run says which secrets a command got, and not where a reference leads', async () => {
  const env = { ...home.env, OTHER: 'some-other-value' };
  const args = ['run', '-k', 'api/token', '-e', 'MORE=env://OTHER', '--', 'true'];
  expect((await run(process.execPath, [bundle, ...args], { env, cwd: home.path })).status).toBe(0);
  const [read, resolved] = await records();
  expect(read).toMatchObject({ ev: 'read', secrets: ['api/token'], to: 'command' });
  expect(resolved).toMatchObject({ ev: 'resolve', references: [{ name: 'MORE', scheme: 'env' }] });
  expect(JSON.stringify(resolved)).not.toContain('OTHER');
});

describe('where the log cannot be written', () => {
  const required = 'audit: required\n';
  let disk: string;
  let isMounted = false;
  const fill = (): void => {
    // Whatever is free goes, down to the last block.
    spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'full')}`, 'bs=4k'], { stdio: 'ignore' });
  };
  beforeEach(() => {
    disk = join(home.path, 'state', 'audit');
    mkdirSync(disk, { recursive: true, mode: 0o700 });
    isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', disk]).status === 0;
  });
  afterEach(() => {
    if (isMounted) spawnSync('umount', [disk]);
  });

  test('a launch that needs none says so once, and works', async () => {
    if (!isMounted) return notRun('no file system can be mounted here');
    fill();
    const { status, received, stderr } = await converse(await launcher(), [call(1, 'query'), call(2, 'query')], 2);
    expect([status, received.length]).toEqual([0, 4]);
    expect(stderr.match(/not fully audited/g)).toHaveLength(1);
  });

  test('a launch that requires one is refused, and starts nothing', async () => {
    if (!isMounted) return notRun('no file system can be mounted here');
    fill();
    const { status, received, stderr } = await converse(await launcher(required), [call(1, 'query')], 1);
    expect([status, received]).toEqual([74, [expect.stringContaining('"code":74')]]);
    expect(stderr).toContain('(ENOSPC)');
  });

  test('a session that requires one is ended, and the answer that cannot be recorded is kept back', async () => {
    if (!isMounted) return notRun('no file system can be mounted here');
    const child = await launcher(required);
    const received: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => received.push(chunk.toString()));
    const closed = once(child, 'close');
    child.stdin.write(call(1, 'query'));
    while (!received.join('').includes('"id":1')) await new Promise((resolve) => setTimeout(resolve, 10));
    fill();
    // What is left of the last block of the log takes a few records more.
    for (let id = 2; child.exitCode === null && id < 60; id++) {
      child.stdin.write(call(id, 'query'), () => undefined);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await closed;
    expect(child.exitCode).toBe(74);
    const answers = received
      .join('')
      .trimEnd()
      .split('\n')
      .filter((line) => line.includes('"id":'));
    expect(answers.at(-1)).toMatch(/"error":.*audit: required/);
    spawnSync('rm', [join(disk, 'full')]);
    const recorded = (await records('--event', 'tool')).length;
    expect(answers.filter((line) => line.includes('"result"')).length).toBeLessThanOrEqual(recorded);
    expect((await secretctl('audit', 'verify')).status).toBe(0);
  });
});

test('audit: required is part of what is approved', async () => {
  const pin = await addTeller('');
  expect(await addTeller('audit: best-effort\n')).toBe(pin);
  expect(await addTeller('audit: required\n')).not.toBe(pin);
});

test('audit: required without a vault, whose key it needs, is refused', async () => {
  const path = join(home.path, 'ci.pem');
  await home.demand(['identity', 'new', '--no-passphrase', '--out', path]);
  const pin = await home.addProfile('teller', nodeProfile('teller', [teller], 'audit: required\n'));
  rmSync(join(home.path, 'vault.sctl'));
  const env = { ...home.env, SECRETCTL_TRUST: pin, SECRETCTL_IDENTITY: path };
  const { status, stderr } = await run(process.execPath, [bundle, 'mcp-launch', 'teller'], { env, cwd: home.path });
  expect([status, stderr]).toEqual([78, expect.stringContaining('requires an audit')]);
});
