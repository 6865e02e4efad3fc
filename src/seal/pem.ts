// PEM (RFC 7468), strict: 64 columns, one spelling.

const COLUMNS = 64;

export function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(new RegExp(`.{1,${COLUMNS}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** Undefined for anything but what `toPem` writes. */
export function fromPem(label: string, text: string): Buffer | undefined {
  const [begin, end] = [`-----BEGIN ${label}-----\n`, `-----END ${label}-----\n`];
  if (!text.startsWith(begin) || !text.endsWith(end)) return undefined;
  const der = Buffer.from(text.slice(begin.length, -end.length), 'base64');
  return toPem(label, der) === text ? der : undefined;
}

/** The first block of this label among others: text around it is not looked at. */
export function findPem(label: string, text: string): string | undefined {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  return from === -1 || to === -1 ? undefined : `${text.slice(from, to + end.length)}\n`;
}
