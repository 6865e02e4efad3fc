// How a package of a registry is written: `npm:@scope/name@1.2.3`, `pypi:name@1.2.3`.

export interface PackageSpec {
  readonly registry: 'npm' | 'pypi';
  /** `@scope/name`. */
  readonly name: string;
  /** What stands behind the name's `@`: a version, a tag (`latest`) or a range; undefined for nothing. */
  readonly wanted: string | undefined;
  /** Set when `wanted` is an exact version. */
  readonly version: string | undefined;
}

/** https://docs.npmjs.com/cli/configuring-npm/package-json#name, without the capitals of old. */
const NAME = /^(?:@[a-z0-9~_-][a-z0-9._~-]*\/)?[a-z0-9~_-][a-z0-9._~-]*$/;
/** Semantic Versioning 2.0.0 §2, §9; npm knows no build metadata. */
const EXACT = /^(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,15})(?:-[0-9A-Za-z.-]{1,100})?$/;
/** What npm looks up in the registry; a path, an address or a git repository is none of it. */
const WANTED = /^[0-9A-Za-z.^~*<>=|+ -]{1,100}$/;

/** With its registry in front; undefined for what names no package of one. */
export function parsePackage(spec: string): PackageSpec | undefined {
  if (spec.startsWith('npm:')) return parseNpmSpec(spec.slice('npm:'.length));
  return spec.startsWith('pypi:') ? parsePypiSpec(spec.slice('pypi:'.length)) : undefined;
}

/** As npm writes it: `@scope/name@1.2.3`, `name`. */
export function parseNpmSpec(spec: string): PackageSpec | undefined {
  const at = spec.indexOf('@', 1);
  const name = at === -1 ? spec : spec.slice(0, at);
  const wanted = at === -1 ? undefined : spec.slice(at + 1);
  if (name.length > 214 || !NAME.test(name)) return undefined;
  if (wanted !== undefined && !WANTED.test(wanted)) return undefined;
  return { registry: 'npm', name, wanted, version: wanted !== undefined && EXACT.test(wanted) ? wanted : undefined };
}

/** PEP 503, normalised; PEP 440 without epochs and local versions. */
const PYPI =
  /^([a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?)(?:(?:@|==)(latest|\d{1,9}(?:\.\d{1,9}){0,5}(?:(?:a|b|rc)\d{1,9})?(?:\.post\d{1,9})?(?:\.dev\d{1,9})?))?$/;

/** As uvx writes it: `name@1.2.3`, `name==1.2.3`, `name@latest`, `name`. */
export function parsePypiSpec(spec: string): PackageSpec | undefined {
  const [, name, wanted] = PYPI.exec(spec) ?? [];
  if (name === undefined) return undefined;
  const version = wanted === 'latest' ? undefined : wanted;
  return { registry: 'pypi', name, wanted: version, version };
}
