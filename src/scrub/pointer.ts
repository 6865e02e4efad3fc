// Which strings and numbers of a message were changed, and where they stand, as a JSON Pointer (RFC 6901).

import { decodeJsonString, encodingOf } from './decode.js';
import { JsonScanner } from './json-strings.js';

export interface ChangedToken {
  /** `key`: the name of a member, which is the last part of its own pointer. */
  readonly kind: 'key' | 'string' | 'number';
  /** Made of the names as they are after the change: the name of a member can be a credential, too. */
  readonly pointer: string;
  /** What stood there before, decoded. */
  readonly text: string;
  /** What stands there now, decoded. */
  readonly masked: string;
}

/** `before` and `after` are the same message but for the insides of its strings and numbers. */
export function changedTokens(before: Buffer, after: Buffer): readonly ChangedToken[] {
  const [old, fresh] = [new JsonScanner(before), new JsonScanner(after)];
  const encodings = { old: encodingOf(before), fresh: encodingOf(after) };
  const path = createPath(after);
  const changed: ChangedToken[] = [];
  for (;;) {
    const kind = fresh.next();
    if (old.next() !== kind || kind === 'end' || kind === 'error') return changed;
    path.goTo(fresh);
    if (kind === 'key') path.enter(decodeJsonString(after, fresh, encodings.fresh));
    const [was, is] = [before.subarray(old.start, old.end), after.subarray(fresh.start, fresh.end)];
    if (was.equals(is)) continue;
    const text = kind === 'number' ? was.toString('latin1') : decodeJsonString(before, old, encodings.old);
    const masked = kind === 'number' ? is.toString('latin1') : decodeJsonString(after, fresh, encodings.fresh);
    changed.push({ kind, pointer: path.pointer(), text, masked });
  }
}

interface Path {
  /** Takes note of everything that was opened, closed and parted since the last token. */
  goTo(token: { readonly start: number; readonly end: number }): void;
  /** The name of the member that comes now. */
  enter(name: string): void;
  pointer(): string;
}

function createPath(bytes: Buffer): Path {
  /** One entry for each open container: the name or the index inside it. */
  const open: (string | number)[] = [];
  let at = 0;
  const step = (code: number): void => {
    const inside = open.at(-1);
    if (code === OPEN_OBJECT) open.push('');
    else if (code === OPEN_ARRAY) open.push(0);
    else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) open.pop();
    else if (code === COMMA && typeof inside === 'number') open[open.length - 1] = inside + 1;
  };
  return {
    // Between two tokens stand brackets, commas, colons, blanks, quotes and literals only.
    goTo({ start, end }) {
      for (; at < start; at++) step(bytes[at] ?? 0);
      at = end;
    },
    enter(name) {
      open[open.length - 1] = name;
    },
    pointer: () => open.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
  };
}

const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
