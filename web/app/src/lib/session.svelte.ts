// Who uses the application, and in which account. Each request names that account, so that one in an
// old tab does nothing in another to which the session has moved since.
import {
  Refusal,
  answer,
  connect,
  fileAddress,
  refusedAs,
  versionAddress,
  type Schema,
} from '../../../../client';

/** Where the application's tabs tell each other that who used it is out, or which account she is in. */
const tabs = new BroadcastChannel('session');

class Session {
  account = $state<Schema<'Account'>>();
  /** What is left when an account was erased: it exists here alone. */
  receipt = $state.raw<Schema<'Receipt'>>();
  state = $state<'loading' | 'in' | 'out' | 'unreachable' | 'failed'>('loading');

  /** Whether the session goes on in another account than this tab shows. */
  moved = $state(false);

  mayWrite = $derived(this.account !== undefined && this.account.role !== 'reader');
  manages = $derived(this.account?.role === 'owner' || this.account?.role === 'admin');

  // Of what was asked, only the newest is believed: an answer may be long in coming.
  #loads = 0;
  #loading = false;
  #checks = 0;
  /** The accounts that other tabs have named while this one was loading. */
  readonly #named = new Set<string>();

  async load() {
    const nth = (this.#loads += 1);
    this.#loading = true;
    this.#named.clear();
    try {
      const account = await answer(connect().GET('/v1/account'));
      if (nth !== this.#loads) return;
      this.#loading = false;
      this.account = account;
      this.state = 'in';
      this.moved = false;
      tabs.postMessage(account.account);
      this.#named.delete(account.account);
      if (this.#named.size > 0) void this.check();
    } catch (wrong) {
      if (nth !== this.#loads) return;
      this.#loading = false;
      if (refusedAs(wrong, 'unauthenticated')) this.end();
      else this.state = wrong instanceof Refusal ? 'failed' : 'unreachable';
    }
  }
  end() {
    this.account = undefined;
    this.moved = false;
    this.state = 'out';
  }
  /** Asks anew who is there, and shows nothing until it is known. */
  async lookAgain() {
    this.state = 'loading';
    await this.load();
  }
  /** What a refusal says of the session itself. */
  learn(wrong: unknown) {
    if (refusedAs(wrong, 'unauthenticated')) this.end();
    if (refusedAs(wrong, 'other-account')) this.moved = true;
  }
  /** Looks whether this is her account still: of what the browser asks by itself, nobody hears why it failed. */
  async check() {
    const nth = (this.#checks += 1);
    const loads = this.#loads;
    const newest = () => nth === this.#checks && loads === this.#loads;
    try {
      await answer(scalign.GET('/v1/account'));
      if (newest()) this.moved = false;
    } catch (wrong) {
      if (newest()) this.learn(wrong);
    }
  }
  /** Another tab says that it is in `account`: it may have been, so the service is asked. */
  heard(account: string) {
    if (this.#loading) this.#named.add(account);
    else if (this.state === 'in' && this.moved !== (account !== this.account?.account))
      void this.check();
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
tabs.onmessage = ({ data }: MessageEvent<string>) => {
  if (data !== 'over') session.heard(data);
  else if (session.state !== 'out') void session.lookAgain();
};
// A page that the browser had put by, and shows again by its Back, may be somebody else's by now.
addEventListener('pageshow', (event) => {
  if (event.persisted) void session.lookAgain();
});

export const scalign = connect({ account: () => session.account?.account });

/** The headers that a request needs which does not go through `scalign`. */
export const acting = (): Record<string, string> =>
  session.account ? { 'Acting-Account': session.account.account } : {};

/** Where a file's bytes are, and those of an earlier version, for what cannot have a header. */
export const bytesOf = (path: string, version?: string): string => {
  const options = { account: session.account?.account };
  return version === undefined
    ? fileAddress(path, options)
    : versionAddress(path, version, options);
};

/** answer(), and what a refusal says of the session is learnt. */
export async function ask<Data>(asked: Parameters<typeof answer<Data>>[0]): Promise<Data> {
  try {
    return await answer(asked);
  } catch (wrong) {
    session.learn(wrong);
    throw wrong;
  }
}
