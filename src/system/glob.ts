// Patterns of names: `*` any characters, `?` one. Linear, because patterns come from people and lists can be long.

export function matchesGlob(pattern: string, name: string): boolean {
  let inPattern = 0;
  let inName = 0;
  /** Where to go on when a star has to take one character more. */
  let star: { pattern: number; name: number } | undefined;
  while (inName < name.length) {
    const wanted = pattern[inPattern];
    if (wanted === '*') {
      star = { pattern: ++inPattern, name: inName };
    } else if (wanted !== undefined && (wanted === '?' || wanted === name[inName])) {
      inPattern++;
      inName++;
    } else if (star === undefined) return false;
    else {
      star.name++;
      inName = star.name;
      inPattern = star.pattern;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}
