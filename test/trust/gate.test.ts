import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LaunchPlan } from '../../src/profile/types.js';
import { findGate, verifyGate, type GateInput } from '../../src/trust/gate.js';
import { parsePins } from '../../src/trust/pins.js';
import { parseRecord, signRecord, type TrustRecord } from '../../src/trust/record.js';
import { openTrustStore } from '../../src/trust/store.js';

const key = Buffer.alloc(32, 7);
const NONE = { exists: false, personal: false, ownExists: false };
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const now = new Date('2030-01-01T00:00:00Z');
const record: TrustRecord = {
  version: 1,
  fingerprint: digest('a'),
  profile: 'shop',
  path: '/repo/profiles/shop.yaml',
  extra: '[]',
  approved: '2029-12-01T00:00:00.000Z',
  expires: '2030-02-01T00:00:00.000Z',
  factor: 'passphrase',
};

function plan(changes: Partial<LaunchPlan> = {}): LaunchPlan {
  return {
    profile: 'shop',
    source: { path: record.path, origin: 'project', workTree: '/repo' },
    command: {
      written: 'node',
      path: '/usr/bin/node',
      realPath: '/usr/bin/node',
      insideWorkTree: false,
      fromSystem: true,
    },
    package: undefined,
    args: [],
    extraArgs: [],
    cwd: { mode: 'neutral', path: '/' },
    env: new Map(),
    secrets: new Map(),
    startupTimeoutMs: 60_000,
    maxLineBytes: 67_108_864,
    shutdownGraceMs: undefined,
    tools: { allow: undefined, deny: [], denyArguments: [], readOnly: false },
    audit: 'best-effort',
    sealedFor: undefined,
    redactAllow: [],
    fingerprint: digest('a'),
    pin: digest('b'),
    ...changes,
  };
}

let state: string;
let warnings: string[];
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'secretctl-trust-'));
  warnings = [];
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

function input(changes: Partial<GateInput> = {}): GateInput {
  return {
    plan: plan(),
    store: openTrustStore(state, process.geteuid?.()),
    vault: { exists: true, personal: true, ownExists: false },
    pins: undefined,
    identity: false,
    shadowed: [],
    warn: (message) => warnings.push(message),
    ...changes,
  };
}

function approve(changes: Partial<TrustRecord> = {}, signingKey = key): void {
  openTrustStore(state, process.geteuid?.()).save(signRecord({ ...record, ...changes }, signingKey));
}

const verify = (gateInput = input(), at = now): void =>
  verifyGate(findGate(gateInput), { personal: gateInput.vault.personal, trustKey: () => key }, at);

describe('a record', () => {
  test('lets the very plan run that was approved', () => {
    approve();
    expect(() => verify()).not.toThrow();
  });

  test('is asked for before any key is', () => {
    expect(() => findGate(input())).toThrow(/nobody on this machine has approved/);
  });

  test('of an earlier plan of the same file names the change', () => {
    approve({ fingerprint: digest('c') });
    expect(() => findGate(input())).toThrow(/no longer the one that was approved on 2029-12-01/);
  });

  test('is kept beside one with other extra arguments, and the refusal says what differs', () => {
    approve();
    expect(() => findGate(input({ plan: plan({ extraArgs: ['x y'], fingerprint: digest('e') }) }))).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/not with these arguments/) as unknown as string,
        hint: "secretctl trust shop -- 'x y'",
      }),
    );
    approve({ fingerprint: digest('e'), extra: '["x y"]' });
    expect(openTrustStore(state, process.geteuid?.()).list().length).toBe(2);
  });

  test('of a name that stands in several places names them all', () => {
    expect(() => findGate(input({ shadowed: ['/home/shop.yaml'] }))).toThrow(/not used: \/home\/shop.yaml/);
  });

  test('that has expired is refused, and so is one whose expiry is no date', () => {
    approve();
    expect(() => verify(input(), new Date('2030-02-01T00:00:00Z'))).toThrow(/has expired/);
    approve({ expires: 'never' });
    expect(() => verify()).toThrow(/has expired/);
  });

  test('made with another key is refused', () => {
    approve({}, Buffer.alloc(32, 8));
    expect(() => verify()).toThrow(/not made with this vault/);
  });

  test('cannot be forged by changing any field of a genuine one', () => {
    const genuine = signRecord(record, key);
    const others = {
      profile: 'x',
      path: '/x',
      approved: 'x',
      expires: '2099-01-01T00:00:00.000Z',
      factor: 'name',
      mac: 'AAAA',
    };
    for (const [field, value] of Object.entries(others)) {
      approve();
      const [file] = readdirSync(join(state, 'trust'));
      writeFileSync(join(state, 'trust', file ?? ''), JSON.stringify({ ...genuine, [field]: value }), { mode: 0o600 });
      expect(() => verify()).toThrow(/not made with this vault/);
    }
  });

  test('copied under the name of another plan is not found', () => {
    approve();
    const forged = JSON.stringify(signRecord(record, key));
    writeFileSync(join(state, 'trust', `${'d'.repeat(64)}.json`), forged, { mode: 0o600 });
    expect(() => findGate(input({ plan: plan({ fingerprint: digest('d') }) }))).toThrow(/no longer the one/);
  });

  test.each(['', '{}', '[]', 'null', '{"version":2}', '{"version":1,"fingerprint":5}'])('%j is no record', (text) => {
    expect(parseRecord(text)).toBeUndefined();
  });

  test('replaces the record of an earlier plan of the same file', () => {
    approve({ fingerprint: digest('c') });
    approve();
    expect(
      openTrustStore(state, process.geteuid?.())
        .list()
        .map(({ fingerprint }) => fingerprint),
    ).toEqual([digest('a')]);
  });
});

describe('pins', () => {
  const ci = { exists: true, personal: false, ownExists: false };

  test('let the pinned plan run, and no other: neither a recorded nor a packaged one', () => {
    approve();
    expect(findGate(input({ vault: ci, pins: `${digest('f')}, ${digest('b')}` }))).toEqual({ kind: 'pinned' });
    expect(() => findGate(input({ vault: ci, pins: digest('f') }))).toThrow(/is not among the pins/);
    const packaged = plan({ source: { path: '/p', origin: 'builtin', workTree: undefined } });
    expect(() => findGate(input({ vault: ci, pins: digest('f'), plan: packaged }))).toThrow(/is not among the pins/);
  });

  test('are ignored, with one warning, where the vault has an owner', () => {
    expect(() => findGate(input({ pins: digest('b') }))).toThrow(/nobody on this machine/);
    expect(warnings).toEqual([expect.stringContaining('SECRETCTL_TRUST is ignored')]);
  });

  test('do not count when the vault that is opened turns out to have an owner', () => {
    const gate = findGate(input({ vault: ci, pins: digest('b') }));
    expect(() => verifyGate(gate, { personal: true, trustKey: () => key }, now)).toThrow(/vault that has an owner/);
  });

  test('need a vault, or an identity where nobody has one', () => {
    const pins = digest('b');
    expect(() => findGate(input({ vault: NONE, pins }))).toThrow(/needs a vault/);
    expect(findGate(input({ vault: NONE, pins, identity: true }))).toEqual({ kind: 'pinned' });
    const hidden = { ...NONE, ownExists: true };
    expect(() => findGate(input({ vault: hidden, pins, identity: true }))).toThrow(/somebody has a vault/);
  });

  test.each(['x', 'sha256:12', `${digest('a')},*`, digest('A')])('%j is refused as a pin', (text) => {
    expect(() => parsePins(text)).toThrow(/no pin/);
  });
});

describe('a packaged profile', () => {
  const packaged: LaunchPlan['source'] = { path: '/p/postgres.yaml', origin: 'builtin', workTree: undefined };

  test('needs no record', () => {
    expect(findGate(input({ plan: plan({ source: packaged }) }))).toEqual({ kind: 'packaged' });
  });

  test('needs one with extra arguments, and with a command from a git work tree', () => {
    expect(() => findGate(input({ plan: plan({ source: packaged, extraArgs: ['x'] }) }))).toThrow(/nobody/);
    const elsewhere = { ...plan().command, fromSystem: false };
    expect(() => findGate(input({ plan: plan({ source: packaged, command: elsewhere }) }))).toThrow(/nobody/);
    const command = { ...plan().command, insideWorkTree: true };
    expect(() => findGate(input({ plan: plan({ source: packaged, command }) }))).toThrow(/nobody/);
  });
});
