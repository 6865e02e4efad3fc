// How a package of a registry is written: `npm:@scope/name@1.2.3`.

export interface PackageSpec {
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

/** With its `npm:` in front; undefined for what names no package of the npm registry. */
export function parsePackage(spec: string): PackageSpec | undefined {
  return spec.startsWith('npm:') ? parseNpmSpec(spec.slice('npm:'.length)) : undefined;
}

/** As npm writes it: `@scope/name@1.2.3`, `name`. */
export function parseNpmSpec(spec: string): PackageSpec | undefined {
  const at = spec.indexOf('@', 1);
  const name = at === -1 ? spec : spec.slice(0, at);
  const wanted = at === -1 ? undefined : spec.slice(at + 1);
  if (name.length > 214 || !NAME.test(name)) return undefined;
  if (wanted !== undefined && !WANTED.test(wanted)) return undefined;
  return { name, wanted, version: wanted !== undefined && EXACT.test(wanted) ? wanted : undefined };
}
