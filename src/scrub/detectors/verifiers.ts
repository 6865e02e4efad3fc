// What servers store instead of a password: it opens nothing by itself, but it can be tried offline, and some can be used
// as they are.

import type { Detector, Examples } from './detector.js';
import { sampleText } from './sample-password.js';

const HEX = '0123456789abcdef';
const UPPER = '0123456789ABCDEF';
const CRYPT = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Letters that belong to an escape are no beginning of a word. */
const ESCAPE_BEFORE = /\\[nrtbfv]$/;

interface Shape {
  readonly name: string;
  readonly anchors: readonly string[];
  /** Begins with the anchor. */
  readonly pattern: RegExp;
  readonly left?: RegExp;
  readonly source: string;
  readonly examples: () => Examples;
  readonly follows?: number;
}

function verifier({ name, anchors, pattern, left = /[A-Za-z0-9]/, source, examples, follows = 0 }: Shape): Detector {
  return {
    name,
    anchors,
    follows,
    find: (text, at) => {
      if (left.test(text.charAt(at - 1)) && !ESCAPE_BEFORE.test(text.slice(Math.max(0, at - 2), at))) return undefined;
      pattern.lastIndex = at;
      return pattern.test(text) ? { start: at, end: pattern.lastIndex } : undefined;
    },
    examples,
    source,
  };
}

function whole(...texts: readonly string[]): Examples['match'] {
  return texts.map((text) => ({ text, mask: text }));
}

const b64 = (length: number, start = 3): string => sampleText(length, `${CRYPT.slice(2)}+/`, start);

export const VERIFIER_DETECTORS: readonly Detector[] = [
  verifier({
    name: 'scram-verifier',
    anchors: ['SCRAM-SHA-'],
    pattern:
      /SCRAM-SHA-(?:1|256|512)\$\d{1,9}(?::|\$)(?:[A-Za-z0-9+/]|\\\/){8,88}={0,2}\$(?:[A-Za-z0-9+/]|\\\/){20,90}={0,2}:(?:[A-Za-z0-9+/]|\\\/){20,90}={0,2}/y,
    source: 'RFC 5803; postgresql.org/docs catalog-pg-authid',
    examples: () => ({
      match: whole(`SCRAM-SHA-256$4096:${b64(22)}==$${b64(43)}=:${b64(43, 5)}=`),
      clean: [
        'SCRAM-SHA-256',
        'SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>',
        'mechanism SCRAM-SHA-256-PLUS',
      ],
    }),
  }),
  verifier({
    name: 'postgres-md5-verifier',
    anchors: ['md5'],
    follows: 32,
    pattern: /md5[0-9a-f]{32}(?![A-Za-z0-9])/y,
    source: 'postgresql.org/docs catalog-pg-authid',
    examples: () => ({
      match: whole(`md5${sampleText(32, HEX)}`),
      clean: ['md5', `md5:${sampleText(32, HEX)}`, `md5 = ${sampleText(32, HEX)}`, `md5${sampleText(40, HEX)}`],
    }),
  }),
  verifier({
    name: 'mysql-native-hash',
    anchors: ['*'],
    follows: 40,
    left: /[A-Za-z0-9*]/,
    pattern: /\*[0-9A-F]{40}(?![0-9A-Za-z])/y,
    source: 'dev.mysql.com/doc native-pluggable-authentication',
    examples: () => ({
      match: whole(`*${sampleText(40, UPPER)}`),
      clean: ['*ABC', `*${sampleText(39, UPPER)}`, `*${sampleText(64, UPPER)}`, `x*${sampleText(40, UPPER)}`],
    }),
  }),
  verifier({
    name: 'mysql-sha2-hash',
    anchors: ['$A$00', '0x24412430', '2441243030'],
    pattern:
      /\$A\$\d{3}\$[\s\S]{20,120}?[./0-9A-Za-z]{43}(?![./0-9A-Za-z])|(?:0x)?24412430[0-9A-Fa-f]{126,140}(?![0-9A-Fa-f])/y,
    source: 'dev.mysql.com/doc caching-sha2-pluggable-authentication',
    examples: () => ({
      match: whole(`$A$005$${sampleText(20)}${sampleText(43, CRYPT)}`, `0x24412430303524${sampleText(126, UPPER)}`),
      clean: ['$A$005', '$A$001 + $B$002'],
    }),
  }),
  verifier({
    name: 'bcrypt-hash',
    anchors: ['$2a$', '$2b$', '$2x$', '$2y$'],
    pattern: /\$2[abxy]\$\d\d\$(?:[./A-Za-z0-9]|\\\/){53}/y,
    left: /\\(?!n)/,
    source: 'Provos and Mazières 1999; openwall.com/crypt',
    examples: () => ({
      match: whole(`$2b$12$${sampleText(53, CRYPT)}`),
      clean: ['$2b$', '$2b$12$short', '$2a$ + $2b$'],
    }),
  }),
  verifier({
    name: 'argon2-hash',
    anchors: ['$argon2'],
    left: /\\(?!n)/,
    pattern:
      /\$argon2(?:id|i|d)\$(?:v=\d{1,3}\$)?m=\d{1,9},t=\d{1,9},p=\d{1,5}(?:,[a-z]+=[\w+/-]{1,64})?\$(?:[A-Za-z0-9+/]|\\\/){8,88}\$(?:[A-Za-z0-9+/]|\\\/){16,172}/y,
    source: 'github.com/P-H-C: PHC string format; RFC 9106',
    examples: () => ({
      match: whole(
        `$argon2id$v=19$m=65536,t=3,p=4$${b64(22)}$${b64(43)}`,
        `$argon2d$m=4096,t=3,p=1$${b64(22)}$${b64(43)}`,
      ),
      clean: ['$argon2id$', '$argon2id$v=19$m=65536,t=3,p=4$<salt>$<hash>'],
    }),
  }),
  verifier({
    name: 'crypt-hash',
    anchors: ['$6$', '$5$', '$1$', '$y$', '$7$', '$gy$', '$apr1$', '$sha1$', '$8$', '$9$', '$P$', '$H$', '$S$'],
    left: /[A-Za-z0-9$]/,
    pattern:
      /\$(?:[56]\$(?:rounds=\d{1,9}\$)?[^$:\s"'\\]{1,16}\$[./A-Za-z0-9]{43,86}|(?:1|apr1)\$[^$:\s"'\\]{1,8}\$[./A-Za-z0-9]{22}|g?y\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|7\$[./A-Za-z0-9]{11,100}\$[./A-Za-z0-9]{43}|sha1\$\d{1,9}\$[./A-Za-z0-9]{1,64}\$[./A-Za-z0-9]{28}|[89]\$[./A-Za-z0-9]{14}\$[./A-Za-z0-9]{43}|[PH]\$[./A-Za-z0-9]{31}|S\$[./A-Za-z0-9]{52})(?![./A-Za-z0-9])/y,
    source: 'man crypt(5); openwall.com/phpass',
    examples: () => ({
      match: whole(
        `$6$${sampleText(16, CRYPT)}$${sampleText(86, CRYPT)}`,
        `$6$rounds=5000$${sampleText(8, CRYPT)}$${sampleText(86, CRYPT)}`,
        `$5$${sampleText(16, CRYPT)}$${sampleText(43, CRYPT)}`,
        `$1$${sampleText(8, CRYPT)}$${sampleText(22, CRYPT)}`,
        `$apr1$${sampleText(8, CRYPT)}$${sampleText(22, CRYPT)}`,
        `$y$j9T$${sampleText(22, CRYPT)}$${sampleText(43, CRYPT)}`,
        `$7$CU..../....${sampleText(22, CRYPT)}$${sampleText(43, CRYPT)}`,
        `$P$B${sampleText(30, CRYPT)}`,
      ),
      clean: ['costs $6$ or $5$', 'WHERE a = $1$2', '$1$abc$short', '$P$B', 'price: $5$, $6$'],
    }),
  }),
  verifier({
    name: 'kdf-hash',
    anchors: ['pbkdf2', '$scrypt$', 'scrypt:', '$bcrypt-sha256$', '$krb5', '$DCC2$'],
    left: /[A-Za-z0-9]/,
    pattern:
      /(?:pbkdf2_sha(?:1|256|512)\$\d{1,9}\$[^$\s"'\\]{1,64}\$[A-Za-z0-9+/]{20,120}={0,2}|pbkdf2:sha(?:1|256|512)(?::\d{1,9})?\$[^$\s"'\\]{1,64}\$[0-9a-f]{32,128}|pbkdf2(?:-sha\d{1,3})?\$\d{1,9}\$[./A-Za-z0-9+]{4,90}\$[./A-Za-z0-9+]{20,120}|\$scrypt\$(?:ln=\d{1,3},r=\d{1,4},p=\d{1,4}|[0-9a-f]{1,16})\$[A-Za-z0-9+/]{4,90}={0,2}\$[A-Za-z0-9+/]{20,120}={0,2}|scrypt:\d{1,9}:\d{1,4}:\d{1,4}\$[^$\s"'\\]{1,64}\$[0-9a-f]{32,128}|\$bcrypt-sha256\$[\w=,.]{1,40}\$[./A-Za-z0-9]{22}\$[./A-Za-z0-9]{31}|\$krb5(?:tgs|asrep|pa)\$\d{1,3}\$[^\s"'\\]{32,4096}|\$DCC2\$\d{1,9}#[^#\s]{1,64}#[0-9a-f]{32})(?![A-Za-z0-9])/y,
    source: 'docs.djangoproject.com passwords; werkzeug.palletsprojects.com security; passlib; hashcat example hashes',
    examples: () => ({
      match: whole(
        `pbkdf2_sha256$600000$${sampleText(22)}$${b64(43)}=`,
        `pbkdf2:sha256:260000$${sampleText(16)}$${sampleText(64, HEX)}`,
        `scrypt:32768:8:1$${sampleText(16)}$${sampleText(128, HEX)}`,
        `$scrypt$ln=16,r=8,p=1$${b64(22)}$${b64(43)}`,
        `$krb5tgs$23$*app$REALM$x*$${sampleText(32, HEX)}$${sampleText(64, HEX)}`,
      ),
      clean: ['pbkdf2_sha256', 'pbkdf2_sha256$600000', 'scrypt: a function', '$scrypt$', '$krb5tgs$'],
    }),
  }),
  verifier({
    name: 'ldap-hash',
    anchors: ['{SSHA', '{SHA', '{SMD5}', '{MD5}', '{CRYPT}', '{PBKDF2'],
    left: /\$/,
    pattern:
      /\{(?:S?SHA(?:1|256|384|512)?|S?MD5|CRYPT|PBKDF2(?:-SHA\d{1,3})?)\}(?:\d{1,7}\$)?(?:[A-Za-z0-9+/.$]|\\\/){20,180}={0,2}/y,
    source: 'RFC 2307 §5.3; openldap.org/faq: password hashes',
    examples: () => ({
      match: whole(`{SSHA}${b64(32)}`, `{SSHA512}${b64(96)}`),
      clean: ['{SSHA}', '{SHA}x', '{CRYPT} scheme'],
    }),
  }),
  verifier({
    name: 'server-hash',
    anchors: ['0x0200', '0x0100'],
    follows: 48,
    pattern: /0x0(?:200[0-9A-Fa-f]{136}|100(?:[0-9A-Fa-f]{88}|[0-9A-Fa-f]{48}))(?![0-9A-Fa-f])/y,
    source: 'learn.microsoft.com: LOGINPROPERTY PasswordHash, PWDENCRYPT',
    examples: () => ({
      match: whole(`0x0200${sampleText(136, UPPER)}`),
      clean: ['0x0200', `0x0100${sampleText(40, UPPER)}`],
    }),
  }),
  verifier({
    name: 'ntlm-hash',
    anchors: ['aad3b435b51404ee'],
    follows: 16,
    pattern: /aad3b435b51404ee(?:[0-9a-f]{16}):[0-9a-f]{32}(?![0-9a-fA-F])/y,
    source: 'learn.microsoft.com: MS-NLMP §3.3.1',
    examples: () => ({
      match: whole(`${'aad3b435b51404ee'.repeat(2)}:${sampleText(32, HEX)}`),
      clean: ['aad3b435b51404ee', 'aad3b435b51404ee'.repeat(2)],
    }),
  }),
];
