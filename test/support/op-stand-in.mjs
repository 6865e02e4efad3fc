#!/usr/bin/env node
// A stand-in for 1Password's command line tool `op`, for tests: the real one was never run. It takes exactly what is
// documented for `op read --no-newline REFERENCE` and `op inject -i FILE`, answers in the real one's words, and refuses
// everything else. Its items are in the JSON file that OP_STAND_IN names, by reference; each start adds a line to its log.

import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** { items: {reference: value | {fails: text}}, says?: text for every start, sleepMs?, newline?, ignoresTemplates? } */
const world = JSON.parse(readFileSync(process.env.OP_STAND_IN, 'utf8'));
const args = process.argv.slice(2);

function fail(text) {
  // The real one writes the date and the time there.
  process.stderr.write(`[ERROR] 2026/01/02 03:04:05 ${text}\n`);
  process.exit(1);
}

function log(more = {}) {
  const session = process.env.OP_SERVICE_ACCOUNT_TOKEN === undefined ? 'app' : 'token';
  const place = process.cwd();
  appendFileSync(`${process.env.OP_STAND_IN}.log`, `${JSON.stringify({ args, session, place, ...more })}\n`);
}

const PART = '[A-Za-z0-9 ._-]+';
const REFERENCE = new RegExp(`^op://${PART}/${PART}(?:/${PART})?/${PART}(?:\\?(?:attribute=otp|ssh-format=openssh))?$`);

function valueOf(reference) {
  const quoted = `could not read secret '${reference}': `;
  if (!REFERENCE.test(reference)) fail(`${quoted}invalid secret reference`);
  const { items } = world;
  if (Object.hasOwn(items, reference)) {
    const found = items[reference];
    if (typeof found === 'object') fail(quoted + found.fails);
    return found;
  }
  const [vault, item, field] = reference.slice('op://'.length).split('/');
  const known = Object.keys(items).map((each) => each.slice('op://'.length).split('/'));
  if (!known.some(([first]) => first === vault)) {
    fail(
      `${quoted}could not get item ${vault}/${item}: "${vault}" isn't a vault in this account. Specify the vault with its ID or name.`,
    );
  }
  if (!known.some(([first, second]) => first === vault && second === item)) {
    fail(
      `${quoted}could not get item ${vault}/${item}: "${item}" isn't an item in the "${vault}" vault. Specify the item with its UUID, name, or domain.`,
    );
  }
  return fail(`${quoted}item '${vault}/${item}' does not have a field '${field}'`);
}

function read([flag, reference, ...more]) {
  log();
  if (flag !== '--no-newline' || reference === undefined || more.length > 0) {
    fail('this stand-in wants: op read --no-newline REFERENCE');
  }
  process.stdout.write(valueOf(reference));
}

function inject([flag, file, ...more]) {
  if (flag !== '-i' || file === undefined || more.length > 0) {
    log();
    fail('this stand-in wants: op inject -i FILE');
  }
  const text = readFileSync(file, 'utf8');
  log({ text });
  const modes = [file, dirname(file)].map((path) => (statSync(path).mode & 0o777).toString(8));
  if (modes.join(' ') !== '600 700')
    fail(`this stand-in wants a template of mode 600 in a folder of mode 700: ${modes}`);
  if (/\$[A-Za-z_{]/.test(text)) fail('could not expand the variables of the template');
  if (world.ignoresTemplates === true) process.stdout.write(text);
  else process.stdout.write(text.replace(/\{\{ *(op:\/\/.*?) *\}\}/g, (_, reference) => valueOf(reference)));
  if (world.newline === true) process.stdout.write('\n');
}

const COMMANDS = { read, inject };

function main() {
  const [command = '', ...rest] = args;
  if (!Object.hasOwn(COMMANDS, command)) {
    log();
    fail(`unknown command "${command}" for "op"`);
  }
  if (world.says !== undefined) {
    log();
    fail(world.says);
  }
  COMMANDS[command](rest);
}

if (world.sleepMs === undefined) main();
else setTimeout(main, world.sleepMs);
