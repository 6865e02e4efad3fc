// What the client must send back exactly as it got it: URIs of resources, cursors, states of requests, names. Where the
// scrubber had to mask something in there, the mask is remembered, and mapped back when the very same field of the very
// same method returns it. Nowhere else: an agent could ask a tool to say what stands behind a mask.

/** The field by which a value returns. */
export type EchoKind = 'uri' | 'template' | 'cursor' | 'state' | 'task' | 'tool' | 'prompt';

export interface EchoMap {
  /** Some mapping exists. */
  readonly any: boolean;
  /** A masked form may stand in these bytes. */
  mayHold(line: Buffer): boolean;
  /**
   * The text that the client gets instead of `original`, the bytes between the quotes: the same one each time, and another
   * one for each original. `isFree` says that a text holds no credential.
   */
  mask(kind: EchoKind, original: Buffer, masked: string, isFree: (text: string) => boolean): string;
  /** The bytes of the original, or undefined. */
  original(kinds: readonly EchoKind[], text: string): Buffer | undefined;
}

/** A session with more of them, or larger ones, forgets those that were not used for longest. */
const MOST = 10_000;
const MOST_BYTES = 16 * 1024 * 1024;
const WORD = /REDACTED|MASKED|HIDDEN|X{8}|-{8}/;
const USUAL = Buffer.from('REDACTED');

interface Entry {
  readonly kind: EchoKind;
  readonly original: Buffer;
  readonly text: string;
}

export function createEchoMap(): EchoMap {
  /** By kind and original. */
  const masks = new Map<string, Entry>();
  /** By kind and what the client has. */
  const originals = new Map<string, Entry>();
  let bytes = 0;
  /** Entries without the usual word: those can stand in any line. */
  let unusual = 0;

  const forget = (entry: Entry): void => {
    masks.delete(keyOf(entry.kind, entry.original.toString('latin1')));
    originals.delete(keyOf(entry.kind, entry.text));
    bytes -= entry.original.length + entry.text.length;
    unusual -= isUsual(entry.text) ? 0 : 1;
  };
  const remember = (entry: Entry): void => {
    masks.set(keyOf(entry.kind, entry.original.toString('latin1')), entry);
    originals.set(keyOf(entry.kind, entry.text), entry);
    bytes += entry.original.length + entry.text.length;
    unusual += isUsual(entry.text) ? 0 : 1;
    for (const oldest of masks.values()) {
      if (oldest === entry || (masks.size <= MOST && bytes <= MOST_BYTES)) break;
      forget(oldest);
    }
  };

  return {
    get any() {
      return masks.size > 0;
    },
    mayHold: (line) => masks.size > 0 && (unusual > 0 || line.includes(USUAL)),
    mask(kind, original, masked, isFree) {
      const known = masks.get(keyOf(kind, original.toString('latin1')));
      if (known !== undefined) forget(known);
      const isNew = (text: string): boolean => !originals.has(keyOf(kind, text));
      const text = known?.text ?? firstOf(spellings(masked), (spelling) => isNew(spelling) && isFree(spelling));
      if (text === undefined) return masked;
      remember({ kind, original: Buffer.from(original), text });
      return text;
    },
    original(kinds, text) {
      for (const kind of kinds) {
        const entry = originals.get(keyOf(kind, text));
        if (entry !== undefined) return entry.original;
        if (kind === 'template') return expanded(originals.values(), text);
      }
      return undefined;
    },
  };
}

function keyOf(kind: EchoKind, text: string): string {
  return `${kind} ${text}`;
}

function isUsual(text: string): boolean {
  return text.includes('REDACTED');
}

const MOST_SPELLINGS = 1_000;

/** `…REDACTED…`, `…REDACTED-2…`, and so on. */
function* spellings(masked: string): Generator<string> {
  yield masked;
  const word = WORD.exec(masked);
  const end = word === null ? masked.length : word.index + word[0].length;
  for (let number = 2; number < MOST_SPELLINGS; number++) yield `${masked.slice(0, end)}-${number}${masked.slice(end)}`;
}

function firstOf(texts: Iterable<string>, isRight: (text: string) => boolean): string | undefined {
  for (const text of texts) if (isRight(text)) return text;
  return undefined;
}

/** A URI that a client has made of a template (RFC 6570): up to the first expression it begins as the template does. */
function expanded(entries: Iterable<Entry>, text: string): Buffer | undefined {
  for (const { kind, original, text: template } of entries) {
    const brace = template.indexOf('{');
    if (kind !== 'template' || brace < 0 || !WORD.test(template.slice(0, brace))) continue;
    const head = original.indexOf('{');
    if (head < 0 || !text.startsWith(template.slice(0, brace))) continue;
    const rest = JSON.stringify(text.slice(brace)).slice(1, -1);
    return Buffer.concat([original.subarray(0, head), Buffer.from(rest)]);
  }
  return undefined;
}
