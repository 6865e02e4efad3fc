// A known value of digits alone may come as a JSON number, where no string matcher sees it.

const SHORTEST = 8;

export interface KnownNumbers {
  /**
   * The name of the value that this JSON number is, however it is written (`1.2e7`, `12000000.0`). Few digits count only as
   * a `credential`: as the value of a member that is called so.
   */
  nameOf(number: string, credential: () => boolean): string | undefined;
  /** Digits of which one run occurs in every spelling of such a number. */
  readonly anchors: readonly string[];
}

export function knownNumbers(values: readonly { readonly name: string; readonly value: string }[]): KnownNumbers {
  const names = new Map<string, string>();
  const short = new Map<string, string>();
  for (const { name, value } of values) {
    if (!/^\d+$/.test(value)) continue;
    // As JavaScript prints it, too: digits beyond 2^53 are lost on the way.
    for (const text of [value, String(Number(value))])
      (value.length < SHORTEST ? short : names).set(canonical(text), name);
  }
  const anchors = [...names.keys()].map((text) => text.replace(/e.*$/, '')).map((digits) => digits.slice(1) || digits);
  return {
    anchors,
    nameOf(number, credential) {
      if (names.size + short.size === 0) return undefined;
      const digits = canonical(number.replace(/^-/, ''));
      return names.get(digits) ?? (short.has(digits) && credential() ? short.get(digits) : undefined);
    },
  };
}

/** Significant digits and a decimal exponent: equal for equal numbers, without rounding. */
function canonical(number: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  return `${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
