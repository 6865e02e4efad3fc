// What the audit hears of a session: every call once, with its end; names that the other side has chosen, scrubbed and cut.

import { describe, expect, test } from '@jest/globals';
import { array, assert, constantFrom, property, string, tuple } from 'fast-check';
import { createJournal, type CallEntry, type JournalEntry } from '../../src/relay/journal.js';
import { createPending } from '../../src/relay/pending.js';
import { createScrubber } from '../../src/scrub/scrubber.js';
import { randomPassword } from '../support/credentials.js';

const value = randomPassword();
const scrubber = createScrubber([{ name: 'TOKEN', value }]);

function session() {
  const entries: JournalEntry[] = [];
  let clock = 0;
  const journal = createJournal({ scrubber, onEntry: (entry) => entries.push(entry), now: () => clock++ });
  return { entries, journal, pending: createPending(journal) };
}

const line = (message: object): Buffer => Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
const call = (id: unknown, name: unknown): object => ({ id, method: 'tools/call', params: { arguments: {}, name } });
const asked = (message: object): Buffer => Buffer.concat([line(message), Buffer.from('\n')]);
const ends = (entries: readonly JournalEntry[]): unknown[] =>
  entries.flatMap((entry) => (entry.kind === 'call' ? [[entry.tool, entry.outcome]] : []));

const outcomeOf = (answer: object | string): unknown => {
  const { entries, pending } = session();
  pending.asked(asked(call(1, 'query')));
  pending.answered(typeof answer === 'string' ? Buffer.from(answer) : line({ id: 1, ...answer }));
  return ends(entries);
};

const nameOf = (name: unknown): string | undefined => {
  const { entries, pending } = session();
  pending.asked(asked(call(1, name)));
  pending.answered(line({ id: 1, result: {} }));
  return (entries[0] as CallEntry).tool;
};

describe('the outcome of a call', () => {
  test.each<[string, object | string, string]>([
    ['a result', { result: { content: [] } }, 'ok'],
    ['a result that says so', { result: { content: [], isError: false } }, 'ok'],
    ['an error of JSON-RPC', { error: { code: -32602, message: 'x' } }, 'error'],
    ['isError', { result: { content: [], isError: true } }, 'error'],
    ['isError, spaced', '{"jsonrpc":"2.0","id":1,"result":{"isError" :\t true}}', 'error'],
    ['isError in a text', { result: { content: [{ type: 'text', text: '"isError":true,"error":1' }] } }, 'ok'],
    ['isError of something else', { result: { structuredContent: { isError: true, error: {} } } }, 'ok'],
    ['isError twice: the last counts', '{"id":1,"result":{"isError":true,"isError":false}}', 'ok'],
  ])('%s', (_, answer, outcome) => expect(outcomeOf(answer)).toEqual([['query', outcome]]));

  test('of one that is cancelled, withheld, or never answered', () => {
    const { entries, journal, pending } = session();
    for (const id of [1, 2, 3]) pending.asked(asked(call(id, `t${id}`)));
    pending.asked(asked({ method: 'notifications/cancelled', params: { requestId: 1 } }));
    pending.answered(line({ id: 1, result: {} }));
    pending.answered(line({ id: 2, result: {} }), true);
    pending.asked(asked({ method: 'tools/call', params: { name: 'no id' } }));
    journal.refused(line(call(9, 'forbidden')));
    journal.close();
    expect(ends(entries)).toEqual([
      ['t1', 'cancelled'],
      ['t2', 'withheld'],
      ['no id', 'unanswered'],
      ['forbidden', 'refused'],
      ['t3', 'unanswered'],
    ]);
  });

  test('of each call in a batch', () => {
    const { entries, pending } = session();
    const batch = [call('a', 'one'), { id: 'b', method: 'ping' }, call('c', 'two')];
    pending.asked(Buffer.from(`${JSON.stringify(batch)}\n`));
    const answers = [
      { id: 'c', result: { isError: true } },
      { id: 'a', result: {} },
      { id: 'b', result: {} },
    ];
    pending.answered(Buffer.from(JSON.stringify(answers)));
    expect(ends(entries)).toEqual([
      ['two', 'error'],
      ['one', 'ok'],
    ]);
  });

  test('other requests are none', () => {
    const { entries, journal, pending } = session();
    pending.asked(asked({ id: 1, method: 'tools/list' }));
    pending.answered(line({ id: 1, result: {} }));
    journal.close();
    expect(entries).toEqual([]);
  });
});

describe('names', () => {
  test('are scrubbed before they are cut', () => {
    expect(nameOf(`x ${value}`)).toBe('x [REDACTED:TOKEN]');
    expect(nameOf(`${'n'.repeat(100)} ${value}`)).not.toContain(value.slice(0, 6));
    expect(nameOf('n'.repeat(60_000))).toBe(`${'n'.repeat(108)}… (60000)`);
  });
  test('are none where there is none', () => {
    expect([nameOf(undefined), nameOf(7), nameOf(''), nameOf('n'.repeat(100_000))]).toEqual([
      undefined,
      '',
      '',
      undefined,
    ]);
  });
});

test('a place is said of the line in which it is, and of no other', () => {
  const { entries, journal, pending } = session();
  const found = [{ name: 'TOKEN', count: 1 }];
  pending.asked(asked(call(1, 'query')));
  const note = line({ method: 'n', params: [value] });
  journal.found(note, line({ method: 'n', params: ['[REDACTED:TOKEN]'] }), found, 'json');
  pending.answered(line({ id: 1, result: {} }));
  pending.asked(asked(call(2, 'query')));
  const answer = line({ id: 2, result: { content: [{ text: 'a' }, { text: value }] } });
  journal.found(answer, scrubber.message(answer).bytes, found, 'json');
  pending.answered(answer);
  journal.found(Buffer.from(value), Buffer.from('[REDACTED:TOKEN]'), found, 'text');
  journal.foundAside(found);
  journal.close();
  expect(entries).toMatchObject([
    { tool: 'query', places: [] },
    { tool: 'query', places: [{ name: 'TOKEN', at: '/result/content/*/text', count: 1 }] },
    {
      kind: 'places',
      places: [
        { name: 'TOKEN', at: '/params/*', count: 1 },
        { name: 'TOKEN', at: 'stdout', count: 1 },
        { name: 'TOKEN', at: 'stderr', count: 1 },
      ],
    },
  ]);
});

test('every call is told exactly once, whatever is asked and answered', () => {
  const step = tuple(constantFrom('ask', 'answer', 'cancel'), constantFrom(1, 2, 3, 'a'), string({ maxLength: 300 }));
  assert(
    property(array(step, { maxLength: 40 }), (steps) => {
      const { entries, journal, pending } = session();
      const open = new Set<unknown>();
      let calls = 0;
      for (const [what, id, name] of steps) {
        if (what === 'ask' && open.has(id)) continue;
        if (what === 'ask') {
          pending.asked(asked(call(id, name)));
          open.add(id);
          calls++;
        } else {
          open.delete(id);
          if (what === 'answer') pending.answered(line({ id, result: {} }));
          else pending.asked(asked({ method: 'notifications/cancelled', params: { requestId: id } }));
        }
      }
      journal.close();
      const told = entries.filter(({ kind }) => kind === 'call') as CallEntry[];
      return told.length === calls && told.every(({ tool = '' }) => tool.length <= 160);
    }),
    { numRuns: 200 },
  );
});

test('a failure keeps an answer back, and nothing else', () => {
  const journal = createJournal({
    scrubber,
    onEntry: () => {
      throw new Error('disk full');
    },
  });
  const pending = createPending(journal);
  pending.asked(asked(call(1, 'query')));
  expect(() => pending.answered(line({ id: 1, result: {} }))).toThrow('disk full');
  expect(() => journal.refused(line(call(2, 'x')))).not.toThrow();
  expect(() => journal.close()).not.toThrow();
  expect(pending.take()).toEqual(['1']);
});
