import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { startupDeadline, type StartupDeadline } from '../../src/relay/startup.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function watched(milliseconds: number): { deadline: StartupDeadline; said: string[] } {
  const said: string[] = [];
  const onSlow = (waited: number): void => void said.push(`slow after ${waited}`);
  return { said, deadline: startupDeadline({ milliseconds, onSlow, onMissed: () => said.push('missed') }) };
}

test('nothing is waited for before the first question; then a word, then the end, once each', () => {
  const { deadline, said } = watched(60_000);
  jest.advanceTimersByTime(120_000);
  expect(said).toEqual([]);
  deadline.asked();
  deadline.asked();
  jest.advanceTimersByTime(4_999);
  expect(said).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(said).toEqual(['slow after 5000']);
  jest.advanceTimersByTime(120_000);
  deadline.asked();
  jest.advanceTimersByTime(120_000);
  expect(said).toEqual(['slow after 5000', 'missed']);
});

test('a server that has written in time is left alone', () => {
  const { deadline, said } = watched(60_000);
  deadline.asked();
  deadline.met();
  deadline.asked();
  jest.advanceTimersByTime(120_000);
  expect(said).toEqual([]);
});

test('a short deadline has no word before it', () => {
  const { deadline, said } = watched(300);
  deadline.asked();
  jest.advanceTimersByTime(120_000);
  expect(said).toEqual(['missed']);
});
