// Tokens of a standard form, and prefixed tokens of vendors that are not in any table.

import type { Detector } from './detector.js';
import { entropyOf, isSample } from './randomness.js';
import { sample } from './sample.js';
import { alphabetOf, B62, WORD } from './token.js';

const LONGEST_PART = 16_384;
const JWT = new RegExp(
  `ey[A-Za-z0-9][${WORD}]{8,${LONGEST_PART}}\\.(?:ey[${WORD}]{8,${LONGEST_PART}})?(?:\\.[${WORD}]{0,${LONGEST_PART}}){1,3}(?![${WORD}])`,
  'y',
);
/** Before the mark, letters; behind it, the random part. */
const MARKS = ['live', 'test', 'prod', 'secret', 'token', 'key', 'pat', 'sk', 'api', 'v1', 'v2'] as const;
const PREFIXED = new RegExp(`(?:_|-)([${B62}]{24,200})(?![${WORD}+/=])`, 'y');
/** Publishable keys are for everybody to see. */
const PREFIX = /(?<![A-Za-z0-9_+/-])(?!p(?:k|ub|ublic|ublishable)[_-])[a-z][a-z0-9]{1,7}[_-]$/;

export const GENERIC_DETECTORS: readonly Detector[] = [
  {
    name: 'jwt',
    anchors: ['eyJ', 'eyI'],
    follows: 17,
    source: 'RFC 7519 (JWT), RFC 7516 (JWE): a header of base64url, dots between the parts',
    find: (text, at) => {
      if (/[A-Za-z0-9_-]/.test(text.charAt(at - 1)) && !/\\[nrt]$/.test(text.slice(Math.max(0, at - 2), at)))
        return undefined;
      JWT.lastIndex = at;
      const [found] = JWT.exec(text) ?? [];
      return found === undefined || !isHeader(found) ? undefined : { start: at, end: at + found.length };
    },
    examples: () => {
      const header = encoded('{"alg":"HS256","typ":"JWT"}');
      const claims = encoded('{"sub":"1234567890","iat":1516239022}');
      const signed = `${header}.${claims}.${sample(WORD, 43)}`;
      const encrypted = `${encoded('{"alg":"dir","enc":"A256GCM"}')}..${sample(WORD, 16)}.${sample(WORD, 60)}.${sample(WORD, 22)}`;
      return {
        match: [signed, `${header}.${claims}.`, encrypted].map((text) => ({ text, mask: text })),
        clean: [header, `${header}.`, 'eyJ', `${encoded('{"page":1,"size":20}')}.${claims}.${sample(WORD, 43)}`],
      };
    },
  },
  {
    name: 'prefixed-token',
    anchors: MARKS.flatMap((mark) => [`_${mark}_`, `-${mark}-`]),
    follows: 24,
    alphabet: alphabetOf(B62),
    source: 'the habit that GitHub, Stripe and others set: vendor, kind, and 24 random characters or more',
    find: (text, at, anchor) => {
      PREFIXED.lastIndex = at + anchor.length - 1;
      const [, body] = PREFIXED.exec(text) ?? [];
      if (body === undefined || !/[0-9]/.test(body) || entropyOf(body) < 3.2 || isSample(body)) return undefined;
      const from = Math.max(0, at - 9);
      const start = PREFIX.exec(text.slice(from, at + 1))?.index;
      return start === undefined ? undefined : { start: from + start, end: PREFIXED.lastIndex };
    },
    examples: () => {
      const body = sample(B62, 32);
      const found = ['acme_live_', 'acme-prod-'].map((prefix) => prefix + body);
      return {
        match: found.map((text) => ({ text, mask: text })),
        clean: [`acme_live_${sample(B62, 16)}`, 'my_test_averylongidentifiernamewithoutdigits', 'a_key_b'],
      };
    },
  },
];

/** Whether the first part holds the members that RFC 7515 §4.1 asks for. */
function isHeader(found: string): boolean {
  const header = Buffer.from(found.slice(0, Math.min(found.indexOf('.'), 4_096)), 'base64url').toString('latin1');
  return /^\s*\{/.test(header) && /"(?:alg|enc|kid)"\s*:/.test(header);
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64url');
}
