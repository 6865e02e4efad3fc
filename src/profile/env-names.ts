// Variables that a profile may not set. Each of them decides what code runs, whom the server trusts or where it looks
// for its own configuration: a profile that sets one does more than hand over a credential.

interface Denied {
  readonly why: string;
  /** Whole names, `PREFIX_*`, or `*_SUFFIX`. */
  readonly names: readonly string[];
}

const CODE = 'it decides what code programs load';
const TRUST = 'it decides whom programs connect to and trust';
const PLACES = 'it decides where programs look for their own settings';

export const DENIED = [
  { why: 'secretctl takes its own settings from its own environment', names: ['SECRETCTL_*'] },
  {
    why: CODE,
    names: [
      'NODE_*',
      'ELECTRON_RUN_AS_NODE',
      'NPM_CONFIG_*',
      'PNPM_CONFIG_*',
      'YARN_*',
      'COREPACK_*',
      'BUN_*',
      'PREFIX',
    ],
  },
  { why: CODE, names: ['LD_*', 'DYLD_*', 'GLIBC_TUNABLES', 'GCONV_PATH', 'LOCPATH', 'PATH'] },
  {
    why: CODE,
    names: ['IFS', 'ENV', 'BASH_*', 'SHELL', 'SHELLOPTS', 'BASHOPTS', 'PS4', 'PROMPT_COMMAND', 'ZDOTDIR', 'COMSPEC'],
  },
  {
    why: CODE,
    names: ['PYTHON*', 'PIP_*', 'UV_*', 'PERL5*', 'PERLLIB', 'RUBYOPT', 'RUBYLIB', 'GEM_*', 'BUNDLE_*', 'PHPRC'],
  },
  { why: CODE, names: ['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'JDK_JAVA_OPTIONS', 'DOTNET_*', 'COR_*', 'CORECLR_*'] },
  { why: CODE, names: ['CLASSPATH', 'JAVA_OPTS', 'MAVEN_OPTS', 'LUA_*', 'R_PROFILE*', 'GOFLAGS', 'NLSPATH'] },
  { why: TRUST, names: ['*_PROXY', 'SSL_CERT_*', 'SSLKEYLOGFILE', 'OPENSSL_*', 'GIT_*', 'SSH_*', 'HOSTALIASES'] },
  { why: PLACES, names: ['PGSYSCONFDIR', 'PGSERVICE*', 'PGPASSFILE', 'HOME', 'XDG_*', 'TMPDIR', 'TEMP', 'TMP'] },
  { why: PLACES, names: ['USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'AWS_CONFIG_FILE', 'KUBECONFIG', 'DOCKER_*'] },
  { why: CODE, names: ['EDITOR', 'PAGER', 'BROWSER'] },
] as const satisfies readonly Denied[];

/** Does this variable decide what code programs load? */
export function loadsCode(name: string): boolean {
  return whyDenied(name) === CODE;
}

/** Why a profile may not set this variable; undefined when it may. Letter case is ignored: npm and Windows ignore it too. */
export function whyDenied(name: string): string | undefined {
  const upper = name.toUpperCase();
  return DENIED.find(({ names }) => names.some((pattern) => matches(upper, pattern)))?.why;
}

function matches(name: string, pattern: string): boolean {
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern;
}
