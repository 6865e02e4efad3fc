// `Name: text` line by line, as some exports pack several fields into one cell. A line that begins no field goes on
// with the one before; so does every line of a PEM block, whose headers look like fields.

import type { Item } from './items.js';

export function fieldsOfLines(text: string, beginning: RegExp): Item['fields'] {
  const fields: [string, string][] = [];
  for (const line of text.split(/\r?\n/)) {
    const last = fields.at(-1);
    const [, name, rest] = isInPem(last?.[1] ?? '') ? [] : (beginning.exec(line) ?? []);
    if (name !== undefined) fields.push([name, rest ?? '']);
    else if (last !== undefined) last[1] += `\n${line}`;
    else fields.push(['', line]);
  }
  return fields;
}

function isInPem(text: string): boolean {
  return text.lastIndexOf('-----BEGIN ') > text.lastIndexOf('-----END ');
}
