import { describe, expect, test } from '@jest/globals';
import type { Answers } from '../../demo/questions.js';
import { heading, row, rule, type Screen } from '../../demo/screen.js';

const password = 'pa/ss"w+%rd';
const plain: Screen = { columns: 100, colour: false };
const coloured: Screen = { columns: 100, colour: true };

function answers(direct: string, launched: string): Answers {
  const question = { title: 'the password', shown: 'SELECT something rather long', ask: () => Promise.resolve() };
  return { question, direct, launched };
}

const LEAK = answers(`[{"value": "${password}"}]`, '[{"value": "[REDACTED:db.password]"}]');

describe('a row', () => {
  test('shows what the server said beside what the model sees', () => {
    const [first] = row(LEAK, password, plain);
    expect(first).toMatch(
      /^the password +\[\{"value": "pa\/ss"w\+%rd"\}\] +\[\{"value": "\[REDACTED:db\.password\]"\}\]/,
    );
  });

  test('is plain without colour', () => {
    expect([rule(plain), heading(plain), ...row(LEAK, password, plain)].join('')).not.toContain('\u001b');
  });

  test('paints the password red and its replacement green', () => {
    const [first] = row(LEAK, password, coloured);
    expect(first).toContain(`\u001b[1;31m${password}\u001b[0m`);
    expect(first).toContain('\u001b[1;32m[REDACTED:db.password]\u001b[0m');
  });

  test.each([80, 100, 120])('fits into %d columns, however long the answers are', (columns) => {
    const long = answers(`${'x'.repeat(500)}${password}${'y'.repeat(500)}`, 'z'.repeat(1000));
    const lines = row(long, password, { columns, colour: false });
    expect(lines).toHaveLength(2);
    expect(Math.max(...lines.map((line) => line.trimEnd().length))).toBeLessThanOrEqual(columns);
    expect(lines.join('').replace(/ /g, '')).toContain('pa/ss');
  });

  test('says so when both are the same', () => {
    expect(row(answers('rows', 'rows'), password, plain).join('\n')).toContain('the same');
  });
});
