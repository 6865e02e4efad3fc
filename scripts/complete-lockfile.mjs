// Completes package-lock.json with the packages of other platforms. npm leaves out an optional package that its registry
// does not offer at that moment, and `npm ci` then refuses the lockfile on every platform. What is added says for which
// platform it is, so that it is installed there only.
//
//   node scripts/complete-lockfile.mjs      after npm install has changed the lockfile

import { readFileSync, writeFileSync } from 'node:fs';

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openharmony', 'sunos', 'win32', 'aix'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32'];

/** `@scope/binding-linux-arm-musleabihf` → what npm compares with the machine. */
export function platformOf(name) {
  const words = name.split('/').at(-1).split('-');
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith('musl'))
    ? 'musl'
    : words.some((word) => word.startsWith('gnu')) && 'glibc';
  return { ...(cpu && { cpu: [cpu] }), ...(libc && { libc: [libc] }), ...(os && { os: [os] }) };
}

/** Names of optional packages that a package of the lockfile asks for, and that have no place in it. */
export function missingFrom({ packages }) {
  const present = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  return Object.values(packages).flatMap(({ optionalDependencies = {}, engines }) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => !present.has(name))
      .map(([name, version]) => ({ name, version, engines })),
  );
}

function complete(path) {
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  for (const { name, version, engines } of missingFrom(lock)) {
    const platform = platformOf(name);
    if (platform.os === undefined && platform.cpu === undefined) throw new Error(`for which platform is ${name}?`);
    const place = `node_modules/${name}`;
    lock.packages[place] = { version, dev: true, optional: true, ...platform, ...(engines && { engines }) };
  }
  const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(sorted);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
}

if (process.argv[1] === new URL(import.meta.url).pathname) complete('package-lock.json');
