// The rows of `npm run bench:relay`, their targets, and how they are printed. Pure.

/** Values are seconds, rates or megabytes; `most` is a target that the value must not exceed, `least` one that it must reach. */
const millis = (seconds) => `${(seconds * 1000).toFixed(1)} ms`;
const micros = (seconds) => `${(seconds * 1e6).toFixed(0)} us`;
const perSecond = (rate) => `${(rate / 1000).toFixed(1)} k/s`;
const megabytes = (size) => `${size.toFixed(1)} MB`;
const atMostPipe = (factor) => ({ text: `<= ${factor.toFixed(2)} x pipe`, most: ({ pipe }) => factor * pipe });
const atLeastPipe = (factor) => ({ text: `>= ${factor.toFixed(2)} x pipe`, least: ({ pipe }) => factor * pipe });
const abovePipe = (size) => ({ text: `<= pipe + ${size} MB`, most: ({ pipe }) => pipe + size });

export const ROWS = [
  { name: 'round trip 200 B', print: micros, targets: [atMostPipe(1.1)] },
  { name: 'round trip 20 KB', print: micros, targets: [atMostPipe(1.15)] },
  { name: 'round trip 1 MB', print: micros, targets: [atMostPipe(1.5)] },
  { name: 'tool call 200 B', print: micros, targets: [] },
  { name: '64 in flight', print: perSecond, targets: [atLeastPipe(0.9)] },
  { name: 'burst', print: perSecond, targets: [atLeastPipe(0.9)] },
  { name: 'results of 1 MB', print: (rate) => `${rate.toFixed(0)} MB/s`, targets: [atLeastPipe(0.7)] },
  { name: 'processor time', print: (seconds) => `${seconds.toFixed(2)} s/GB`, targets: [atMostPipe(1.5)] },
  {
    name: 'start-up',
    print: millis,
    targets: [
      {
        text: '<= direct + node -e 0 + 20 ms',
        most: ({ direct, 'node -e 0': empty }) => direct + empty + 0.02,
      },
      atMostPipe(1.3),
    ],
  },
  { name: 'memory at rest', print: megabytes, targets: [abovePipe(5)] },
  {
    name: 'memory, client stalled',
    print: megabytes,
    targets: [abovePipe(16), { text: '< 120 MB', most: () => 120 }],
  },
  { name: 'memory, line of 64 MB', print: megabytes, targets: [abovePipe(64)] },
];

/** The value that so many percent of `values` do not exceed (nearest rank). */
export function percentile(values, percent) {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

export const median = (values) => percentile(values, 50);

/** Whether `value` meets each target of the row; undefined where what it is measured against is not known. */
export function judge(row, value, values) {
  return row.targets.map(({ text, most, least }) => {
    const limit = (most ?? least)(values);
    if (!Number.isFinite(limit) || !Number.isFinite(value)) return { text, met: undefined };
    return { text, met: most === undefined ? value >= limit : value <= limit };
  });
}

const isNumber = (column) => column >= 2 && column <= 4;
const HEAD = ['', 'case', 'median', 'x pipe', 'x direct', 'target'];

/**
 * Lines of the table. `results`: row → case → median, or a word why there is none. Targets are those of `subject`.
 */
export function tableOf(results, subject) {
  const groups = ROWS.filter(({ name }) => results.has(name)).map((row) =>
    groupOf(row, results.get(row.name), subject),
  );
  const cells = [HEAD, ...groups.flat()];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const line = (texts) =>
    texts
      .map((text, column) => (isNumber(column) ? text.padStart(widths[column]) : text.padEnd(widths[column])))
      .join('  ')
      .trimEnd();
  return [line(HEAD), ...groups.flatMap((group) => ['', ...group.map(line)])];
}

const ratio = (value, base) => (Number.isFinite(base) ? (value / base).toFixed(2) : '');

function groupOf(row, byCase, subject) {
  const values = Object.fromEntries(byCase);
  return [...byCase].map(([name, value], index) => {
    const title = index === 0 ? row.name : '';
    if (typeof value === 'string') return [title, name, value, '', '', ''];
    const targets = name === subject ? judge(row, value, values).map(verdict) : [];
    return [title, name, row.print(value), ratio(value, values.pipe), ratio(value, values.direct), targets.join(', ')];
  });
}

const verdict = ({ text, met }) => `${text}: ${met === undefined ? 'unknown' : met ? 'met' : 'MISSED'}`;
