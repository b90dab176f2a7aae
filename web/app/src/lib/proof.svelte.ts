// What cannot be undone asks once more who she is: through() carries it out, and where the service
// wants a recent proof first, asks for one and carries it out then. Whoever goes elsewhere meanwhile, or
// is out, has given it up.
import { startAuthentication } from '@simplewebauthn/browser';
import { refusedAs, type Schema } from '../../../../client';
import { ask, scalign } from './session.svelte';

/** Whoever closed the question has decided not to. */
export class GivenUp extends Error {}

interface Secret {
  password: string;
  code?: string;
  recovery_code?: string;
}

/** Six digits are the app's; whatever else is one of the recovery codes. */
export function secretOf(password: string, second: string): Secret {
  const typed = second.trim();
  if (typed === '') return { password };
  const digits = typed.replaceAll(/\s/g, '');
  return /^\d{6}$/.test(digits) ? { password, code: digits } : { password, recovery_code: typed };
}

class Proof {
  asked = $state.raw<{ resolve: () => void; reject: (wrong: unknown) => void }>();

  #left = 0;

  async through<T>(act: () => Promise<T>): Promise<T> {
    const left = this.#left;
    try {
      return await act();
    } catch (wrong) {
      if (!refusedAs(wrong, 'step-up')) throw wrong;
    }
    if (left !== this.#left) throw new GivenUp();
    this.giveUp();
    await new Promise<void>((resolve, reject) => (this.asked = { resolve, reject }));
    return act();
  }
  async give(secret: Secret) {
    await ask(scalign.POST('/v1/proof', { body: secret }));
    this.#end()?.resolve();
  }
  async givePasskey() {
    const optionsJSON = await ask(scalign.POST('/v1/proof/options'));
    const passkey = await answered(optionsJSON);
    await ask(scalign.POST('/v1/proof', { body: { passkey } }));
    this.#end()?.resolve();
  }
  giveUp() {
    this.#end()?.reject(new GivenUp());
  }
  /** She has gone elsewhere: nothing that is under way asks her any more. */
  leave() {
    this.#left += 1;
    this.giveUp();
  }
  #end() {
    const asked = this.asked;
    this.asked = undefined;
    return asked;
  }
}
export const proof = new Proof();

type Asked = Schema<'PasskeyRequest'>;
export async function answered(options: Asked): Promise<Schema<'PasskeyAssertion'>> {
  type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];
  return startAuthentication({ optionsJSON: options as unknown as Options });
}
