import { describe, expect, it } from 'vitest';
import {
  Refusal,
  Unreachable,
  answer,
  connect,
  encodePath,
  fileAddress,
  refusedAs,
  versionAddress,
} from '.';
import { fillPath } from './paths';

type Asked = { url: string; method: string; headers: Headers };

function served(status: number, body: unknown, headers: Record<string, string> = {}) {
  const asked: Asked[] = [];
  const fetch = (async (request: Request) => {
    asked.push({ url: request.url, method: request.method, headers: request.headers });
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  }) as typeof globalThis.fetch;
  return { asked, fetch };
}
const baseUrl = 'https://example.test';

describe('paths', () => {
  it('keep their slashes and encode each name', () => {
    expect(encodePath('Clients/Bergen Verft/50 % ø?#.txt')).toBe(
      'Clients/Bergen%20Verft/50%20%25%20%C3%B8%3F%23.txt',
    );
    expect(fillPath('/v1/files/{path}', { path: 'a b/' })).toBe('/v1/files/a%20b/');
    expect(fillPath('/v1/tokens/{token}', { token: 'a/b' })).toBe('/v1/tokens/a%2Fb');
  });
  it('of bytes name the account that is meant', () => {
    expect(fileAddress('a b/c.txt')).toBe('/v1/files/a%20b/c.txt');
    expect(fileAddress('c.txt', { baseUrl, account: 'abc' })).toBe(
      `${baseUrl}/v1/files/c.txt?account=abc`,
    );
    expect(versionAddress('c.txt', 'v&1', { account: 'abc' })).toBe(
      '/v1/versions/c.txt?version=v%261&account=abc',
    );
  });
});

describe('connect', () => {
  it('asks for a folder by its path, for the account that is meant', async () => {
    const { asked, fetch } = served(200, { entries: [] });
    const scalign = connect({ baseUrl, fetch, account: () => 'abc' });
    const path = 'Clients/Bergen Verft/';
    await answer(scalign.GET('/v1/files/{path}', { params: { path: { path } } }));
    expect(asked[0]?.url).toBe(`${baseUrl}/v1/files/Clients/Bergen%20Verft/`);
    expect(asked[0]?.headers.get('Acting-Account')).toBe('abc');
    expect(asked[0]?.headers.get('Authorization')).toBeNull();
  });

  it('comes in with a token', async () => {
    const { asked, fetch } = served(200, {});
    await answer(connect({ baseUrl, fetch, token: 'scal_pat_x' }).GET('/v1/account'));
    expect(asked[0]?.headers.get('Authorization')).toBe('Bearer scal_pat_x');
  });

  it('throws what the server refuses, with what to do', async () => {
    const problem = { type: '/problems/exhausted', title: 'T', status: 429, detail: 'wait' };
    const { fetch } = served(429, problem, { 'Retry-After': '7', 'X-Request-Id': 'r1' });
    const wrong = await answer(connect({ baseUrl, fetch }).GET('/v1/account')).catch((e) => e);
    expect(wrong).toBeInstanceOf(Refusal);
    expect(wrong).toMatchObject({ status: 429, retryAfter: 7, request: 'r1', message: 'wait' });
    expect(refusedAs(wrong, 'exhausted')).toBe(true);
    expect(refusedAs(wrong, 'step-up', 'denied')).toBe(false);
  });

  it('throws a refusal of whoever stands before the server', async () => {
    const fetch = (async () =>
      new Response('<h1>Bad gateway</h1>', { status: 502 })) as typeof globalThis.fetch;
    const wrong = await answer(connect({ baseUrl, fetch }).GET('/v1/account')).catch((e) => e);
    expect(wrong).toMatchObject({ status: 502, problem: undefined });
  });

  it('tells silence from a refusal', async () => {
    const fetch = (async () => {
      throw new TypeError('Failed to fetch');
    }) as typeof globalThis.fetch;
    await expect(answer(connect({ baseUrl, fetch }).GET('/v1/account'))).rejects.toBeInstanceOf(
      Unreachable,
    );
  });
});
