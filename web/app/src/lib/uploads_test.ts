// Uploads against a service that keeps what it is sent, as far as they can tell.
import { beforeEach, describe, expect, it, vi } from 'vitest';

const origin = 'https://example.test';
const MIB = 1024 * 1024;
type Asked = { method: string; path: string; headers: Headers; size: number };
type Said = { status: number; type?: string; headers?: Record<string, string> };

class Service {
  asked: Asked[] = [];
  files = new Map<string, number>();
  parts = new Map<string, { path: string; length: number; offset: number }>();
  /** What happens before it answers: another puts a file, there is no network, or it refuses. */
  before: (asked: Asked) => Said | void = () => undefined;
  #count = 0;

  of(method: string): Asked[] {
    return this.asked.filter((each) => each.method === method);
  }
  answer(asked: Asked): Said {
    this.asked.push(asked);
    const refused = this.before(asked);
    if (refused) return refused;
    const { method, path, headers, size } = asked;
    const file = path.startsWith('/v1/files/') && decodeURIComponent(path.slice(10));
    const taken = (name: string) => headers.get('If-None-Match') === '*' && this.files.has(name);
    if (file) {
      if (method === 'HEAD') return { status: this.files.has(file) ? 200 : 404 };
      if (taken(file)) return { status: 412, type: 'stale' };
      this.files.set(file, size);
      return { status: 201 };
    }
    if (method === 'POST') {
      const named = /path (\S+?)(,|$)/.exec(headers.get('Upload-Metadata') ?? '')?.[1] ?? '';
      const address = `/v1/uploads/${(this.#count += 1)}`;
      const length = Number(headers.get('Upload-Length'));
      this.parts.set(address, { path: atob(named), length, offset: 0 });
      return { status: 201, headers: { Location: address } };
    }
    const begun = this.parts.get(path);
    if (!begun) return { status: 404, type: 'missing' };
    if (method === 'DELETE') this.parts.delete(path);
    if (method === 'PATCH') {
      if (taken(begun.path)) return { status: 412, type: 'stale' };
      begun.offset += size;
      if (begun.offset === begun.length) {
        this.files.set(begun.path, begun.length);
        this.parts.delete(path);
      }
    }
    return { status: 200, headers: { 'Upload-Offset': String(begun.offset) } };
  }
}
let service = new Service();

const spoken = ({ status, type }: Said) =>
  JSON.stringify(type ? { type: `/problems/${type}`, title: type, status, detail: type } : {});

class FakeRequest {
  status = 0;
  responseText = '';
  upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  #asked: Asked = { method: '', path: '', headers: new Headers(), size: 0 };
  #said: Said = { status: 0 };

  open(method: string, address: string) {
    Object.assign(this.#asked, { method, path: new URL(address, origin).pathname });
  }
  setRequestHeader(name: string, value: string) {
    this.#asked.headers.set(name, value);
  }
  getResponseHeader(name: string) {
    return this.#said.headers?.[name] ?? null;
  }
  abort() {
    this.status = 0;
  }
  send(body: Blob) {
    this.#asked.size = body.size;
    setTimeout(() => {
      try {
        this.#said = service.answer(this.#asked);
      } catch {
        this.onerror?.();
        return;
      }
      this.status = this.#said.status;
      this.responseText = spoken(this.#said);
      this.upload.onprogress?.({ loaded: body.size });
      this.onload?.();
    });
  }
}
async function fakeFetch(input: string | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  const path = new URL(request.url).pathname;
  const said = service.answer({ method: request.method, path, headers: request.headers, size: 0 });
  const body = request.method === 'HEAD' ? null : spoken(said);
  const response = new Response(body, { status: said.status, headers: said.headers });
  Object.defineProperty(response, 'url', { value: request.url });
  return response;
}
class AbsoluteRequest extends Request {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    super(typeof input === 'string' ? new URL(input, origin) : input, init);
  }
}
vi.stubGlobal('navigator', { onLine: true, languages: ['en'] });
vi.stubGlobal('location', { href: `${origin}/app` });
vi.stubGlobal('document', { documentElement: {} });
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('removeEventListener', () => undefined);
vi.stubGlobal(
  'BroadcastChannel',
  class {
    postMessage() {}
  },
);
vi.stubGlobal('Request', AbsoluteRequest);
vi.stubGlobal('fetch', fakeFetch);
vi.stubGlobal('XMLHttpRequest', FakeRequest);
const { session } = await import('./session.svelte');
const { said } = await import('./said.svelte');
const { Unreadable, dropped, uploads } = await import('./uploads.svelte');

const become = (account: string) => (session.account = { account } as typeof session.account);
const file = (name: string, bytes: number) => new File([new Uint8Array(bytes)], name);
const add = (...files: File[]) =>
  uploads.add(
    '',
    files.map((each) => ({ file: each, name: each.name })),
  );
const states = () => uploads.list.map(({ state }) => state);
const reach = (...wanted: string[]) => vi.waitFor(() => expect(states()).toEqual(wanted));
const notes = () => said.notes.map(({ text }) => text);
const first = () => {
  const each = uploads.list[0];
  if (!each) throw new Error('nothing is uploaded');
  return each;
};

beforeEach(() => {
  uploads.cancelAll();
  uploads.close();
  said.notes = [];
  service = new Service();
  become('kari');
});

describe('a large file', () => {
  const large = file('Film.bin', 9 * MIB);
  /** Another puts a file of that name when `part` comes. */
  const takenBefore = (part: number) => {
    service.before = ({ method }) => {
      if (method === 'PATCH' && service.of('PATCH').length === part)
        service.files.set('Film.bin', 1);
    };
  };

  it('goes in parts, each only where nothing has its name', async () => {
    add(large);
    await reach('done');
    const sent = service.of('PATCH');
    expect(sent.map(({ size }) => size)).toEqual([4 * MIB, 4 * MIB, MIB]);
    for (const each of [...service.of('POST'), ...sent])
      expect(each.headers.get('If-None-Match')).toBe('*');
  });
  it('asks where its name was taken meanwhile, and replaces when told', async () => {
    takenBefore(3);
    add(large);
    await reach('exists');
    expect(service.files.get('Film.bin')).toBe(1);
    uploads.again(first(), 'replace');
    await reach('done');
    expect(service.files.get('Film.bin')).toBe(9 * MIB);
    expect(service.of('PATCH')).toHaveLength(4);
    expect(service.of('PATCH')[3]?.headers.get('If-None-Match')).toBeNull();
  });
  it('begins anew under another name, and gives up what has come', async () => {
    takenBefore(2);
    add(large);
    await reach('exists');
    uploads.again(first(), 'both');
    await reach('done');
    expect([...service.files]).toEqual([
      ['Film.bin', 1],
      ['Film (2).bin', 9 * MIB],
    ]);
    expect(service.of('DELETE').map(({ path }) => path)).toEqual(['/v1/uploads/1']);
    expect(service.parts.size).toBe(0);
  });
  it('takes the next name that is free, in one go, and sends nothing before', async () => {
    for (const name of ['Film.bin', 'Film (2).bin', 'Film (3).bin']) service.files.set(name, 1);
    add(large);
    await reach('exists');
    uploads.again(first(), 'both');
    await reach('done');
    expect(service.files.get('Film (4).bin')).toBe(9 * MIB);
    expect(service.of('POST')).toHaveLength(1);
  });
  it('takes the next one also where it is taken while it is sent', async () => {
    service.files.set('Film.bin', 1);
    add(large);
    await reach('exists');
    service.before = ({ method }) => {
      if (method === 'PATCH' && service.of('PATCH').length === 2)
        service.files.set('Film (2).bin', 1);
    };
    uploads.again(first(), 'both');
    await reach('done');
    expect([service.files.get('Film (2).bin'), service.files.get('Film (3).bin')]).toEqual([
      1,
      9 * MIB,
    ]);
    expect(service.parts.size).toBe(0);
  });
  it('that was interrupted replaces nothing either, nor one that has expired', async () => {
    service.files.set('Film.bin', 1);
    service.parts.set('/v1/uploads/7', { path: 'Film.bin', length: 9 * MIB, offset: 4 * MIB });
    uploads.goOn(large, 'Film.bin', '/v1/uploads/7');
    uploads.goOn(large, 'Film.bin', '/v1/uploads/8');
    await reach('exists', 'exists');
    expect(service.files.get('Film.bin')).toBe(1);
  });
});

describe('the same name twice', () => {
  for (const size of [10, 5 * MIB])
    it(`asks for the second of ${size} bytes`, async () => {
      add(file('a.bin', size), file('a.bin', size + 1));
      await reach('done', 'exists');
      expect(service.files.get('a.bin')).toBe(size);
      // A large one is not sent before it is seen that it has to ask.
      if (size > MIB) expect(service.of('POST')).toHaveLength(1);
    });
});

describe('the account', () => {
  it('is the one in which an upload was begun', async () => {
    const kept = uploads.kept.count;
    add(file('a.bin', 5 * MIB));
    service.files.set('b.bin', 1);
    add(file('b.bin', 5 * MIB));
    become('olga');
    await reach('done', 'exists');
    const both = uploads.list[1];
    if (both) uploads.again(both, 'both');
    await reach('done', 'done');
    expect(new Set(service.asked.map(({ headers }) => headers.get('Acting-Account')))).toEqual(
      new Set(['kari']),
    );
    expect(uploads.kept.count).toBe(kept);
  });
  it('is that of what is given up as well', async () => {
    service.parts.set('/v1/uploads/9', { path: 'a.bin', length: 9, offset: 1 });
    service.files.set('a.bin', 1);
    uploads.goOn(file('a.bin', 9), 'a.bin', '/v1/uploads/9');
    await reach('exists');
    become('olga');
    uploads.cancel(first());
    await vi.waitFor(() => expect(service.parts.size).toBe(0));
    expect(service.of('DELETE')[0]?.headers.get('Acting-Account')).toBe('kari');
  });
});

describe('a file that cannot be read', () => {
  class Gone extends File {
    override slice(): Blob {
      return { size: this.size, arrayBuffer: () => Promise.reject(new Error('gone')) } as never;
    }
  }
  for (const size of [10, 5 * MIB])
    it(`is not waited for, of ${size} bytes`, async () => {
      service.before = ({ method }) => {
        if (method === 'PUT' || method === 'PATCH') throw new Error('nothing could be sent');
      };
      add(new Gone([new Uint8Array(size)], 'a.bin'));
      await reach('failed');
      expect(first().wrong).toBeInstanceOf(Unreadable);
    });
  it('is told from a network that is away', async () => {
    service.before = ({ method }) => {
      if (method === 'PUT') throw new Error('no network');
    };
    add(file('a.bin', 10));
    await reach('paused');
  });
  it('is left out of a folder that was dropped, and counted', async () => {
    const inside = ['a.txt', 'b.txt', 'c.txt'].map((name) => ({
      isFile: true,
      name,
      file: (resolve: (file: File) => void, reject: (wrong: Error) => void) =>
        name === 'b.txt' ? reject(new Error('gone')) : resolve(file(name, 1)),
    }));
    const closed = {
      name: 'Closed',
      createReader: () => ({ readEntries: (_: unknown, reject: () => void) => reject() }),
    };
    const given = [[...inside, closed], []];
    const folder = {
      name: 'Drawings',
      createReader: () => ({
        readEntries: (resolve: (some: unknown) => void) => resolve(given.shift()),
      }),
    };
    const item = { kind: 'file', webkitGetAsEntry: () => folder };
    const incoming = await dropped({ items: [item] } as unknown as DataTransfer, '');
    expect(incoming.map(({ name }) => name)).toEqual(['Drawings/a.txt', 'Drawings/c.txt']);
    expect(notes()).toEqual(['2 files cannot be read, and are not kept.']);
  });
});

describe('a small file that is kept beside', () => {
  it('takes the next name that is free, and is sent once', async () => {
    for (const name of ['a.txt', 'a (2).txt', 'a (3).txt']) service.files.set(name, 1);
    add(file('a.txt', 10));
    await reach('exists');
    uploads.again(first(), 'both');
    await reach('done');
    expect(service.files.get('a (4).txt')).toBe(10);
    expect(service.of('PUT').map(({ path }) => path)).toEqual([
      '/v1/files/a.txt',
      '/v1/files/a%20(4).txt',
    ]);
  });
  it('asks again where there are too many of its name', async () => {
    service.before = ({ method }) => (method === 'HEAD' ? { status: 200 } : undefined);
    service.files.set('a.txt', 1);
    add(file('a.txt', 10));
    await reach('exists');
    uploads.again(first(), 'both');
    await vi.waitFor(() => expect(service.of('HEAD')).toHaveLength(100));
    await reach('exists');
    expect(service.of('PUT')).toHaveLength(1);
  });
  it('stays cancelled where it is cancelled while its name is looked at', async () => {
    service.files.set('a.bin', 1);
    service.before = ({ method }) => {
      if (method === 'HEAD') uploads.cancel(first());
    };
    add(file('a.bin', 5 * MIB));
    await reach('cancelled');
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(states()).toEqual(['cancelled']);
  });
});

describe('whoever goes', () => {
  const begun = async () => {
    service.files.set('a.bin', 1);
    service.parts.set('/v1/uploads/9', { path: 'a.bin', length: 9, offset: 1 });
    uploads.goOn(file('a.bin', 9), 'a.bin', '/v1/uploads/9');
    await reach('exists');
  };
  it('is asked where files are not kept yet, and nothing is given up unless she says so', async () => {
    await begun();
    const stays = uploads.leave();
    expect(uploads.question?.count).toBe(1);
    uploads.question?.answer(false);
    expect(await stays).toBe(false);
    expect([uploads.question, states()]).toEqual([undefined, ['exists']]);
    const goes = uploads.leave();
    uploads.question?.answer(true);
    expect(await goes).toBe(true);
    expect([service.parts.size, states()]).toEqual([0, []]);
    uploads.lose();
    expect(notes()).toEqual([]);
  });
  it('is only asked where she cancels: until that is done, everything goes on', async () => {
    await begun();
    const goes = uploads.mayGo();
    uploads.question?.answer(true);
    expect([await goes, states()]).toEqual([true, ['exists']]);
    uploads.drop();
    expect([states(), service.of('DELETE'), notes()]).toEqual([[], [], []]);
  });
  it('is not asked where all are', async () => {
    add(file('a.bin', 1));
    await reach('done');
    expect(await uploads.leave()).toBe(true);
  });
  it('is told what was not kept, where a session has ended', async () => {
    await begun();
    uploads.lose('kari');
    expect([notes(), states()]).toEqual([[], ['exists']]);
    uploads.lose();
    expect([notes(), states()]).toEqual([['1 file was not kept.'], []]);
    // It is offered again to her who comes back.
    expect(service.parts.size).toBe(1);
  });
  it('and comes into another account, too', async () => {
    await begun();
    uploads.lose('olga');
    expect([notes(), states()]).toEqual([['1 file was not kept.'], []]);
  });
});

describe('what failed', () => {
  it('stays, whatever is added and kept after it', async () => {
    service.before = ({ path }) =>
      path.endsWith('a.bin') ? { status: 507, type: 'quota' } : undefined;
    add(file('a.bin', 1));
    await reach('failed');
    add(file('b.bin', 1));
    await reach('failed', 'done');
    uploads.closeSettled();
    expect(states()).toEqual(['failed', 'done']);
    uploads.add('', []);
    expect(states()).toEqual(['failed']);
  });
});
