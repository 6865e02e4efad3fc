// JSON that somebody may have changed.

export type Members = Readonly<Record<string, unknown>>;

/** The members of the object; undefined for whatever is none. */
export function membersOf(json: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list of texts; empty for whatever is none. */
export function textsIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.map(String) : [];
}
