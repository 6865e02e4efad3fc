// Reads of data whose shape nobody has promised: JSON that a command printed, answers of a server.

/** What stands at the end of `path`; undefined where the path leaves the data. */
export function at(data: unknown, ...path: readonly (string | number)[]): unknown {
  let current = data;
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Object.getOwnPropertyDescriptor(current, step)?.value;
  }
  return current;
}

/** The same for text; throws where there is none. */
export function textAt(data: unknown, ...path: readonly (string | number)[]): string {
  const found = at(data, ...path);
  if (typeof found === 'string') return found;
  throw new Error(`no text at ${path.join('.')} of ${JSON.stringify(data)}`);
}

export function listAt(data: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(data, ...path);
  return Array.isArray(found) ? found : [];
}

/** `JSON.parse` without the promise of `any`. */
export function parseJson(text: string): unknown {
  return JSON.parse(text);
}
