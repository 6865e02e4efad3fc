// What the first pass over a text looks for: the anchors of the detectors, and what becomes of them in an encoding. So a
// wrapped credential costs a clean text no decoding.

import type { Literal } from './anchors.js';
import type { Detector } from './detector.js';

export type Use =
  | { readonly kind: 'detector'; readonly detector: Detector }
  /** The core of base64 stands `skip` characters behind the beginning of a group of four. */
  | { readonly kind: 'base64'; readonly skip: number }
  | { readonly kind: 'hex' }
  /** An anchor behind escapes or percent-encoding: the decoded text has it as it is. */
  | { readonly kind: 'escaped' };

export interface UsedLiteral extends Literal {
  readonly uses: readonly Use[];
}

const SHORTEST_CORE = 3;
const LONGEST_CORE = 6;
const SHORTEST_WRAPPED = 3;
/** As many bytes of a hexadecimal spelling suffice. */
const HEX_BYTES = 4;

/** Each literal once, with all that it may stand for. */
export function literalsOf(detectors: readonly Detector[]): readonly UsedLiteral[] {
  const table = new Map<string, { text: string; anyCase: boolean; uses: Use[] }>();
  const add = (text: string, anyCase: boolean, use: Use): void => {
    const key = `${anyCase ? 'i' : 'c'}${text}`;
    const literal = table.get(key) ?? { text, anyCase, uses: [] };
    table.set(key, literal);
    if (!literal.uses.some((other) => sameUse(other, use))) literal.uses.push(use);
  };
  for (const detector of detectors) {
    const anyCase = detector.anyCase === true;
    for (const anchor of detector.anchors) {
      add(anchor, anyCase, { kind: 'detector', detector });
      for (const form of escapedForms(anchor)) add(form.toLowerCase(), true, { kind: 'escaped' });
    }
    for (const anchor of detector.wrapped ?? detector.anchors) {
      if (anchor.length < SHORTEST_WRAPPED) continue;
      for (const { text, skip } of coreForms(anchor)) add(text, false, { kind: 'base64', skip });
      add(
        Buffer.from(anchor)
          .toString('hex')
          .slice(0, HEX_BYTES * 2),
        true,
        { kind: 'hex' },
      );
    }
  }
  return [...table.values()];
}

function sameUse(one: Use, other: Use): boolean {
  if (one.kind === 'detector' && other.kind === 'detector') return one.detector === other.detector;
  if (one.kind === 'base64' && other.kind === 'base64') return one.skip === other.skip;
  return one.kind === other.kind;
}

/** Behind a backslash or more, however deep the JSON is; percent-encoded (RFC 3986 §2.1), once and repeated. */
function escapedForms(anchor: string): readonly string[] {
  const percent = encodeURIComponent(anchor);
  const forms = [percent, percent.replaceAll('%', '%25')].filter((form) => form !== anchor);
  return [...forms, ...backslashForms(anchor)];
}

/** Up to the first character that JSON escapes, and the backslash before it: three bytes at least. */
function backslashForms(anchor: string): readonly string[] {
  const head = /^[^"\\/]+(?=["\\/])/.exec(anchor)?.[0];
  if (head === undefined) return [];
  return head.length > 1 ? [`${head}\\`] : ['\\', '"', '/'].map((next) => `${head}\\${next}`);
}

/** The characters of base64 that depend on the anchor alone, for its three alignments, in both alphabets. */
function coreForms(anchor: string): readonly { readonly text: string; readonly skip: number }[] {
  return [0, 1, 2].flatMap((k) => {
    const encoded = Buffer.concat([Buffer.alloc(k), Buffer.from(anchor)])
      .toString('base64')
      .replaceAll('=', '');
    const skip = [0, 2, 3][k] ?? 0;
    const whole = encoded.slice(skip, (anchor.length + k) % 3 === 0 ? undefined : -1);
    const core = whole.slice(0, LONGEST_CORE);
    if (core.length < SHORTEST_CORE) return [];
    // Base64 of base64, where the anchor begins it.
    const twice =
      k === 0
        ? Buffer.from(whole)
            .toString('base64')
            .slice(0, Math.floor((whole.length * 4) / 3))
        : core;
    const forms = new Set([core, core.replaceAll('+', '-').replaceAll('/', '_'), twice.slice(0, LONGEST_CORE)]);
    return [...forms].map((text) => ({ text, skip }));
  });
}
