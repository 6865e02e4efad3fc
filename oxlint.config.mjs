// The linter keeps the architecture: a room imports only the rooms named here
// (docs/architecture.md, "Floors"). A rule that only prose keeps would rot.

/** Room (or file) → the rooms it may import. Everything else under src/ is refused. */
const ROOMS = {
  'errors.ts': [],
  'canonical.ts': ['errors.ts'],
  system: ['errors.ts', 'canonical.ts'],
  scrub: ['errors.ts'],
  profile: ['errors.ts', 'canonical.ts', 'system'],
  databases: ['errors.ts', 'canonical.ts', 'system', 'profile', 'scrub'],
  seal: ['errors.ts', 'canonical.ts', 'system', 'profile', 'scrub'],
  vault: ['errors.ts', 'canonical.ts', 'system', 'profile', 'scrub', 'seal'],
  process: ['errors.ts', 'canonical.ts', 'system', 'profile', 'scrub'],
  packages: ['errors.ts', 'canonical.ts', 'system', 'profile', 'scrub', 'process'],
  audit: ['errors.ts', 'canonical.ts', 'system', 'profile', 'scrub'],
  trust: ['errors.ts', 'canonical.ts', 'system', 'profile', 'scrub', 'vault'],
  secrets: ['errors.ts', 'canonical.ts', 'system', 'profile', 'scrub', 'seal', 'vault', 'process'],
  relay: ['errors.ts', 'canonical.ts', 'system', 'profile', 'scrub'],
  launch: [
    'errors.ts',
    'canonical.ts',
    'system',
    'profile',
    'scrub',
    'databases',
    'seal',
    'vault',
    'process',
    'packages',
    'audit',
    'trust',
    'secrets',
    'relay',
  ],
  cli: [
    'errors.ts',
    'canonical.ts',
    'system',
    'profile',
    'scrub',
    'databases',
    'seal',
    'vault',
    'process',
    'packages',
    'audit',
    'trust',
    'secrets',
    'relay',
    'launch',
  ],
};

/** Rooms that see neither the process nor the outside world: text and bytes in, text and bytes out. */
const PURE = {
  'canonical.ts': [],
  scrub: [],
  profile: ['find.ts'],
};

const OUTSIDE = [
  'fs',
  'fs/promises',
  'net',
  'http',
  'https',
  'child_process',
  'os',
  'tty',
  'readline',
  'timers',
  'process',
];
const EFFECTS = ['process', 'console', 'setTimeout', 'setInterval', 'setImmediate', 'Date', 'performance', 'fetch'];

/** The only room that may import each package. */
const HOMES = {
  'cross-spawn': ['process'],
  'csv-parse': ['vault'],
  yaml: ['profile'],
  'node-forge': ['seal'],
  '@napi-rs/keyring': ['system'],
  '@opentelemetry': ['audit'],
};

const isFile = (room) => room.endsWith('.ts');
const filesOf = (room) => (isFile(room) ? [`src/${room}`] : [`src/${room}/**/*.ts`]);
const moduleOf = (room) => (isFile(room) ? `${room.slice(0, -3)}\\.js` : `${room}/`);

function restrictedImports(room, pure) {
  const allowed = new Set([room, ...ROOMS[room]]);
  const forbidden = Object.keys(ROOMS).filter((other) => !allowed.has(other));
  const patterns = [];
  if (forbidden.length > 0) {
    patterns.push({
      regex: `^\\.{1,2}/(?:\\.\\./)*(?:${forbidden.map(moduleOf).join('|')}|main\\.js|index\\.js)`,
      message: `the room "${room}" stands below or beside this one: see docs/architecture.md, "Floors"`,
    });
  }
  patterns.push({
    regex: '^@modelcontextprotocol/',
    message: 'the SDK re-serialises messages: only smoke/, server/ and tests may import it',
  });
  for (const [name, rooms] of Object.entries(HOMES)) {
    if (!rooms.includes(room))
      patterns.push({ regex: `^${name}(/|$)`, message: `"${name}" lives in src/${rooms[0]}/ only` });
  }
  if (pure) {
    patterns.push({
      regex: `^(node:)?(${OUTSIDE.join('|')})$`,
      message: `the room "${room}" is pure: no process, file, network or clock`,
    });
  }
  return ['error', { patterns }];
}

const overrides = Object.keys(ROOMS).map((room) => ({
  files: filesOf(room),
  rules: { 'no-restricted-imports': restrictedImports(room, false) },
}));
for (const [room, except] of Object.entries(PURE)) {
  overrides.push({
    files: filesOf(room),
    excludeFiles: except.map((file) => `src/${room}/${file}`),
    rules: {
      'no-restricted-imports': restrictedImports(room, true),
      'no-restricted-globals': ['error', ...EFFECTS.map((name) => ({ name, message: `the room "${room}" is pure` }))],
    },
  });
}
// process.env, process.stdin and friends are touched in main.ts, system/ and process/ only.
overrides.push({
  files: ['src/**/*.ts'],
  excludeFiles: [
    'src/main.ts',
    'src/system/**',
    'src/process/**',
    'src/scrub/**',
    'src/profile/**',
    'src/canonical.ts',
  ],
  rules: {
    'no-restricted-globals': ['error', { name: 'process', message: 'take it from the host: see src/system/host.ts' }],
  },
});

// Tests look into data that they made themselves.
overrides.push({
  files: ['test/**', 'demo/**'],
  rules: { 'typescript/no-unsafe-type-assertion': 'off' },
});

export default {
  plugins: ['typescript', 'import', 'promise', 'unicorn', 'oxc', 'node'],
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist', 'node_modules', 'test/fixtures/**', 'scripts/scan/*.as.ts'],
  rules: {
    'import/no-cycle': 'error',
    'no-console': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/switch-exhaustiveness-check': 'error',
    'typescript/consistent-type-imports': 'error',
    'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
    eqeqeq: 'error',
    'no-var': 'error',
    'prefer-const': 'error',
  },
  overrides,
};
