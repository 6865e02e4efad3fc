// The environment variable that a secret goes by outside of the vault. Two names may end up as one variable: whoever
// sets variables has to look out for that.

/** `db/shop`, `password` → `DB_SHOP_PASSWORD`. No variable begins with a digit: `_` goes before it. */
export function variableNameOf(name: string, field?: string): string {
  const whole = field === undefined ? name : `${name}_${field}`;
  return whole
    .toUpperCase()
    .replaceAll(/[^A-Z0-9_]/g, '_')
    .replace(/^(?=[0-9])/, '_');
}
