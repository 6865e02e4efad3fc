#!/usr/bin/env node
// A stand-in for 1Password's command line: it honours the arguments, statuses and texts that are documented, and refuses
// every other call. It has never been compared with the real service. Items: a JSON file named by OP_STAND_IN.

import { appendFileSync, readFileSync, statSync } from 'node:fs';

const { items = {}, signedOut = false, dismissed = false } = JSON.parse(readFileSync(process.env.OP_STAND_IN, 'utf8'));
const args = process.argv.slice(2);
if (process.env.OP_STAND_IN_CALLS) appendFileSync(process.env.OP_STAND_IN_CALLS, `${JSON.stringify(args)}\n`);

function fail(text) {
  process.stderr.write(`[ERROR] 2030/01/31 12:00:00 ${text}\n`);
  process.exit(1);
}

function valueOf(reference) {
  const [, vault, item, ...rest] =
    /^op:\/\/([^/]+)\/([^/]+)\/(.+)$/.exec(reference) ?? fail(`invalid secret reference '${reference}'`);
  const [first, second = ''] = rest.join('/').split('/');
  const field = rest.join('/');
  if (!(vault in items)) fail(`could not read secret '${reference}': "${vault}" isn't a vault in this account.`);
  if (!(item in items[vault]))
    fail(`could not read secret '${reference}': "${item}" isn't an item in the "${vault}" vault.`);
  if (!(field in items[vault][item]))
    fail(`could not read secret '${reference}': item '${vault}/${item}' does not have a field '${second || first}'`);
  return items[vault][item][field];
}

if (signedOut) fail('You are not currently signed in. Please run `op signin --help` for instructions');
if (dismissed) fail('authorization prompt dismissed, please try again');
if (args[0] === 'read' && args[1] === '--no-newline' && args.length === 3) process.stdout.write(valueOf(args[2]));
else if (args[0] === 'inject' && args[1] === '-i' && args.length === 3) {
  if ((statSync(args[2]).mode & 0o077) !== 0) fail('the template can be read by others');
  const template = readFileSync(args[2], 'utf8');
  process.stdout.write(template.replace(/\{\{ (op:\/\/.+?) \}\}/g, (_, reference) => valueOf(reference)));
} else fail(`unknown command or flags: ${args.join(' ')}`);
