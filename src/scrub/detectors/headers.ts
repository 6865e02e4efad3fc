// Credentials in the headers of HTTP, however they are written down: raw, in JSON, in code, on a command line.

import type { Range } from '../sequence.js';
import type { Detector } from './detector.js';
import { hit, sampleText } from './sample-password.js';
import { isPlaceholder } from './value-placeholder.js';
import { isFollowedByToken, isHeader } from './quick.js';

const SEPARATOR = String.raw`(?:\\{0,31}["'\x60]\]?)?\s{0,4}(?:=>|[:=,])\s{0,4}(?:\[\s{0,4})?(?:[bf]?\\{0,31}["'\x60])?`;
const SCHEMED = new RegExp(`${SEPARATOR}([A-Za-z][\\w-]{1,24})(?:[ \\t]|%20){1,4}`, 'y');
const BARE = new RegExp(SEPARATOR, 'y');
const TOKEN = /(?:[A-Za-z0-9._~+/%:|!@#$^&*=-]|\\\/)+/y;
/** RFC 7616, AWS Signature 4 and OAuth 1 have lists of parameters. */
const LISTS = /^(?:digest|aws4-hmac-sha256|oauth|hawk|signature|credential)$/i;
const SCHEMES =
  /^(?:basic|bearer|token|apikey|api-key|negotiate|ntlm|splunk|geniekey|ssws|dpop|bot|key|jwt|sso-key|kerberos|private-token|deploytoken)$/i;

function findAuthorization(text: string, at: number, anchor: string): Range | undefined {
  SCHEMED.lastIndex = at + anchor.length;
  const scheme = SCHEMED.exec(text)?.[1];
  if (scheme === undefined || !(SCHEMES.test(scheme) || LISTS.test(scheme))) return bareToken(text, at + anchor.length);
  const start = SCHEMED.lastIndex;
  if (LISTS.test(scheme)) return listed(text, start);
  const found = tokenAt(text, start);
  return found === undefined || !isFor(scheme, text.slice(found.start, found.end)) ? undefined : found;
}

/** `Authorization: x` without a scheme: only what is no word. */
function bareToken(text: string, at: number): Range | undefined {
  BARE.lastIndex = at;
  const found = BARE.test(text) ? tokenAt(text, BARE.lastIndex) : undefined;
  if (found === undefined || /[a-z:][aA]uthorization$/.test(text.slice(Math.max(0, at - 15), at))) return undefined;
  const value = text.slice(found.start, found.end);
  return value.length >= 16 &&
    /\d/.test(value) &&
    /[A-Za-z]/.test(value) &&
    !/^[a-z]+:|[({]|^[a-z_]\w{0,20}(?:\.[a-z_]\w{0,25})+$/.test(value)
    ? found
    : undefined;
}

function tokenAt(text: string, at: number): Range | undefined {
  TOKEN.lastIndex = 0;
  const value = TOKEN.exec(text.slice(at, at + 8_192))?.[0].replace(/[.:,]+$/, '') ?? '';
  return value === '' || isPlaceholder(value) ? undefined : { start: at, end: at + value.length };
}

function isFor(scheme: string, value: string): boolean {
  if (/^basic$/i.test(scheme)) return isBasic(value);
  return value.length >= 6 && (/\d/.test(value) || value.length >= 20) && !/^[a-z]+\.[a-zA-Z.]+$/.test(value);
}

/** RFC 7617 §2: base64 of the user, a colon and the password, which must not be a placeholder. */
function isBasic(value: string): boolean {
  if (!/^(?:[A-Za-z0-9+/_-]|\\\/){6,}={0,2}$/.test(value)) return false;
  const pair = Buffer.from(value.replaceAll('\\', ''), 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon >= 0 && !/[\p{Cc}\ufffd]/u.test(pair) && !isPlaceholder(pair.slice(colon + 1) || pair.slice(0, colon));
}

const LIST = /[^\r\n]{8,1024}/y;

/** All parameters, to the end of the line or of the string around them. */
function listed(text: string, start: number): Range | undefined {
  LIST.lastIndex = start;
  const line = LIST.exec(text)?.[0].replace(/\\{1,31}[nr][\s\S]*$/, '') ?? '';
  const last =
    /^(?:[\w-]{1,40}\s?=\s?(?:\\{0,31}"[^"\r\n\\]{0,400}\\{0,31}"|[^\s,"'\\]{0,600}),?\s{0,2}){1,20}/
      .exec(line)?.[0]
      .trimEnd() ?? '';
  return /(?:response|signature|oauth_token|mac|keyId)\s?=/i.test(last) && !/<|\$\{|\*{3}/.test(last)
    ? { start, end: start + last.length }
    : undefined;
}

const AFTER_BEARER = /[ \t]{1,2}/y;

/** The scheme with a token, where no header is named. */
function findScheme(text: string, at: number, anchor: string): Range | undefined {
  if (/[A-Za-z0-9_-]/.test(text.charAt(at - 1)) && !/\\[nrt]$/.test(text.slice(Math.max(0, at - 2), at)))
    return undefined;
  AFTER_BEARER.lastIndex = at + anchor.trimEnd().length;
  const found = AFTER_BEARER.test(text) ? tokenAt(text, AFTER_BEARER.lastIndex) : undefined;
  if (found === undefined) return undefined;
  const value = text.slice(found.start, found.end);
  if (anchor === 'basic ') return value.length >= 12 && isBasic(value) ? found : undefined;
  return value.length >= 16 && /\d/.test(value) && /[A-Za-z]/.test(value) && !/[({$]|^https?:/.test(value)
    ? found
    : undefined;
}

const COOKIE_PAIR = /([\w!#$%&*+^|~.-]{1,64})=([^\s;,"'\\]{0,2048})/y;
const COOKIE_LINE = /(?:[\w!#$%&*+^|~.-]{1,64}=[^\s;,"'\\]{0,2048}(?:;\s?)?){1,64}/y;

/** All of `Cookie`, the first value of `Set-Cookie`. */
function findCookie(text: string, at: number, anchor: string): Range | undefined {
  const isSet = /set-$/i.test(text.slice(Math.max(0, at - 4), at));
  BARE.lastIndex = at + anchor.length;
  if (!BARE.test(text) || /[=,]\s*$/.test(text.slice(at + anchor.length, BARE.lastIndex))) return undefined;
  const start = BARE.lastIndex;
  COOKIE_PAIR.lastIndex = start;
  const [, name = '', value = ''] = COOKIE_PAIR.exec(text) ?? [];
  if (name === '') return undefined;
  if (isSet)
    return isSession(value)
      ? { start: start + name.length + 1, end: start + name.length + 1 + value.length }
      : undefined;
  COOKIE_LINE.lastIndex = start;
  const line = COOKIE_LINE.exec(text)?.[0].trimEnd() ?? '';
  return line.split(';').some((pair) => isSession(pair.slice(pair.indexOf('=') + 1).trim()))
    ? { start, end: start + line.length }
    : undefined;
}

function isSession(value: string): boolean {
  return value.length >= 8 && !isPlaceholder(value) && (/\d/.test(value) || value.length >= 20);
}

const NAMED =
  'x-api-key x-vault-token x-auth-token x-access-token x-amz-security-token x-goog-api-key private-token job-token ocp-apim-subscription-key x-csrf-token x-gitlab-token x-consul-token x-figma-token x-shopify-access-token'.split(
    ' ',
  );

function findNamed(text: string, at: number, anchor: string): Range | undefined {
  BARE.lastIndex = at + anchor.length;
  const found = BARE.test(text) ? tokenAt(text, BARE.lastIndex) : undefined;
  if (found === undefined) return undefined;
  const value = text.slice(found.start, found.end);
  return value.length >= 8 && (/\d/.test(value) || value.length >= 24) && !/^[a-z]+\.[a-zA-Z.[\]]+$/.test(value)
    ? found
    : undefined;
}

export const HEADER_DETECTORS: readonly Detector[] = [
  {
    name: 'authorization',
    anchors: ['authorization'],
    anyCase: true,
    find: findAuthorization,
    quick: isHeader,
    isWord: true,
    examples: () => ({
      match: [
        ...[
          'Authorization: Bearer PW',
          'authorization: token PW',
          '"Authorization": "Bearer PW"',
          "-H 'Authorization: Bearer PW'",
          'Proxy-Authorization: Bearer PW',
          "headers['Authorization'] = 'Bearer PW'",
          'Authorization: PW',
        ].map((text) => hit(text, sampleText(40))),
        hit('Authorization: Basic PW', Buffer.from(`app:${sampleText(14)}`).toString('base64')),
        hit(
          'Authorization: Digest PW',
          `username="u", realm="r", nonce="${sampleText(20)}", uri="/", response="${sampleText(32, '0123456789abcdef')}"`,
        ),
      ],
      clean: [
        'Authorization: Bearer <token>',
        'Authorization: Bearer ${TOKEN}',
        '"Authorization": `Bearer ${token}`',
        'Authorization: Basic ****',
        `Authorization: Basic ${Buffer.from('user:password').toString('base64')}`,
        'authorization: required',
        'Authorization: Bearer [REDACTED:x]',
        'Authorization: Bearer YOUR_TOKEN',
      ],
    }),
    source: 'RFC 9110 §11.6.2, RFC 7617, RFC 6750, RFC 7616',
  },
  {
    name: 'bearer-token',
    anchors: ['bearer ', 'basic '],
    anyCase: true,
    find: findScheme,
    quick: isFollowedByToken,
    examples: () => ({
      match: [
        hit('header Bearer PW sent', sampleText(32)),
        hit('{"h": "Basic PW"}', Buffer.from(`app:${sampleText(14)}`).toString('base64')),
      ],
      clean: [
        'Bearer authentication is used',
        'the bearer of this letter',
        'Basic authentication',
        'Basic understanding',
        'Bearer ${token}',
      ],
    }),
    source: 'RFC 6750 §2.1, RFC 7617 §2',
  },
  {
    name: 'cookie',
    anchors: ['cookie'],
    anyCase: true,
    find: findCookie,
    quick: isHeader,
    isWord: true,
    examples: () => ({
      match: [
        hit('Cookie: PW', `theme=dark; sid=${sampleText(32)}`),
        hit('"cookie": "PW"', `sid=${sampleText(32)}`),
        hit('Set-Cookie: sid=PW; Path=/; HttpOnly', sampleText(32)),
        hit('"set-cookie":["sid=PW; Path=/"]', sampleText(32)),
      ],
      clean: [
        'Set-Cookie: theme=dark; Path=/',
        'Cookie: lang=en',
        'document.cookie = name',
        'cookie: {maxAge: 3600}',
        'Cookie: sid=[REDACTED:x]',
        'Cookie: session=<value>',
      ],
    }),
    source: 'RFC 6265 §4',
  },
  {
    name: 'header-token',
    anchors: NAMED,
    anyCase: true,
    find: findNamed,
    quick: isHeader,
    isWord: true,
    examples: () => ({
      match: NAMED.flatMap((name) => [hit(`${name}: PW`, sampleText(32)), hit(`"${name}": "PW"`, sampleText(32))]),
      clean: ['X-Api-Key: <key>', 'x-api-key: ${KEY}', "'X-Api-Key': config.apiKey", 'X-Vault-Token: ****'],
    }),
    source: "the vendors' documentation of these headers; RFC 6648 for their names",
  },
];
