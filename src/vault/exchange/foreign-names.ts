// Names of other programs become names of the vault. The same file gives the same names every time.

const MAX_NAME = 128;
const MAX_FIELD = 64;

/** Empty when nothing of it can stand in a name. Accents are dropped: `Café 1` → `cafe-1`. */
export function wordOf(text: string): string {
  return (
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replaceAll(/-{2,}/g, '-')
      // One side at a time: a single expression for both would be slow on a long row of hyphens.
      .replace(/^[-._]+/, '')
      .replace(/(?<![-._])[-._]+$/, '')
  );
}

/** A folder, `/` or `\` between its levels, comes before the title; a `/` in a title is none. */
export function secretNameOf(folder: string, title: string): string {
  const path = [...folder.split(/[/\\]/), title].map(wordOf).filter((word) => word !== '');
  return path.join('/');
}

export function fieldNameOf(text: string): string {
  return wordOf(text) || 'field';
}

/** Gives out each name once: `x`, then `x-2`, `x-3` and so on; never longer than names may be. */
export function namesOnce(kind: 'secret' | 'field'): (name: string) => string {
  const max = kind === 'secret' ? MAX_NAME : MAX_FIELD;
  const taken = new Set<string>();
  return (name) => {
    for (let count = 1; ; count += 1) {
      const suffix = count === 1 ? '' : `-${count}`;
      const unique = `${name.slice(0, max - suffix.length)}${suffix}`;
      if (taken.has(unique)) continue;
      taken.add(unique);
      return unique;
    }
  };
}
