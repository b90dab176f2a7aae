// What a tab makes of what others tell it, where answers come late.
import { beforeEach, expect, it, vi } from 'vitest';

const origin = 'https://example.test';
/** The account that the session is in; nobody is logged in where there is none. */
let current: string | undefined;
/** Which account each request meant. */
let asked: (string | null)[] = [];
/** What lets each answer go that was given and is still on its way; none is kept where this is not there. */
let held: (() => void)[] | undefined;

async function fakeFetch(input: Request): Promise<Response> {
  const meant = input.headers.get('Acting-Account');
  asked.push(meant);
  const problem = !current
    ? { status: 401, type: '/problems/unauthenticated' }
    : meant && meant !== current
      ? { status: 409, type: '/problems/other-account' }
      : undefined;
  const said = JSON.stringify(problem ?? { account: current, role: 'owner' });
  if (held) await new Promise<void>((go) => held?.push(go));
  return new Response(said, { status: problem?.status ?? 200 });
}
class AbsoluteRequest extends Request {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    super(typeof input === 'string' ? new URL(input, origin) : input, init);
  }
}
class FakeChannel {
  static one: FakeChannel;
  onmessage: (event: { data: string }) => void = () => undefined;
  said: string[] = [];
  constructor() {
    FakeChannel.one = this;
  }
  postMessage(data: string) {
    this.said.push(data);
  }
}
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('BroadcastChannel', FakeChannel);
vi.stubGlobal('Request', AbsoluteRequest);
vi.stubGlobal('fetch', fakeFetch);
const { session } = await import('./session.svelte');

const hear = (data: string) => FakeChannel.one.onmessage({ data });
const settled = () => new Promise((go) => setTimeout(go, 20));
const under = (many: number) => vi.waitFor(() => expect(held).toHaveLength(many));
/** Lets the answer go that was given as the `nth`. */
async function arrive(nth: number) {
  held?.[nth]?.();
  await settled();
}

beforeEach(async () => {
  held = undefined;
  current = 'kari';
  await session.load();
  asked = [];
  FakeChannel.one.said = [];
});

it('is told that the session has gone to another account', async () => {
  current = 'ola';
  hear('ola');
  await vi.waitFor(() => expect(session.moved).toBe(true));
  expect(asked).toEqual(['kari']);
  current = 'kari';
  hear('kari');
  await vi.waitFor(() => expect(session.moved).toBe(false));
});

it('does not believe a tab that was in another account', async () => {
  hear('ola');
  await settled();
  expect(asked).toEqual(['kari']);
  expect(session.moved).toBe(false);
  hear('kari');
  await settled();
  expect(asked, 'what it knows is not asked').toEqual(['kari']);
});

it('looks at what it has heard while it was loading', async () => {
  held = [];
  void session.lookAgain();
  await under(1);
  current = 'ola';
  hear('ola');
  await arrive(0);
  expect(session.account?.account).toBe('kari');
  expect(FakeChannel.one.said).toEqual(['kari']);
  await under(2);
  await arrive(1);
  expect(session.moved).toBe(true);
});

it('asks nothing more where others have named the account that it is in', async () => {
  held = [];
  void session.lookAgain();
  await under(1);
  hear('kari');
  await arrive(0);
  expect(session.state).toBe('in');
  expect(asked).toEqual([null]);
});

it('is out where an answer from before comes last', async () => {
  held = [];
  void session.load();
  await under(1);
  current = undefined;
  hear('over');
  await under(2);
  await arrive(1);
  expect(session.state).toBe('out');
  await arrive(0);
  expect(session.state).toBe('out');
});

it('learns nothing of the account that it has left itself', async () => {
  held = [];
  current = 'ola';
  hear('ola');
  await under(1);
  void session.load();
  await under(2);
  await arrive(1);
  expect(session.account?.account).toBe('ola');
  await arrive(0);
  expect(session.moved).toBe(false);
});
