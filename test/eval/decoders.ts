// What somebody who holds the output could do to it: one decoding step each. Texts are byte strings (latin1 of the UTF-8),
// so that a step never loses a byte. A step that changes nothing returns its input. Nothing here comes from src/.

export type Step = (text: string) => string;

export const bytesOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');

const byte = (digits: string): string => String.fromCharCode(Number.parseInt(digits, 16));

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '0': '\0' };

/** One level of JSON, JavaScript, Python or C escapes. */
export const unescapeOnce: Step = (text) =>
  text.includes('\\')
    ? text.replace(
        /(?:\\u[0-9a-fA-F]{4})+|\\x([0-9a-fA-F]{2})|\\([0-3][0-7]{2})|\\([^ux0-7]|[0-7])/gs,
        (whole, hex?: string, octal?: string, single?: string) => {
          if (hex !== undefined) return byte(hex);
          if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
          if (single !== undefined) return CONTROLS[single] ?? single;
          const units = whole.slice(2).split('\\u');
          return bytesOf(String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
        },
      )
    : text;

export const percent: Step = (text) =>
  text.includes('%') ? text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => byte(hex)) : text;

/** application/x-www-form-urlencoded. */
export const form: Step = (text) => (text.includes('+') ? percent(text.replaceAll('+', ' ')) : text);

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

export const entities: Step = (text) =>
  text.includes('&')
    ? text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]{2,4}));/g, (whole, decimal, hex, name: string) => {
        if (typeof decimal === 'string') return character(Number(decimal));
        if (typeof hex === 'string') return character(Number.parseInt(hex, 16));
        return ENTITIES[name] ?? whole;
      })
    : text;

const character = (point: number): string => (point > 0x10ffff ? '' : bytesOf(String.fromCodePoint(point)));

/** Quotes as a shell (`'\''`, `'"'"'`) or SQL (`''`) writes them inside of quotes. */
export const quotes: Step = (text) =>
  text.includes("'") ? text.replaceAll(/'(?:\\'|"'"|'?)'/g, "'").replaceAll("''", "'") : text;

/** A value that was broken over lines, as a terminal or MIME does. */
export const join: Step = (text) => (/[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, '') : text);

/** The same, with a backslash before the break or an indented next line. */
export const unwrap: Step = (text) => (/[\r\n]/.test(text) ? text.replace(/\\?[\r\n]+[ \t]*/g, '') : text);

/** Every run that could be base64 or base64url, read at each of the four places in a group. */
export function base64Runs(text: string): string[] {
  return runs(text, /[A-Za-z0-9+/_-]{8,}/g).flatMap((run) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), 'base64').toString('latin1')),
  );
}

/** Every run of decimal bytes, with whatever JSON puts between them. */
export function decimalRuns(text: string): string[] {
  return runs(text, /(?:-?\b\d{1,3}\b(?:\\*"\d{1,4}\\*":|\\+n|[\s,:{[\]}]){1,60}){8,}/g).map((run) => {
    const numbers = run.replace(/\\*"\d{1,4}\\*":/g, '').match(/-?\d+/g) ?? [];
    return Buffer.from(numbers.map(Number)).toString('latin1');
  });
}

/** Every run of hexadecimal digits, with or without separators, from both halves of a byte. */
export function hexRuns(text: string): string[] {
  return runs(text, /(?:[0-9a-fA-F]{2}[: ]?){8,}[0-9a-fA-F]?/g).flatMap((run) => {
    const digits = run.replace(/[: ]/g, '');
    return [digits, digits.slice(1)].map((part) => Buffer.from(part, 'hex').toString('latin1'));
  });
}

const runs = (text: string, shape: RegExp): string[] => [...text.matchAll(shape)].map(([run]) => run);
