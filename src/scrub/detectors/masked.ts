// What a mask looks like: no detector may find a credential in it, or scrubbing twice would change something.

import type { Range } from '../sequence.js';

const MASK =
  /\[(?:REDACTED(?::[A-Za-z0-9._/-]{0,200})?|MASKED)\]|\(hidden\)|(?<![A-Za-z0-9])(?:REDACTED|MASKED|HIDDEN|XXXXXXXX)(?![A-Za-z0-9])|\*{8}|#{8}|-{8}/g;
const NEAR = 240;

/** Whether a range is nothing but a mask, lies in one, or cuts one in two. */
export function insideMask(text: string, { start, end }: Range): boolean {
  const from = Math.max(0, start - NEAR);
  const around = text.slice(from, Math.min(text.length, Math.max(start + NEAR, end + NEAR)));
  if (!MAY_BE_MASK.test(around)) return false;
  for (const { index, 0: mask } of around.matchAll(MASK)) {
    const [left, right] = [from + index, from + index + mask.length];
    const cutsStart = start > left && start < right;
    const cutsEnd = end > left && end < right;
    if (cutsStart || cutsEnd || (start >= left && end <= right)) return true;
  }
  return false;
}
const MAY_BE_MASK = /REDACTED|MASKED|HIDDEN|XXXX|hidden|\*{8}|#{8}|-{8}/;
