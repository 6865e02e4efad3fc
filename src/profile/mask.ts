// A plan for other eyes than its owner's: what a profile holds in plain text and looks like a credential is masked.
// For display only; digests are taken of the plan as it is.

import { PLAIN_FIELDS } from './names.js';
import type { LaunchPlan, PlannedSecret } from './types.js';

const MASK = '…';

/** Variables that hold a credential more often than not. */
const CREDENTIAL_NAME = /PASS(?:WORD|WD|PHRASE)?$|PWD$|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIAL/i;

const WORDS =
  '(?:password|passwd|passphrase|(?<![a-z])pass|pwd|secret|token(?!iz)|api[-_]?key|access[-_]?key|private[-_]?key|credential|authorization)';

// `token=…`, `?token=…`, `password=…;`, `"token": "…"`. Bounded repeats: the text may be long, and hostile.
const ASSIGNED = new RegExp(
  `(${WORDS}[\\w.-]{0,40})(["']?\\s{0,9}(?:=|:(?!//))\\s{0,9})("[^"]{0,999}"|'[^']{0,999}'|\\{[^}]{0,999}\\}|[^&;]+)`,
  'gi',
);

/** `--password`, whose value is the next argument. */
const OPTION = new RegExp(`^--?(?:[\\w-]{0,40}[-_])?${WORDS}[\\w-]{0,40}$`, 'i');

const TEMPLATES = /(\$\{[^}]*\})/;

/** A limit such as MAX_TOKENS is none. */
export function isCredentialName(name: string, text: string): boolean {
  return CREDENTIAL_NAME.test(name) && !isCount(name, text);
}

/** Templates stay: they are names. The whole text where the variable's name says what it is. */
export function maskVariable(name: string, text: string): string {
  if (!isCredentialName(name, text)) return maskText(text);
  return literals(text, (literal) => (literal === '' ? '' : MASK));
}

/** One entry per argument. */
export function maskArguments(args: readonly string[]): string[] {
  return args.map((argument, index) => {
    const option = args[index - 1] ?? '';
    const isValue = OPTION.test(option) && !namesPlace(option) && !argument.startsWith('--');
    return isValue && !isCount(option, argument) ? literals(argument, (text) => text && MASK) : maskText(argument);
  });
}

export function maskPlan(plan: LaunchPlan): LaunchPlan {
  const args = maskArguments([...plan.args, ...plan.extraArgs]);
  return {
    ...plan,
    args: args.slice(0, plan.args.length),
    extraArgs: args.slice(plan.args.length),
    env: new Map([...plan.env].map(([name, text]) => [name, maskVariable(name, text)])),
    secrets: new Map([...plan.secrets].map(([name, secret]) => [name, maskSecret(secret)])),
  };
}

function maskSecret(secret: PlannedSecret): PlannedSecret {
  if (typeof secret === 'string') return secret;
  return new Map(
    [...secret].map(([name, { kind, text }]) => [
      name,
      { kind, text: kind === 'plain' && PLAIN_FIELDS.has(name) ? maskText(text) : text },
    ]),
  );
}

export function maskText(text: string): string {
  return literals(text, (literal) =>
    literal.replace(ASSIGNED, (all: string, name: string, sign: string, value: string) =>
      namesPlace(name) || isCount(name, value) || isEmpty(value) ? all : name + sign + MASK,
    ),
  );
}

function literals(text: string, change: (literal: string) => string): string {
  return text
    .split(TEMPLATES)
    .map((piece, index) => (index % 2 === 0 ? change(piece) : piece))
    .join('');
}

/** `--password-file`: where the credential is, not what it is. */
function namesPlace(name: string): boolean {
  return /(?:file|path|dir)$/i.test(name);
}

/** Before a template stands an opening quote at most. */
function isEmpty(value: string): boolean {
  return /^[\s"'{]*$/.test(value);
}

function isCount(name: string, value: string): boolean {
  return /tokens/i.test(name) && /^\d+$/.test(value.trim());
}
