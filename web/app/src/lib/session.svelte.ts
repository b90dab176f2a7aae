// Who uses the application, and in which account. Each request names that account, so that one in an
// old tab does nothing in another to which the session has moved since.
import { Refusal, answer, connect, refusedAs, type Schema } from '../../../../client';

/** Where the application's tabs tell each other that who used it is out. */
const tabs = new BroadcastChannel('session');

class Session {
  account = $state<Schema<'Account'>>();
  /** What is left when an account was erased: it exists here alone. */
  receipt = $state.raw<Schema<'Receipt'>>();
  state = $state<'loading' | 'in' | 'out' | 'unreachable' | 'failed'>('loading');

  mayWrite = $derived(this.account !== undefined && this.account.role !== 'reader');
  manages = $derived(this.account?.role === 'owner' || this.account?.role === 'admin');

  async load() {
    try {
      this.account = await answer(connect().GET('/v1/account'));
      this.state = 'in';
    } catch (wrong) {
      if (refusedAs(wrong, 'unauthenticated')) this.end();
      else this.state = wrong instanceof Refusal ? 'failed' : 'unreachable';
    }
  }
  end() {
    this.account = undefined;
    this.state = 'out';
  }
  /** Asks anew who is there, and shows nothing until it is known. */
  async lookAgain() {
    this.state = 'loading';
    await this.load();
  }
  /** Logs out, in whichever account the session is; throws where that may not have happened. */
  async leave() {
    try {
      await answer(connect().POST('/v1/logout'));
    } catch (wrong) {
      if (!refusedAs(wrong, 'unauthenticated')) throw wrong;
    }
    this.end();
    tabs.postMessage('over');
  }
  /** The account is gone, and what shows it is here. */
  erased(receipt: Schema<'Receipt'>) {
    this.receipt = receipt;
    tabs.postMessage('over');
  }
}
export const session = new Session();
tabs.onmessage = () => {
  if (session.state !== 'out') void session.lookAgain();
};
// A page that the browser had put by, and shows again by its Back, may be somebody else's by now.
addEventListener('pageshow', (event) => {
  if (event.persisted) void session.lookAgain();
});

export const scalign = connect({ account: () => session.account?.account });

/** The headers that a request needs which does not go through `scalign`. */
export const acting = (): Record<string, string> =>
  session.account ? { 'Acting-Account': session.account.account } : {};

/** answer(), and the session is over where the server says so. */
export async function ask<Data>(asked: Parameters<typeof answer<Data>>[0]): Promise<Data> {
  try {
    return await answer(asked);
  } catch (wrong) {
    if (refusedAs(wrong, 'unauthenticated')) session.end();
    throw wrong;
  }
}
