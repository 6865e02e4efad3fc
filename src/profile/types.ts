// The words of this room: what a profile says once it is found, parsed and planned. Types only.

import type { Canonical } from '../canonical.js';

/** The bytes of a profile, read once from a safe file: these are parsed, and these decide what is trusted. */
export interface ProfileSource {
  readonly name: string;
  /** Real path of the file. */
  readonly path: string;
  readonly origin: Origin;
  readonly bytes: Buffer;
  /** The folder that holds `.git`, when the file lies inside one. */
  readonly workTree: string | undefined;
  /** Other places that hold a profile of this name, in the order of the look-up. */
  readonly shadowed: readonly string[];
}

/** file: `--profile-file` · project: from the working directory up · user: the user's folder · builtin: packaged. */
export type Origin = 'file' | 'project' | 'user' | 'builtin';

/** `secret://db/postgres/dev#password`: the text as written, and its parts. A sealed value has the scheme `ENC`. */
export interface Reference {
  readonly text: string;
  readonly scheme: string;
  readonly body: string;
  /** Decoded, but where the provider takes it apart first (`exec`). */
  readonly query?: ReadonlyMap<string, string>;
  /** The name of a field, or a JSON pointer (RFC 6901). */
  readonly field?: string;
  /** Of a sealed value: JSON pointer to where it stands in its profile. */
  readonly place?: string;
}

/** Text of a profile with its `${…}` parts taken apart. An empty text is the empty list. */
export type Template = readonly TemplatePart[];
export type TemplatePart = TextPart | SecretPart;

export interface TextPart {
  readonly text: string;
}

export interface SecretPart {
  readonly secret: string;
  readonly field?: string;
  readonly filters: readonly Filter[];
}

export type Filter = 'uri' | 'json' | 'base64' | 'shell';

export type SecretSource =
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, FieldSource> };

export type FieldSource =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'reference'; readonly reference: Reference };

/** The section `sealed` of a profile, as written. */
export interface SealSection {
  /** PEM with the label CMS: the profile key for each recipient. */
  readonly key: string;
  /** `spki`: `sha256:<64 hex>` of the recipient's public key. */
  readonly recipients: readonly { readonly name: string; readonly spki: string }[];
  /** Base64 of 32 bytes. */
  readonly mac: string;
}

/** The whole profile as plain values: what its seal is computed over. */
export type ProfileDocument = { readonly [key: string]: Canonical };

export interface ProfileSeal {
  readonly section: SealSection;
  readonly document: ProfileDocument;
}

export interface Profile {
  readonly name: string;
  readonly description?: string;
  readonly server: ServerPart;
  /** A reference that stands directly in `env` is here too, under the variable's name. */
  readonly secrets: ReadonlyMap<string, SecretSource>;
  readonly env: ReadonlyMap<string, Template>;
  /** `sha256:…` of texts that are no credential although they look like one. */
  readonly redactAllow: readonly string[];
  readonly tools: ToolPolicy;
  readonly audit: AuditPolicy;
  /** Milliseconds that the server has at least to end by itself; undefined: what is usual. */
  readonly shutdownGraceMs: number | undefined;
  readonly seal: ProfileSeal | undefined;
}

/** `required`: nothing runs without its audit log. */
export type AuditPolicy = 'best-effort' | 'required';

/** What a client sees and may call of the server's tools. */
export interface ToolPolicy {
  /** Names, in which `*` stands for any characters. Undefined: every tool. */
  readonly allow: readonly string[] | undefined;
  /** Likewise; counts more than `allow`. */
  readonly deny: readonly string[];
  /** Names of arguments, of whichever tool. */
  readonly denyArguments: readonly string[];
  /** Only tools that the server marks as read-only. */
  readonly readOnly: boolean;
}

export interface ServerPart {
  /** Empty where a package stands in its place. */
  readonly command: string;
  readonly package: PinnedPackage | undefined;
  /** Text and fields that are not secret; never a secret. */
  readonly args: readonly Template[];
  /** `neutral`, `profile`, or an absolute path. */
  readonly cwd: string;
  readonly startupTimeoutMs: number;
  /** Longest line in bytes. */
  readonly maxLineBytes: number;
}

/** A package that is installed once and started by its own file. What it is, down to the last dependency, is said by digests. */
export interface PinnedPackage {
  /** `npm:@scope/name@1.2.3`, as written. */
  readonly spec: string;
  readonly registry: 'npm' | 'pypi';
  /** `@scope/name`. */
  readonly name: string;
  /** Exact. */
  readonly version: string;
  /** Of the package's archive, as npm's registry says it: `sha512-…`. PyPI has one for each of many archives, all in `tree`. */
  readonly integrity: string | undefined;
  /** `sha256:…` of the lock file, which names the version and integrity of every dependency. */
  readonly tree: string;
  /** Which of its programs; undefined: the only one, or the one with the package's name. */
  readonly bin: string | undefined;
}

/** `line` and `column` count from 1; a column counts characters (code points), as editors do. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly suggestion?: string;
  /** The command that puts it right. */
  readonly hint?: string;
}

export interface ResolvedCommand {
  readonly written: string;
  /** Absolute, as found: a symbolic link may decide what the program does. */
  readonly path: string;
  /** What `path` leads to. */
  readonly realPath: string;
  /** Only for a command that the profile brings along: in its own work tree or below its folder. */
  readonly sha256?: string;
  readonly insideWorkTree: boolean;
  /** Found in a folder of the system or beside the running Node, where no PATH can lead elsewhere. */
  readonly fromSystem: boolean;
}

/** What only the machine knows: the launch path finds it, the plan holds it. */
export interface ResolvedFacts {
  readonly command: ResolvedCommand;
  readonly cwdPath: string;
  readonly extraArgs: readonly string[];
  /** The filtered PATH of the child. Not part of the plan: what it finds is, as `command`. */
  readonly childPath: string;
}

/** Everything that decides what a launch does, and nothing else. Holds no secret: references and templates as written. */
export interface LaunchPlan {
  readonly profile: string;
  readonly source: { readonly path: string; readonly origin: Origin; readonly workTree: string | undefined };
  /** Of a package: the Node that runs it. */
  readonly command: ResolvedCommand;
  readonly package: PinnedPackage | undefined;
  /** Template text. */
  readonly args: readonly string[];
  readonly extraArgs: readonly string[];
  /** `mode` is `neutral`, `profile` or the absolute path as written; `path` is where the child starts. */
  readonly cwd: { readonly mode: string; readonly path: string };
  /** Variable → template text. */
  readonly env: ReadonlyMap<string, string>;
  /** Secret → reference text, or its fields. */
  readonly secrets: ReadonlyMap<string, PlannedSecret>;
  readonly startupTimeoutMs: number;
  readonly maxLineBytes: number;
  readonly shutdownGraceMs: number | undefined;
  readonly tools: ToolPolicy;
  readonly audit: AuditPolicy;
  readonly redactAllow: readonly string[];
  /** Those who can open the sealed values: name and digest of the key; undefined without a seal. */
  readonly sealedFor: readonly string[] | undefined;
  /** `sha256:…` for this machine. */
  readonly fingerprint: string;
  /** `sha256:…` that holds on every machine, for CI. */
  readonly pin: string;
}

export type PlannedSecret = string | ReadonlyMap<string, PlannedField>;

export interface PlannedField {
  readonly kind: 'plain' | 'reference';
  readonly text: string;
}
