// Set F: tokens that were never injected, of every family, in all surroundings, and wrapped.

import { CONTEXTS, TERMINATORS, WRAPPINGS } from './shapes/contexts.js';
import type { Context } from './shapes/contexts.js';
import { TOKEN_FAMILIES } from './shapes/tokens.js';
import type { Token } from './shapes/tokens.js';
import { createJudge, fragmentsOf } from './judge.js';
import { createRandom } from './random.js';
import { atLeast, atMost, Tally } from './report.js';
import type { Report } from './report.js';
import { plainScrubber, run } from './scrubbing.js';

/** `sparse`: every how many cells are measured; a sample takes a large prime. */
export function measureFamilies(tokens = 2, sparse = 1): Report {
  const random = createRandom('families');
  const score = createScore();
  for (const { make } of TOKEN_FAMILIES) {
    for (let at = 0; at < tokens; at++) measureToken(make(random), score, sparse);
  }
  return report(score);
}

type Score = ReturnType<typeof createScore>;

function createScore() {
  return {
    judge: createJudge(),
    scrubber: plainScrubber(),
    families: new Tally(),
    contexts: new Tally(),
    terminators: new Tally(),
    wrappings: new Tally(),
    wrappedFamilies: new Tally(),
    cells: new Tally(),
    turn: 0,
    withheld: 0,
    broken: 0,
  };
}

/** Every token in a text block: positions are the matter of set K. */
function measureToken(token: Token, score: Score, sparse: number): void {
  const fragments = fragmentsOf(token.secrets);
  const gone = (text: string): boolean | undefined => {
    score.turn += 1;
    if (score.turn % sparse !== 0) return undefined;
    const line = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } });
    const { bytes, withheld, broken } = run(score.scrubber, Buffer.from(line));
    score.withheld += withheld ? 1 : 0;
    score.broken += broken ? 1 : 0;
    return !score.judge.leaks(bytes, fragments);
  };
  for (const context of CONTEXTS)
    if (context.unlabelled !== true || token.label === undefined) inContext(token, context, gone, score);
  wrapped(token, gone, score);
}

/** In the user info of a URL a token is percent-encoded, and `@` ends it: no other terminator is tried. */
function inContext(token: Token, context: Context, gone: (text: string) => boolean | undefined, score: Score): void {
  for (const [terminator, after] of Object.entries(context.closed === true ? { end: '' } : TERMINATORS)) {
    const text = context.closed === true ? encodeURIComponent(token.text) : token.text;
    const removed = gone(context.text(text + after, token.label ?? 'token'));
    if (removed === undefined) continue;
    score.families.add(token.family, removed);
    score.contexts.add(context.name, removed);
    score.terminators.add(terminator, removed);
    score.cells.add(`${token.family} × ${context.name} × ${terminator}`, removed);
  }
}

/** A token that needs its label is wrapped together with it: nobody could know it otherwise. */
function wrapped(token: Token, gone: (text: string) => boolean | undefined, score: Score): void {
  const named = token.label === undefined ? token.text : `${token.label}=${token.text}`;
  for (const [name, wrap] of Object.entries(WRAPPINGS)) {
    for (const around of ['', 'value: ', 'https://example.com/?q=']) {
      const removed = gone(`${around}${wrap(named)}${around === '' ? '' : ' rest'}`);
      if (removed === undefined) continue;
      score.wrappings.add(name, removed);
      score.wrappedFamilies.add(token.family, removed);
      score.cells.add(`${token.family} × ${name}`, removed);
    }
  }
}

function report(score: Score): Report {
  const plain = score.families.sum();
  const wrapping = score.wrappings.sum();
  return {
    set: 'F',
    title: `${TOKEN_FAMILIES.length} families × ${Object.keys(TERMINATORS).length} terminators × ${CONTEXTS.length} contexts`,
    targets: [
      atLeast('removed: no 8 bytes in a row recoverable', 0.99, plain),
      atLeast('removed when wrapped', 0.95, wrapping),
      atMost('messages that are no JSON any more', 0, score.broken),
      atMost('lines withheld for an exception', 0, score.withheld),
    ],
    floors: { removed: plain.share, wrapped: wrapping.share, broken: score.broken, withheld: score.withheld },
    tables: [
      score.families.table('Families with a miss', 'family', true),
      score.contexts.table('Contexts', 'context'),
      score.terminators.table('Terminators', 'terminator'),
      score.wrappings.table('Wrappings', 'wrapping'),
      score.wrappedFamilies.table('Families with a miss when wrapped', 'family', true),
    ],
    matrix: score.cells.data,
  };
}
