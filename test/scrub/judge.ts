// Whether a reader could still get at a value: it decodes whatever it is given, and shares no code with the scrubber.

import { decodings } from './encodings.js';

/** No eight characters of the value in a row may stand in any decoding; of a shorter value not the whole of it. */
export function leaks(output: string, value: string): boolean {
  const forms = [value, value.normalize('NFC'), value.normalize('NFD')];
  const fragments = forms.flatMap(fragmentsOf);
  return decodings(output).some((text) => fragments.some((fragment) => text.includes(fragment)));
}

function fragmentsOf(value: string): readonly string[] {
  const size = Math.min(8, value.length);
  return Array.from({ length: value.length - size + 1 }, (_, at) => value.slice(at, at + size));
}
