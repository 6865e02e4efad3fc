// How sure a match of a value is no accident: decides where the value is masked.
// strong: everywhere, and its fragments too · medium: not inside a longer word · weak: likewise, and it deserves a warning.

export type Strength = 'strong' | 'medium' | 'weak';

export const STRONG_BITS = 40;

/** Values that occur in ordinary text, and words that the protocol itself uses: masking them says nothing and breaks much. */
const COMMON = new Set(
  `admin administrator root toor user users guest test tester testing demo default sample example owner manager master
  postgres postgresql mysql mariadb mongo mongodb redis rabbitmq oracle sqlserver sqlite clickhouse elastic elasticsearch
  cassandra neo4j database public private internal service system server client backup replica replication monitor
  password passwd passphrase passw0rd p@ssw0rd p@ssword pass pwd secret token apikey changeme changeit letmein welcome
  login access account qwerty qwertyuiop asdfgh zxcvbn abc123 iloveyou monkey dragon football baseball sunshine princess
  superman batman shadow trustno1 hunter hello whatever freedom computer internet local localhost docker kubernetes
  development staging production vagrant ubuntu debian jenkins grafana minio minioadmin rabbit kafka spring
  jsonrpc method params result error message content string number object boolean integer array properties required
  description structuredcontent inputschema outputschema resource resources prompts tools sampling progress notification
  notifications initialize protocol version capabilities name title type text null true false undefined redacted`.split(
    /\s+/,
  ),
);

/**
 * strong: at least 8 characters and an estimated 40 bits · weak: fewer than 6 characters, a common word (also with digits
 * or `!` behind it), or one character repeated · medium: the rest.
 */
export function strengthOf(value: string): Strength {
  const characters = Array.from(value);
  if (characters.length < 6 || isCommon(value) || new Set(characters).size < 2) return 'weak';
  if (characters.length >= 8 && !looksLikeAWord(value) && bitsOf(characters) >= STRONG_BITS) return 'strong';
  return 'medium';
}

function isCommon(value: string): boolean {
  const word = value.toLowerCase();
  return COMMON.has(word) || COMMON.has(word.replace(/[0-9!]{1,4}$/, ''));
}

/** A word of letters in one case or capitalised, with the vowels of a language, and perhaps a year behind it. */
function looksLikeAWord(value: string): boolean {
  const word = value.replace(/[0-9!]{1,4}$/, '');
  if (word.length > 16 || !/^[A-Za-z]?(?:[a-z]+|[A-Z]+)$/.test(word)) return false;
  return word.replace(/[^aeiouy]/gi, '').length / word.length >= 0.25;
}

/** Length × bits per character of the alphabet in use, reduced by how unevenly the characters are spread. */
export function bitsOf(characters: readonly string[]): number {
  const size = characters.length;
  return size * Math.log2(alphabetOf(characters.join(''))) * (entropyOf(characters) / Math.log2(size));
}

function alphabetOf(value: string): number {
  const classes: readonly (readonly [RegExp, number])[] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[ -/:-@[-`{-~]/, 33],
    [/[^ -~]/, 100],
  ];
  return classes.reduce((sum, [pattern, size]) => sum + (pattern.test(value) ? size : 0), 0);
}

/** Shannon entropy in bits per character. */
function entropyOf(characters: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => {
    const share = count / characters.length;
    return sum - share * Math.log2(share);
  }, 0);
}
