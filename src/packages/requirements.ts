// The lock file of a package of PyPI: the requirements file that `uv pip compile --generate-hashes` writes and pip reads
// (https://pip.pypa.io/en/stable/reference/requirements-file-format/), of which one kind of line is taken: a name, its exact
// version, where it is needed, and the digests of its archives.

import { fingerprintOf } from '../canonical.js';
import { SecretctlError } from '../errors.js';

export interface Requirements {
  /** Name → version. */
  readonly versions: ReadonlyMap<string, string>;
  /** `sha256:…`: what `server.tree` holds. */
  readonly tree: string;
  /** In the form that the digest is taken of. */
  readonly text: string;
}

const PINNED =
  /^([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)==([0-9A-Za-z.!+]{1,100})(?: ; ([^;#\\]{1,1000}?))?((?: --hash=sha256:[0-9a-f]{64})+)$/;

/** Throws `bad-data` for any other line: an option, an address, a version without digests. */
export function parseRequirements(text: string, what: string, hint?: string): Requirements {
  const joined = text.replaceAll('\r\n', '\n').replaceAll(/\s*\\\n\s*/g, ' ');
  const lines = joined
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const entries = lines.map((line) => {
    const [, name, version, marker, hashes] = PINNED.exec(line) ?? [];
    if (name === undefined || version === undefined || hashes === undefined) {
      throw new SecretctlError('bad-data', `${what} has a line that pins nothing`, hint);
    }
    return { name, version, marker: marker ?? null, hashes: hashes.trim().split(' ').toSorted() };
  });
  const written = entries.map(
    ({ name, version, marker, hashes }) =>
      `${name}==${version}${marker === null ? '' : ` ; ${marker}`} \\\n    ${hashes.join(' \\\n    ')}\n`,
  );
  return {
    versions: new Map(entries.map(({ name, version }) => [name, version])),
    tree: fingerprintOf(entries),
    text: written.join(''),
  };
}
