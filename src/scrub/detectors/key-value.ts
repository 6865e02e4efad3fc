// The general rule: a value under a name that says that it is a credential.

import type { Range } from '../sequence.js';
import type { Assignment } from './assignment.js';
import { assignmentAt, pairAt } from './assignment.js';
import type { Detector } from './detector.js';
import {
  isEnvironmentName,
  isStrongName,
  isWeakName,
  KEY_WORDS,
  PASSWORD_WORDS,
  SECRET_WORDS,
  WEAK_WORDS,
} from './key-names.js';
import { hit, sampleText } from './sample-password.js';
import { isPlaceholder } from './value-placeholder.js';
import { isCredential, isExpression, isRandomCredential } from './value.js';
import { isAssignedValue } from './quick.js';

const SOURCE =
  'NIST SP 800-63B and the naming habits of configuration formats; RFC 8259 §4, YAML 1.2 §7.4, XML 1.0 §2.3';

function find(text: string, at: number, anchor: string): Range | undefined {
  const found = assignmentAt(text, at, anchor) ?? pairAt(text, at, anchor);
  if (found === undefined || !isStrongName(found.name) || inQuery(text, found)) return undefined;
  const value = text.slice(found.value.start, found.value.end);
  return isDue(found, value, text) ? found.value : undefined;
}

/** Names that many things have: their value must look random. */
function findWeak(text: string, at: number, anchor: string): Range | undefined {
  const found = assignmentAt(text, at, anchor) ?? pairAt(text, at, anchor);
  if (found === undefined || !isWeakName(found.name) || inQuery(text, found)) return undefined;
  const value = text.slice(found.value.start, found.value.end);
  if (!found.quoted && isExpression(value)) return undefined;
  return isRandomCredential(value) || isBasicPair(found.name, value) ? found.value : undefined;
}

/** `"auth": "…"` of a registry's configuration: base64 of user and password. */
function isBasicPair(name: string, value: string): boolean {
  if (!/^_?auth$/.test(name) || !/^[A-Za-z0-9+/]{12,}={0,2}$/.test(value)) return false;
  const pair = Buffer.from(value, 'base64').toString('latin1');
  const colon = pair.indexOf(':');
  return colon > 0 && /^[ -~]+$/.test(pair) && !isPlaceholder(pair.slice(colon + 1));
}

/** Parameters of a URI have their own detector. */
function inQuery(text: string, { nameStart, operator }: Assignment): boolean {
  return operator === '=' && /[?&]/.test(text[nameStart - 1] ?? '');
}

/** Functions that are given no password of their own: `should_pass('…')`, `generate_private_key('ed25519')`. */
const CALL =
  /^(?:should|split|parse|test|read|prompt|input|generate|hash|encrypt|decrypt|encode|decode|find|match|search|assert|expect|render|format|must|can|will|to|do|on)(?:_|[A-Z]|pass)/;

function isDue(found: Assignment, value: string, text: string): boolean {
  if (found.operator === '>' && /[\s=]/.test(value)) return false;
  if (found.operator === '(' && CALL.test(found.name)) return false;
  // The output of a command.
  if (text[found.value.start - 1] === '`' && /\s/.test(value)) return false;
  // The outcome of a test.
  if (/^-{0,4}pass$/i.test(found.name) && !found.quoted && /^Test|[/=]/.test(value)) return false;
  // The members of an enumeration.
  if (value === found.name) return false;
  // What a variable is compared with is a word of the program as a rule.
  if (/^[!=]==?$/.test(found.operator) && /^[A-Za-z]+$/.test(value)) return false;
  return isSetting(found, text) ? isSet(value, found.quoted) : isCredential(value, found.quoted);
}

/** Variables of the environment, flags and dotted properties: no name of a variable stands behind the sign, only a value. */
function isSetting({ name, nameStart, operator, value: { start } }: Assignment, text: string): boolean {
  if (operator !== '=' || /\s/.test(text.slice(nameStart + name.length, start))) return false;
  return isEnvironmentName(name) || /^--|^(?!this|self)\w+\.\w+\./.test(name);
}

function isSet(value: string, quoted: boolean): boolean {
  return value.length >= 3 && !isPlaceholder(value) && (quoted || !/^[/~.]/.test(value)) && !isCode(value);
}

function isCode(value: string): boolean {
  return /[.([]/.test(value) && isExpression(value);
}

const CLEAN: readonly string[] = [
  'password = getpass.getpass()',
  'password: string;',
  'password = config.password',
  'password=${DB_PASSWORD}',
  'password: "********"',
  '"password": "<password>"',
  'password = os.environ["DB_PASSWORD"]',
  'const password = process.env.DB_PASSWORD;',
  "Access denied for user 'app'@'db' (using password: YES)",
  '"password": null',
  '"type": "password"',
  'password: changeme',
  'connect(user=user, password=password)',
  'Password: (not set)',
  '"password": "[REDACTED:db]"',
  '"password": "Enter your password"',
  'password_length=12345678',
  'PWD=/home/app/project-42',
  'if (password.length < 8) return "password too short";',
];

export const KEY_VALUE_DETECTORS: readonly Detector[] = [
  {
    name: 'password',
    anchors: PASSWORD_WORDS,
    anyCase: true,
    find,
    quick: isAssignedValue,
    isWord: true,
    examples: () => ({
      match: [
        '"password": "PW"',
        '{"rolname":"app","rolpassword":"PW"}',
        "'password': 'PW'",
        'password: PW',
        'password=PW',
        'password = "PW"',
        'spring.datasource.password=PW',
        'export DB_PASSWORD=PW',
        "PGPASSWORD='PW' psql -h db",
        'MYSQL_PWD=PW mysql',
        '<password>PW</password>',
        '<connection username="u" password="PW"/>',
        'com.sun.Login required username="u" password="PW";',
        '{"name":"DB_PASSWORD","value":"PW"}',
        '{"value": "PW", "name": "DB_PASSWORD"}',
        '- name: DB_PASSWORD\n  value: PW\n',
        '<property name="password" value="PW"/>',
        '<property><name>db.password</name><value>PW</value></property>',
        '["user=u","password=PW"]',
        '{user=u,password=PW}',
        'psql --password=PW',
        'clickhouse-client --password PW',
        "define('DB_PASSWORD', 'PW');",
        'ds.setPassword("PW");',
        'DB_PASS=PW',
        'db_pw: "PW"',
        'ENV DB_PASSWORD PW',
        'const password: string = "PW";',
        'config["password"] = "PW"',
        ":password => 'PW'",
      ].map((text) => hit(text)),
      clean: CLEAN,
    }),
    source: SOURCE,
  },
  {
    name: 'secret',
    anchors: SECRET_WORDS,
    anyCase: true,
    find,
    quick: isAssignedValue,
    isWord: true,
    examples: () => ({
      match: [
        "COPY t FROM 's3://b/k' CREDENTIALS 'aws_access_key_id=ABCD;aws_secret_access_key=PW'",
        'client_secret: PW',
        '"apiKey": "PW"',
        'API_KEY=PW',
        'access_token = "PW"',
        '{"name": "api-key", "value": "PW"}',
        '<add key="ClientSecret" value="PW" />',
      ].map((text) => hit(text, sampleText(32))),
      clean: [
        'secret: null',
        '"secret_name": "db-credentials-v2-prod"',
        'api_key_id: 1234567890',
        'secretName: app-tls-2024',
        'apiKey: process.env.API_KEY',
        'nextPageToken: abc',
        'client_secret=${CLIENT_SECRET}',
        '"accessKey": "YOUR_ACCESS_KEY"',
      ],
    }),
    source: SOURCE,
  },
  {
    name: 'token',
    anchors: WEAK_WORDS,
    named: true,
    anyCase: true,
    find: findWeak,
    examples: () => ({
      match: [
        'token = "PW"',
        'token: PW',
        '"token": "PW"',
        'vendorToken := "PW"',
        'X_TOKEN=PW',
        'deploy --token PW --yes',
        '<token>PW</token>',
        '{"name": "service-token", "value": "PW"}',
      ]
        .map((text) => hit(text, sampleText(40)))
        .concat(hit('{"auths":{"r.example":{"auth":"PW"}}}', Buffer.from(`app:${sampleText(14)}`).toString('base64'))),
      clean: [
        `nextPageToken: "${sampleText(40)}"`,
        `"csrf_token": "${sampleText(40)}"`,
        `"progressToken": "${sampleText(40)}"`,
        `"taskToken": "${sampleText(40)}"`,
        'token = "the-name-of-a-token-2"',
        'token = get_token(request, 12)',
        '"token": "1234567890123456"',
        '"token": "${GITHUB_TOKEN}"',
        '"auth": "required"',
        'auth: { token: "<your token>" }',
        'const token = tokens[index2].valueOf()',
      ],
    }),
    source: SOURCE,
  },
  {
    name: 'key',
    anchors: KEY_WORDS,
    anyCase: true,
    named: true,
    find: findWeak,
    examples: () => ({
      match: ['app_key = "PW"', '"vendorKey": "PW"', 'VENDOR_KEY=PW', 'x-functions-key: PW', 'vendor_key := `PW`'].map(
        (text) => hit(text, sampleText(40)),
      ),
      clean: [
        `"cacheKey": "${sampleText(40)}"`,
        `"publicKey": "${sampleText(40)}"`,
        `primary_key = "${sampleText(40)}"`,
        '"translationKey": "settings.account2.title4.long"',
        'S3_KEY=uploads/2024/01/05/report1.pdf',
        'registryKey: "HKEY_LOCAL_MACHINE2"',
      ],
    }),
    source: SOURCE,
  },
];

/** Whether the value that stands under a key of a JSON object is a credential; for an object that is no text. */
export function isCredentialUnder(key: string, value: string): boolean {
  return isStrongName(key) && isCredential(value, true);
}
