// What went wrong, as a sentence for her.
import { Refusal } from '../../../../client';
import type { Words } from '../words/en';

export function sentence(wrong: unknown, words: Words): string {
  const say = words.wrong;
  if (!(wrong instanceof Refusal)) return say.unreachable;
  if (wrong.is('exhausted', 'busy') && wrong.retryAfter !== undefined)
    return wrong.retryAfter > 90
      ? say.oftenMinutes(Math.ceil(wrong.retryAfter / 60))
      : say.often(wrong.retryAfter);
  if (wrong.is('unavailable')) return say.later;
  if (wrong.is('unauthenticated')) return say.over;
  if (wrong.is('denied')) return say.denied;
  if (wrong.is('other-account')) return say.moved;
  if (wrong.is('missing')) return say.missing;
  if (wrong.is('stale')) return say.changed;
  if (wrong.is('full')) return say.full;
  if (wrong.is('quota')) return say.quota;
  if (wrong.is('wrong-password')) return say.password;
  if (wrong.is('wrong-factor')) return say.factor;
  if (wrong.is('invalid', 'conflict') && wrong.problem) return capital(wrong.problem.detail);
  return say.failed;
}

/** The service's own words begin small, after the name of a field: `email: give an address`. */
function capital(detail: string): string {
  const text = detail.replace(/^[a-z_]+: /, '');
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}
