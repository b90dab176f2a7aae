import { expect, it } from 'vitest';
import { Refusal } from '../../../../client';
import { en } from '../words/en';
import { nb } from '../words/nb';
import { sentence } from './wrong';

it('says how long to wait, in the words for one and for more', () => {
  const busy = (after: number) =>
    new Refusal(429, { type: '/problems/exhausted' } as Refusal['problem'], after, undefined);
  expect(sentence(busy(1), en)).toBe('Too many tries. Wait 1 second.');
  expect(sentence(busy(2), en)).toBe('Too many tries. Wait 2 seconds.');
  expect(sentence(busy(91), en)).toBe('Too many tries. Wait 2 minutes.');
  expect(sentence(busy(1), nb)).toBe('For mange forsøk. Vent 1 sekund.');
});

it('says that what cannot be done now may be tried again', () => {
  const later = new Refusal(
    503,
    { type: '/problems/unavailable' } as Refusal['problem'],
    1,
    undefined,
  );
  expect(sentence(later, en)).toBe('This cannot be done just now. Try again in a moment.');
  expect(sentence(later, nb)).toBe('Dette går ikke akkurat nå. Prøv igjen om litt.');
});

it('says in her language that the session is in another account, and in no words of the service', () => {
  const problem = { type: '/problems/other-account', detail: 'this acts in another account' };
  const moved = new Refusal(409, problem as Refusal['problem'], undefined, undefined);
  expect(sentence(moved, nb)).toBe(nb.wrong.moved);
  expect(sentence(moved, en)).toBe(en.wrong.moved);
});
