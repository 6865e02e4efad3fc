// What a set measured, as tables for people and as data for programs.

export interface Target {
  readonly name: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface Report {
  readonly set: string;
  readonly title: string;
  readonly targets: readonly Target[];
  /** Numbers the test pins: shares from 0 to 1, counts, findings per MB. */
  readonly floors: Readonly<Record<string, number>>;
  readonly tables: readonly Table[];
  /** Everything, for `--json`. */
  readonly matrix: unknown;
}

const MOST_ROWS = 40;

/** Hits and tries, by name, in the order of their first appearance. */
export class Tally {
  readonly rows = new Map<string, { good: number; total: number }>();

  add(name: string, good: boolean): void {
    const row = this.rows.get(name) ?? { good: 0, total: 0 };
    row.good += good ? 1 : 0;
    row.total += 1;
    this.rows.set(name, row);
  }

  /** Of the rows that `of` takes, all by default. */
  sum(of: (name: string) => boolean = () => true): { good: number; total: number; share: number; bad: number } {
    let good = 0;
    let total = 0;
    for (const [name, row] of this.rows) {
      if (!of(name)) continue;
      good += row.good;
      total += row.total;
    }
    return { good, total, share: total === 0 ? 1 : good / total, bad: total - good };
  }

  /** `onlyBad`: rows that are complete are left out, and counted in the last row. */
  table(title: string, what: string, onlyBad = false): Table {
    const rows = [...this.rows].map(([name, { good, total }]) => [
      name,
      String(total),
      String(total - good),
      share(good, total),
    ]);
    const bad = rows.filter(([, , missed]) => missed !== '0').toSorted((a, b) => Number(b[2]) - Number(a[2]));
    const shown = onlyBad ? bad.slice(0, MOST_ROWS) : rows;
    if (bad.length > shown.length) shown.push([`(${bad.length - shown.length} more with a miss)`, '', '', '']);
    if (onlyBad) shown.push([`(${rows.length - bad.length} without a miss)`, '', '', '']);
    return { title, columns: [what, 'tries', 'missed', 'removed'], rows: shown };
  }

  get data(): Record<string, { good: number; total: number }> {
    return Object.fromEntries(this.rows);
  }
}

export const share = (good: number, total: number): string =>
  total === 0 ? '-' : `${((100 * good) / total).toFixed(good === total ? 0 : 2)} %`;

/** A share to reach. */
export function atLeast(name: string, wanted: number, sum: { good: number; total: number; share: number }): Target {
  const measured = `${share(sum.good, sum.total)} of ${sum.total}`;
  return { name, wanted: `≥ ${wanted * 100} %`, measured, met: sum.share >= wanted };
}

/** A number not to pass. */
export function atMost(name: string, wanted: number, measured: number, what = ''): Target {
  const shown = Number.isInteger(measured) ? String(measured) : measured.toFixed(2);
  return {
    name,
    wanted: `${wanted === 0 ? '' : '≤ '}${wanted}${what}`,
    measured: `${shown}${what}`,
    met: measured <= wanted,
  };
}

/** The targets first, then what explains them. */
export function render(report: Report): string {
  const targets: Table = {
    title: `Set ${report.set}: ${report.title}`,
    columns: ['target', 'wanted', 'measured', ''],
    rows: report.targets.map(({ name, wanted, measured, met }) => [name, wanted, measured, met ? 'met' : 'MISSED']),
  };
  return [targets, ...report.tables].map(renderTable).join('\n');
}

function renderTable({ title, columns, rows }: Table): string {
  const widths = columns.map((column, at) =>
    Math.max(column.length, ...rows.map((row) => Array.from(row[at] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return ['', title, '', line(columns), rule, ...rows.map(line), ''].join('\n');
}
