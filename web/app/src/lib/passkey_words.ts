// What a browser says that was asked for a passkey.
import { Refusal, Unreachable } from '../../../../client';
import type { Words } from '../words/en';
import { sentence } from './wrong';

export function passkeySentence(wrong: unknown, words: Words): string {
  if (wrong instanceof Refusal || wrong instanceof Unreachable) return sentence(wrong, words);
  const name = wrong instanceof Error ? wrong.name : '';
  if (name === 'InvalidStateError') return words.security.passkeyThere;
  if (name === 'NotAllowedError' || name === 'AbortError') return words.security.passkeyNot;
  return words.security.passkeyFailed;
}
