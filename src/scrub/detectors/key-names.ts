// Names under which credentials are kept, and names that only look like it.

const JOINED = (words: string, last: string): readonly string[] =>
  words.split(' ').flatMap((word) => ['_', '-', ''].map((joint) => `${word}${joint}${last}`));

/** Lower-case words; the last one of a name decides. Anchors of all that has a key. */
export const PASSWORD_WORDS: readonly string[] =
  `password passwd passphrase passcode passwort kennwort contrasena wachtwoord salasana mot_de_passe motdepasse pswd pwd _pw= _pw: _pw" _pw' _pw\\ _pass pass= pass: pass" pass' pass\\ pass>`.split(
    ' ',
  );
export const SECRET_WORDS: readonly string[] = ['secret', 'credential', 'creds'].concat(
  JOINED('private api access client signing encryption account master', 'key'),
  JOINED('auth access refresh bearer api session security', 'token'),
);

const KINDS = [
  'password|passwd|passphrase|passcode|passwort|kennwort|contrasena|wachtwoord|salasana|mot_?de_?passe|pswd|pwd|secret|credentials?|creds',
  '(?<![a-z])pass|(?<=_)pw|(?<=db|user|root|admin|smtp|mail|ftp|my|sql|pg)pass',
  '(?:private|api|(?:access|secret|client|signing|encryption|account|master)(?:_?access)?)_?key',
  '(?:auth|access|refresh|bearer|api|session|security)_?token',
].join('|');
const TAILS =
  'value|plain|plaintext|text|raw|base64|b64|new|old|prod|production|dev|staging|live|root|admin|primary|secondary|current|previous|default|base|key|key_base';
const STRONG = new RegExp(`(?:${KINDS})(?:_?(?:${TAILS}))?\\d{0,3}$`);
/** `reset_password: '/path'`, `has_password: true`, `invalid_password: 'Message'`. */
const NEGATIVE =
  /^(?:forgot|forgotten|reset|change|invalid|wrong|incorrect|show|hide|has|is|use|require|required|allow|min|max|no|without|enable|disable|missing|bad|ask|check|validate|verify|need|compare|get|by|public|primary|foreign|cache|next|csrf|xsrf|max_)[_a-z]*$/;

/** Whether a value under this name is a credential as a rule: `DB_PASSWORD`, `client-secret`, `spring.datasource.password`. */
export function isStrongName(name: string): boolean {
  const plain = normalised(name);
  return STRONG.test(plain) && !NEGATIVE.test(plain);
}

/** Names of few letters, which many things have: they count before a long value only. */
export const WEAK_WORDS: readonly string[] = ['token', 'auth'];
/** `key` only as the last of several words: alone it names the entries of every table. */
export const KEY_WORDS: readonly string[] = Array.from(
  '_-abcdefghijklmnopqrstuvwxyz0123456789',
  (before) => `${before}key`,
);

const WEAK = /(?:^|_)(?:[a-z0-9]*token|auth|[a-z0-9]+_key)(?:_?(?:value|new|old|prod|dev|live|test))?\d{0,2}$/;
/** Places in a list, marks of a form, names of entries: what a client sends back, or what is no secret. */
const NO_WEAK = new RegExp(
  `(?:^|_)(?:${[
    'next|prev|previous|page|paging|pagination|continuation|continue|cursor|progress|sync|resume|delta|scroll|offset|skip',
    'change|list|watch|bookmark|lease|receipt|task|snapshot|revision|search|resumption|marker|after|before|iterator|iter',
    'csrf|xsrf|max|min|total|num|count|pad|bos|eos|unk|sep|cls|mask|stop|start|end|first|last|special|image|eot|lookup',
    'primary|foreign|partition|sort|cache|index|bucket|row|sequence|public|pub|object|hash|group|map|routing|range|shard',
    'unique|idempotency|dedupe|dedup|locale|translation|message|label|title|item|record|entity|event|registry|setting',
    'feature|flag|site|sitekey|hot|short|etag|version|content|issue|project|space|parent|host|fingerprint|storage|store|s3',
    'cookie|column|field|data|name|path|file|url|id|type|size|length|query|sql|param|metric|tag|attribute|property|react',
    'result|results|limit|input|output|creation|update|policy_update|work_unit|request|sort_order',
    'verify|verifying|verification|license|licence|publishable|anon|commit|release|build|lock|trace|span|request',
  ].join('|')})_?(?:token|key)`,
);

/** Whether a value under this name is a credential when it is random: `token`, `auth`, `vendor_app_key`. */
export function isWeakName(name: string): boolean {
  const plain = normalised(name);
  return WEAK.test(plain) && !NO_WEAK.test(plain) && !NEGATIVE.test(plain);
}

/** In lower case, words joined by `_`. */
function normalised(name: string): string {
  return name
    .slice(-60)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[-. ]/g, '_')
    .toLowerCase()
    .replace(/^_+/, '')
    .replace(/_(?=\d)/g, '');
}

/** Names that hold a password whatever it looks like: environment variables that the clients of databases read. */
const ENVIRONMENT =
  /^(?:[A-Z][A-Z0-9_]*_)?(?:PGPASSWORD|MYSQL_PWD|SQLCMDPASSWORD|REDISCLI_AUTH|PASSWORD|PASSWD|PASS|PWD|PASSPHRASE)\d{0,2}$/;

export function isEnvironmentName(name: string): boolean {
  return ENVIRONMENT.test(name) && !/^(?:OLD)?PWD$/.test(name);
}
