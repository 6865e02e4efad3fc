// The one escaping function of everything that people read: what a profile or a server wrote cannot steer the terminal.

// C0, C1, DEL, format characters (bidi, zero width), line and paragraph separators, lone surrogates.
// oxlint-disable-next-line no-control-regex -- controls are what this looks for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/gu;

/** Control and invisible characters become `\u{…}`; everything else stays. */
export function safe(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** `safe`, and cut in the middle with the length shown when longer than `limit` characters. */
export function safeShort(text: string, limit = 200): string {
  const shown = safe(text);
  if (shown.length <= limit) return shown;
  const half = Math.floor((limit - 20) / 2);
  return `${shown.slice(0, half)} … (${shown.length} characters) … ${shown.slice(-half)}`;
}

/** One word of a POSIX shell, for hints that people copy: quoted only where it has to be. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

// What JSON leaves as it is (RFC 8259 §7) and a terminal acts on: DEL, C1, format characters, separators.
// oxlint-disable-next-line no-control-regex -- controls are what this looks for
const INVISIBLE = /[\u007f-\u009f\u2028\u2029]|\p{Cf}/gu;

/** Most JSON: looking for more in it takes longer than writing it. */
const PLAIN = /^[\n -~]*$/;

/** JSON without them: the same value to every reader of JSON. */
export function safeJson(json: string): string {
  return PLAIN.test(json) ? json : json.replace(INVISIBLE, escaped);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
