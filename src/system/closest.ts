// "Did you mean …?": the one candidate that a mistyped word was meant to be.

const MAX_DISTANCE = 2;

/** The nearest candidate that at most two slips make of the word, letter case aside; undefined when none is that near. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  // One slip is a third of a three-letter word: short words must be nearer, or everything resembles everything.
  const limit = Math.min(MAX_DISTANCE, Math.floor(word.length / 2));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = slips(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Optimal string alignment: Wagner and Fischer's table row by row, where two letters that changed places count once. */
function slips(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = cell(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? cell(before, j - 2) + 1 : Infinity;
      next.push(Math.min(replaced, cell(row, j) + 1, cell(next, j - 1) + 1, swap));
    }
    [before, row] = [row, next];
  }
  return cell(row, b.length);
}

function cell(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
