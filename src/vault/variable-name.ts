// How a secret's name reads as the name of a variable: `db/postgres-dev` and its field `password` are DB_POSTGRES_DEV_PASSWORD.

export function variableNameOf(name: string, field?: string): string {
  const whole = field === undefined ? name : `${name}_${field}`;
  const upper = whole.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase();
  return /^[0-9]/.test(upper) ? `_${upper}` : upper;
}
