// Private keys in armour: from the first line to the last, over real or escaped line ends; a cut-off one to its end.

import type { Range } from '../sequence.js';
import type { Detector } from './detector.js';
import { sampleText } from './sample-password.js';

/** A PGP key with its certificate is longer than any other. */
const LONGEST = 20_480;
const HEADER = /-----BEGIN (?:[A-Z0-9][A-Z0-9 ]{0,40} )?PRIVATE KEY(?: BLOCK)?-----/y;
const SSH_HEADER = /---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----/y;
const GAP = String.raw`(?:[\s"'+,]|\\{1,31}(?:[nrt"]|u000[aAdD])?){0,64}`;
/** Text about keys names the header only. */
const BODY = new RegExp(`${GAP}(?:[A-Za-z0-9+/=]{16}|(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash)\\b)`, 'y');
const LAST_LINE = /-{4,5} ?END [A-Z0-9 ]{1,60}-{4,5}/y;

function findArmoured(text: string, at: number, anchor: string): Range | undefined {
  const header = anchor.startsWith('-----') ? HEADER : SSH_HEADER;
  header.lastIndex = at;
  if (!header.test(text)) return undefined;
  const from = header.lastIndex;
  BODY.lastIndex = from;
  return BODY.test(text) ? { start: at, end: endOf(text, from) } : undefined;
}

/** The next dashes are the last line, or the beginning of another block: so a text of many headers is read once. */
function endOf(text: string, from: number): number {
  const limit = Math.min(text.length, from + LONGEST);
  const next = text.slice(from, limit).search(/-{4,5} ?(?:END|BEGIN) /);
  if (next < 0) return limit;
  LAST_LINE.lastIndex = from + next;
  return LAST_LINE.test(text) ? LAST_LINE.lastIndex : from + next;
}

const PUTTY = /Private-Lines:\s?\d{1,4}(?:\s|\\{1,31}[nr])+(?=[A-Za-z0-9+/=]{16})/y;

function findPutty(text: string, at: number): Range | undefined {
  PUTTY.lastIndex = at;
  if (!PUTTY.test(text)) return undefined;
  const start = PUTTY.lastIndex;
  const length = text.slice(start, start + LONGEST).search(/(?:\s|\\{1,31}[nr])*Private-(?:MAC|Hash):/);
  return { start, end: length < 0 ? Math.min(text.length, start + LONGEST) : start + length };
}

const OTP = /otpauth(?::|%3A)(?:\/|%2F|\\\/){2}[^\s"'<>]{0,256}?[?&]secret=([A-Za-z2-7]{8,256})/iy;

/** The shared secret of one-time passwords. */
function findOtp(text: string, at: number): Range | undefined {
  OTP.lastIndex = at;
  const secret = OTP.exec(text)?.[1];
  return secret === undefined ? undefined : { start: OTP.lastIndex - secret.length, end: OTP.lastIndex };
}

function armour(label: string, head = ''): string {
  const dashes = '-'.repeat(5);
  const lines = Array.from({ length: 6 }, (_, line) => sampleText(64, undefined, line + 9));
  return [
    `${dashes}BEGIN ${label}${dashes}`,
    ...(head === '' ? [] : [head, '']),
    ...lines,
    `${dashes}END ${label}${dashes}`,
  ].join('\n');
}

const whole = (text: string): { text: string; mask: string } => ({ text, mask: text });

export const PRIVATE_KEY_DETECTORS: readonly Detector[] = [
  {
    name: 'private-key',
    anchors: ['-----BEGIN', '---- BEGIN SSH2'],
    find: findArmoured,
    examples: () => ({
      match: [
        ...['PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'].map(
          (label) => whole(armour(label)),
        ),
        whole(armour('PGP PRIVATE KEY BLOCK', 'Version: GnuPG v2')),
        whole(armour('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED')),
        whole(armour('PRIVATE KEY').replaceAll('\n', '\\n')),
        whole(armour('PRIVATE KEY').replaceAll('\n', '\r\n')),
        whole(armour('PRIVATE KEY').slice(0, 200)),
      ],
      clean: [
        `startsWith("${'-'.repeat(5)}BEGIN PRIVATE KEY${'-'.repeat(5)}")`,
        armour('PUBLIC KEY'),
        armour('CERTIFICATE'),
        `${'-'.repeat(5)}BEGIN RSA PRIVATE KEY${'-'.repeat(5)}\n...\n${'-'.repeat(5)}END RSA PRIVATE KEY${'-'.repeat(5)}`,
      ],
    }),
    source: 'RFC 7468 §10, RFC 1421 §4.4, RFC 9580 §6.2, RFC 4716 §3, openssh PROTOCOL.key',
  },
  {
    name: 'putty-private-key',
    anchors: ['Private-Lines:'],
    find: findPutty,
    examples: () => {
      const body = sampleText(64);
      return {
        match: [
          { text: `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n${body}\nPrivate-MAC: 00`, mask: body },
          { text: `Private-Lines: 1\n${body}`, mask: body },
        ],
        clean: ['Private-Lines: 1', 'Public-Lines: 2\nAAAA', 'Private-Lines: n'],
      };
    },
    source: 'the.earth.li: PuTTY manual, appendix C',
  },
  {
    name: 'otp-secret',
    anchors: ['otpauth'],
    find: findOtp,
    examples: () => {
      const mask = sampleText(32, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');
      return {
        match: [{ text: `otpauth://totp/app:u?secret=${mask}&issuer=app`, mask }],
        clean: ['otpauth://totp/app:u?secret=<secret>', 'otpauth://totp/app:u?issuer=app', 'otpauth'],
      };
    },
    source: 'github.com/google/google-authenticator: key URI format',
  },
];
