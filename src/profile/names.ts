// What names are made of, once for everyone.

/** A profile's name: safe as a file name everywhere, and no path. */
export const PROFILE_NAME = /^(?!.*\.\.)[a-z0-9][a-z0-9._-]{0,63}$/;

/** A secret's name in the vault. It is never a path on a disk. */
export const SECRET_NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/;

/** A field of a secret. */
export const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** Fields of a connection that are not secret; every other field of a secret is. */
export const PLAIN_FIELDS: ReadonlySet<string> = new Set([
  'engine',
  'host',
  'port',
  'user',
  'username',
  'database',
  'params',
]);
