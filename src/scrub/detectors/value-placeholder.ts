// What stands where a credential would stand but is none: masks, templates, variables, references and words of manuals.

const WORDS = new Set(
  `a an any api app access admin_password auth bar baz bool boolean bytes change char changed client credential credentials
  data database db default demo dummy empty enter example fake false filtered foo for from goes here hidden input insert int
  integer is key masked me missing must my mypassword new nil no none not null number object of off old omitted on optional or
  pass passphrase passwd password placeholder private provided put pw pwd redacted removed replace required sample secret
  secrets set some specify str string test text the this to token true undefined unknown unset use user username value
  varchar with word yes your yourpassword`.split(/\s+/),
);
const MASK = /^[*•x.\-_#?…]+$|^X+$|^(.)\1{3,}$/;
/** Templates of shells, build tools, format functions and statements with parameters; the whole text, or with braces a part of it. */
const TEMPLATE = new RegExp(
  [
    String.raw`\$\{[^}]*\}?|\{\{|\$\(|#\{|<%|%\([\w.]+\)|\$\{\{|\[REDACTED`,
    String.raw`^<[^<>]*>?$|^\{[^{}]*\}$|^\[[A-Za-z _-]+\]$|^\(\w+\)$|^__\w+__$`,
    String.raw`^\$[A-Za-z_]\w*(?:$|::|->|-$|\[)|^[\w.]+![rsa]$|^\\+[wdsS]|(?:^|[ =:/])%[sdrv]\b|^\{\d\}?|^\$\d+$|^%[A-Za-z_]+%?$|^[:@][A-Za-z_]+$|^@@\w+$`,
  ].join('|'),
);
const REFERENCE = new RegExp(
  [
    String.raw`(?:op|secret|secrets|vault|keychain|env|file|ref|ssm|aws-sm|gcp-sm|azkv|bw|doppler|infisical):/{0,2}\S`,
    String.raw`ENC[(\[]|!(?:secret|vault|[Rr]ef|env|Sub|ImportValue|GetAtt)\b|process\.env|os\.(?:environ|getenv)|System\.getenv`,
    String.raw`ENV\[|(?:get)?env\(|env\.|import\.meta|Deno\.env|secrets\.|(?:var|local|data)\.[a-z_]|config\(|arn:aws`,
  ].join('|'),
  'y',
);
const MANUAL = /[eE]xample|EXAMPLE|your[_-]|0000000000|\*{3}|x{5}|X{5}|\.\.\.$|…/;

/**
 * Whether `text`, found where a credential stands, is a placeholder or code without a literal. Looks at shape and words
 * only; a placeholder never vetoes a known value.
 */
export function isPlaceholder(text: string): boolean {
  const bare = text.trim();
  if (bare === '' || MASK.test(bare) || TEMPLATE.test(bare) || MANUAL.test(bare)) return true;
  REFERENCE.lastIndex = 0;
  return REFERENCE.test(bare) || isWords(bare);
}

/** `YOUR_PASSWORD_HERE`, `changeMe!`, `<db password>`: nothing but words that manuals use. A digit makes it a value. */
function isWords(text: string): boolean {
  if (text.length > 60 || /\d/.test(text)) return false;
  const words = text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return words.length === 0
    ? text.length < 4
    : words.every((word) => WORDS.has(word) || /^change(?:me|it|d)$/.test(word));
}
