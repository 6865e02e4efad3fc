// Rows whose header says in which column a credential stands: the name of the column is far from the value.

import type { Range } from '../sequence.js';
import type { Detector } from './detector.js';
import { isStrongName, PASSWORD_WORDS, SECRET_WORDS } from './key-names.js';
import { isColumn } from './quick-column.js';
import { hit } from './sample-password.js';
import type { Line, Row } from './table-cells.js';
import { cellsOf, isRuleLine, jsonRows, lineAt, lineRows, sqlRows } from './table-cells.js';
import { isCredential } from './value.js';

const REACH = 2_048;

/** The columns that hold credentials, by their number, and the rows below. */
interface Table {
  readonly columns: readonly number[];
  readonly rows: Iterable<Row>;
  /** What stands in quotes is a value, whatever it looks like. */
  readonly quoted: boolean;
  /** Whether a cell of these columns stands in the header of another table, which is read on its own. */
  readonly isHeader?: (cell: Range) => boolean;
}

/** What follows the name of a column: the next one, or the end of them all. Most names are followed by their value. */
const BEHIND = /[\w.-]{0,40}(["'`*]{0,2}|\])[ ]{0,64}([,\]})|;\t\r\n])/y;

/** All cells at once: for the first such column of a header, so that each table is read once. */
function find(text: string, at: number): readonly Range[] | undefined {
  BEHIND.lastIndex = at;
  const [, quote, next = ''] = BEHIND.exec(text) ?? [];
  if (quote === undefined) return undefined;
  const table =
    (quote === '"' ? jsonTable(text, at) : undefined) ??
    (/[,)]/.test(next) ? sqlTable(text, at) : undefined) ??
    lineTable(text, at);
  if (table === undefined) return undefined;
  const found: Range[] = [];
  for (const row of table.rows) {
    const cells = table.columns.map((column) => row[column]).filter((cell) => cell !== undefined);
    // A header below the header: what follows belongs to it.
    if (table.isHeader !== undefined && cells.some((cell) => table.isHeader?.(cell) === true)) break;
    for (const cell of cells) {
      if (isCredential(text.slice(cell.start, cell.end), table.quoted)) found.push(cell);
    }
  }
  return found.length === 0 ? undefined : found;
}

/** The numbers of the columns with a telling name; undefined when `at` does not stand in the first of them. */
function columnsOf(names: readonly (Range | undefined)[], text: string, at: number): readonly number[] | undefined {
  const columns: number[] = [];
  for (const [index, name] of names.entries()) {
    if (name === undefined || !isColumnName(text.slice(name.start, name.end))) continue;
    if (columns.length === 0 && (at < name.start || at >= name.end)) return undefined;
    columns.push(index);
  }
  return columns.length === 0 ? undefined : columns;
}

function isColumnName(name: string): boolean {
  return /^[A-Za-z_][\w .-]{0,59}$/.test(name) && isStrongName(name);
}

// JSON: `{"columns":["id","password"],"rows":[[1,"…"]]}`, or the first row is the header.

const HEADER = /"(?:columns?|fields?|headers?|cols|names|column_?names|keys|schema)"\s{0,4}:\s{0,4}$/i;
const ELEMENT =
  /\s{0,64}(?:"([^"\\\r\n]{0,80})"|\{[^{}[\]]{0,300}?"(?:name|column_?name|field|label)"\s{0,4}:\s{0,4}"([^"\\\r\n]{0,80})"[^{}[\]]{0,300}\})\s{0,64}(?:,|(\]))/iy;
const ROWS = '(?:rows|data|values|records|results?|tuples|data_array)';
/** Members between the header and the rows: plain ones, lists of numbers, and braces. */
const TO_ROWS = new RegExp(
  `(?:[\\s,}\\]]{0,16}"(?!${ROWS}"\\s{0,4}:\\s{0,4}\\[)[\\w ]{1,40}"\\s{0,4}:\\s{0,4}(?:"[^"]{0,200}"|[\\w.+-]{1,40}|\\[[\\d,\\s]{0,4096}\\]|\\{)){0,12}[\\s,}\\]]{0,16}"${ROWS}"\\s{0,4}:\\s{0,4}\\[`,
  'y',
);
const NEXT_ROW = /\s{0,64},\s{0,64}(?=\[)/y;

function jsonTable(text: string, at: number): Table | undefined {
  const open = text.slice(Math.max(0, at - REACH), at).lastIndexOf('[');
  if (open < 0) return undefined;
  const start = Math.max(0, at - REACH) + open;
  const before = text.slice(Math.max(0, start - 40), start);
  const isNamed = HEADER.test(before);
  if (!isNamed && !/\[\s{0,20}$/.test(before)) return undefined;
  const header = jsonHeader(text, start + 1);
  const columns = header && columnsOf(header.names, text, at);
  if (header === undefined || columns === undefined) return undefined;
  const link = isNamed ? TO_ROWS : NEXT_ROW;
  link.lastIndex = header.end;
  return link.test(text) ? { columns, rows: jsonRows(text, link.lastIndex), quoted: true } : undefined;
}

function jsonHeader(text: string, start: number): { names: readonly Range[]; end: number } | undefined {
  const names: Range[] = [];
  ELEMENT.lastIndex = start;
  for (let match = ELEMENT.exec(text); match !== null && names.length < 64; match = ELEMENT.exec(text)) {
    const name = match[1] ?? match[2] ?? '';
    const from = text.indexOf(`"${name}"`, match.index) + 1;
    names.push({ start: from, end: from + name.length });
    if (match[3] !== undefined) return { names, end: ELEMENT.lastIndex };
  }
  return undefined;
}

// SQL: `INSERT INTO t (id, password) VALUES (1, '…')`, and the dumps of PostgreSQL.

const NAME = '\\s{0,20}["\'`[]?[\\w$]{1,64}["\'`\\]]?\\s{0,20}';
const NAMES = new RegExp(`\\((${NAME}(?:,${NAME}){1,127})\\)`, 'y');
const VALUES = /\s{0,20}values\s{0,20}(?=\()/iy;
const COPY = /\s{1,8}from\s{1,8}stdin[^\r\n]{0,120}\r?\n/iy;

function sqlTable(text: string, at: number): Table | undefined {
  const open = text.slice(Math.max(0, at - REACH), at).lastIndexOf('(');
  if (open < 0) return undefined;
  NAMES.lastIndex = Math.max(0, at - REACH) + open;
  const inside = NAMES.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const end = NAMES.lastIndex;
  const names = cellsOf(text, { start: end - 1 - inside.length, end: end - 1 }, ',');
  const columns = columnsOf(names, text, at);
  if (columns === undefined) return undefined;
  VALUES.lastIndex = COPY.lastIndex = end;
  if (VALUES.test(text)) return { columns, rows: sqlRows(text, VALUES.lastIndex), quoted: true };
  return COPY.test(text)
    ? { columns, rows: lineRows(text, COPY.lastIndex, '\t', names.length), quoted: false }
    : undefined;
}

// Lines: with bars as Markdown and the clients of databases draw them, or with commas, semicolons or tabs.

function lineTable(text: string, at: number): Table | undefined {
  const start = startOfLine(text, at);
  if (start === undefined) return undefined;
  const header = lineAt(text, start);
  const line = text.slice(header.start, header.end);
  if (line.includes('|')) return barTable(text, at, header);
  const separator = [',', ';', '\t'].find((one) => line.includes(one));
  if (separator === undefined || !isCsvHeader(line, separator)) return undefined;
  const names = cellsOf(text, header, separator);
  const columns = columnsOf(names, text, at);
  const isHeader = (cell: Range): boolean => {
    if (!isColumnName(text.slice(cell.start, cell.end))) return false;
    const around = lineAt(text, text.lastIndexOf('\n', cell.start) + 1);
    return isCsvHeader(text.slice(around.start, around.end), separator);
  };
  return columns && { columns, rows: lineRows(text, header.next, separator, names.length), quoted: false, isHeader };
}

/** Behind a line break, or behind the quote that opens a string of JSON; undefined when that is too far away. */
function startOfLine(text: string, at: number): number | undefined {
  const from = Math.max(0, at - REACH);
  const before = text.slice(from, at);
  const end = before.lastIndexOf('\n') + 1;
  if (end === 0 && from > 0) return undefined;
  const inside = /[:[,{]\s?"(?=[A-Za-z_][^"]*$)/.exec(before.slice(end));
  return from + end + (inside === null ? 0 : inside.index + inside[0].length);
}

/** Nothing but names. A blank behind a comma is prose, or a list of arguments. */
function isCsvHeader(line: string, separator: string): boolean {
  return line.split(separator).every((cell) => /^(?:"[A-Za-z_][\w .-]{0,59}"|[A-Za-z_][\w.-]{0,59})$/.test(cell));
}

function barTable(text: string, at: number, header: Line): Table | undefined {
  const below = lineAt(text, header.next);
  if (!isRuleLine(text.slice(below.start, below.end))) return undefined;
  const names = cellsOf(text, header, '|');
  const columns = columnsOf(names, text, at);
  const isHeader = (cell: Range): boolean =>
    isColumnName(text.slice(cell.start, cell.end)) && isAboveRule(text, cell.end);
  return columns && { columns, rows: lineRows(text, below.next, '|', names.length), quoted: false, isHeader };
}

function isAboveRule(text: string, at: number): boolean {
  const below = lineAt(text, lineAt(text, at).next);
  return isRuleLine(text.slice(below.start, below.end));
}

export const TABLE_DETECTORS: readonly Detector[] = [
  {
    name: 'column-credential',
    anchors: [...PASSWORD_WORDS.filter((word) => /^[a-z]+$/.test(word)), '_pass', ...SECRET_WORDS],
    anyCase: true,
    isTable: true,
    quick: isColumn,
    isWord: true,
    find,
    examples: () => ({
      match: [
        '{"columns":["id","password"],"rows":[[1,"PW"]]}',
        '{"columns":["id","password","at"],"index":[0,1],"data":[[1,null,"x"],[2, "PW", {"a":["b"]}]]}',
        '{"fields":[{"name":"id"},{"name":"api_key","type":25}],"rows":[[1,"PW"]]}',
        '{"schema":{"fields":[{"name":"id"},{"name":"passwd"}]},"rows":[{"f":[{"v":"1"},{"v":"PW"}]}]}',
        '[["id","password"],[1,"PW"]]',
        "INSERT INTO users (id, name, password) VALUES (1, 'it''s', 'PW'), (2, 'b', NULL)",
        "insert into users (password, at) values ('PW', now())",
        'COPY public.users (id, password) FROM stdin;\n1\tPW\n\\.\n',
        '| user | password |\n|------|----------|\n| ann | PW |\n',
        ' user | password \n------+----------\n ann  | PW\n(1 row)\n',
        '+------+----------+\n| user | password |\n+------+----------+\n| ann | PW |\n+------+----------+\n',
        'user,password\nann,PW\n',
        '"user";"password"\n"ann";"PW"\n',
      ].map((text) => hit(text)),
      clean: [
        '{"columns":["id","password"],"rows":[[1,"********"],[2,null]]}',
        '{"columns":["id","password_hint"],"rows":[[1,"first-dog-2"]]}',
        '["id","password"]',
        '| option | password |\n|--------|----------|\n| default | none |\n| type | string |\n',
        'user,password\nann,secret\n',
        'INSERT INTO users (id, password) VALUES ($1, $2)',
        'INSERT INTO users (id, password) VALUES (?, ?)',
        'def login(user,password):\n    return open(user,mode2)\n',
      ],
    }),
    source:
      'node-postgres.com/apis/result; cloud.google.com/bigquery: query response; postgresql.org/docs: psql, COPY; RFC 4180',
  },
];
