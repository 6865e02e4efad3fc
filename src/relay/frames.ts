// Newline framing on bytes (MCP specification, "stdio transport"): one message per line. Bytes are never decoded here.

export const NEWLINE = 0x0a;

/** Longest line that is relayed; clients built on the SDK give up at 10 MiB. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Pieces under this size are gathered into blocks of that one. */
const SMALL = 1024;
const GATHERED = 16 * 1024;

export interface Framer {
  /**
   * Lines that `chunk` completes, each with its newline, in order. `undefined` stands for a line that was longer than the
   * limit and was dropped. Lines are views of the chunk where they can be.
   */
  push(chunk: Buffer): (Buffer | undefined)[];
  /** What follows the last newline; an empty list when nothing does. */
  end(): (Buffer | undefined)[];
}

export function createFramer(maxBytes = MAX_LINE_BYTES): Framer {
  /** The unfinished line, as it came: joined once, when its newline is there (joining at every chunk would be quadratic). */
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  /** Inside a line that is already longer than the limit. */
  let dropping = false;

  /** Small pieces are gathered: a Buffer for each byte of a slow writer would take a hundred times their size. */
  let gathered = Buffer.alloc(0);
  let used = 0;
  const gather = (part: Buffer): void => {
    if (used + part.length > gathered.length) {
      flush();
      gathered = Buffer.allocUnsafe(GATHERED);
    }
    used += part.copy(gathered, used);
  };
  const flush = (): void => {
    if (used > 0) pending.push(gathered.subarray(0, used));
    gathered = gathered.subarray(used);
    used = 0;
  };
  const hold = (part: Buffer): void => {
    if (dropping || part.length === 0) return;
    if (part.length < SMALL && pendingBytes > 0) gather(part);
    else {
      flush();
      pending.push(part);
    }
    pendingBytes += part.length;
    if (pendingBytes <= maxBytes) return;
    dropping = true;
    pending = [];
    used = 0;
  };
  const take = (): Buffer | undefined => {
    flush();
    const line = dropping ? undefined : pending.length === 1 ? pending[0] : Buffer.concat(pending, pendingBytes);
    pending = [];
    pendingBytes = 0;
    dropping = false;
    return line;
  };

  return {
    push(chunk) {
      const lines: (Buffer | undefined)[] = [];
      let start = 0;
      for (;;) {
        const newline = chunk.indexOf(NEWLINE, start);
        if (newline === -1) break;
        hold(chunk.subarray(start, newline + 1));
        lines.push(take());
        start = newline + 1;
      }
      hold(chunk.subarray(start));
      return lines;
    },
    end() {
      return pendingBytes === 0 ? [] : [take()];
    },
  };
}
