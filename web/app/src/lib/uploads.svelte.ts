// Files on their way in: three at a time, each with its progress, into the account in which it was
// begun. One that meets a broken connection waits and goes on by itself; one whose name is taken asks,
// also where it was taken only meanwhile: nothing is replaced unasked.
import {
  Refusal,
  Unreachable,
  answer,
  connect,
  giveUp,
  partBytes,
  refusedAs,
  upload,
  uploadInParts,
  type Parts,
} from '../../../../client';
import { spoken } from './language.svelte';
import { network } from './online.svelte';
import { another, join, nameOf, parent } from './paths';
import { said } from './said.svelte';
import { acting, ask, scalign, session } from './session.svelte';
import { sentence } from './wrong';

const AT_ONCE = 3;
const RETRY_MS = 2000;
const GIVE_UP_MS = 3000;
const NAMES_MAX = 100;

export class Upload {
  sent = $state(0);
  state = $state<'waiting' | 'sending' | 'paused' | 'exists' | 'done' | 'failed' | 'cancelled'>(
    'waiting',
  );
  wrong = $state<unknown>();
  path = $state('');
  overwrite = false;
  /** Kept beside what has its name, under the next one that is free. */
  beside = false;
  /** Of a large one: where the server has what has come of it. */
  readonly parts: Parts = {};
  /** The account that it is for, whatever the tab has become since. */
  readonly account = session.account?.account;
  readonly headers = acting();
  /** Names that it has asked for already. */
  readonly tried = new Set<string>();
  readonly control = new AbortController();

  constructor(
    readonly file: File,
    readonly meant: string,
    readonly id: number,
  ) {
    this.path = meant;
  }
  get name(): string {
    return nameOf(this.path);
  }
  get over(): boolean {
    return this.state === 'failed' || this.settled;
  }
  /** Whether there is nothing more to be done about it. */
  get settled(): boolean {
    return this.state === 'done' || this.state === 'cancelled';
  }
}

/** The file was moved, changed or removed since it was chosen: no network brings it back. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

export interface Incoming {
  file: File;
  /** Within the folder it was dropped on: `Drawings/a.pdf`. */
  name: string;
}

class Uploads {
  list = $state<Upload[]>([]);
  /** Counts what has been kept, for whoever shows a folder. */
  kept = $state<{ folder: string; count: number }>({ folder: '', count: 0 });
  /** Whoever means to go is asked: so many files are not kept yet. */
  question = $state.raw<{ count: number; answer: (go: boolean) => void }>();
  #next = 1;
  #running = 0;

  active = $derived(this.list.filter((each) => !each.over));
  #counted = $derived(
    this.list.filter(({ state }) => !['cancelled', 'exists', 'failed'].includes(state)),
  );
  bytes = $derived(this.#counted.reduce((sum, each) => sum + each.file.size, 0));
  sent = $derived(this.#counted.reduce((sum, each) => sum + each.sent, 0));

  add(folder: string, incoming: readonly Incoming[]) {
    this.#tidy();
    for (const { file, name } of incoming)
      this.list.push(new Upload(file, join(folder, name), this.#next++));
    this.#run();
  }
  /** With what the server has of it at `address` already. */
  goOn(file: File, path: string, address: string) {
    this.#tidy();
    const each = new Upload(file, path, this.#next++);
    each.parts.address = address;
    this.list.push(each);
    this.#run();
  }
  /** What was not kept stays in sight until it is closed, or kept. */
  #tidy() {
    if (this.active.length === 0) this.list = this.list.filter(({ settled }) => !settled);
  }
  has(address: string): boolean {
    return this.list.some(
      (each) =>
        each.parts.address !== undefined &&
        new URL(each.parts.address, location.href).pathname === address,
    );
  }
  cancel(each: Upload) {
    void this.#end(each);
    this.#run();
  }
  cancelAll() {
    for (const each of this.active) void this.#end(each);
  }
  /** Before she goes: asks where files are not kept yet, and says whether to go. */
  async mayGo(): Promise<boolean> {
    const count = this.active.length;
    if (count === 0) return true;
    const go = await new Promise<boolean>((answer) => (this.question = { count, answer }));
    this.question = undefined;
    return go;
  }
  /** The same before she is out or in another account, and where she goes, gives up what is not kept. */
  async leave(): Promise<boolean> {
    if (!(await this.mayGo())) return false;
    // While the server knows her still; it gives up by itself what it is not told of.
    const ended = Promise.all(this.active.map((each) => this.#end(each)));
    this.close();
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, GIVE_UP_MS))]);
    return true;
  }
  /** The account is gone, and with it whatever had come of them: she was asked. */
  drop() {
    for (const each of this.active) {
      each.state = 'cancelled';
      each.control.abort();
    }
    this.close();
  }
  /** What is not for `account` cannot be sent any more, and it is said how much that was. */
  lose(account?: string) {
    const others = this.list.filter((each) => account === undefined || each.account !== account);
    const lost = others.filter(({ settled }) => !settled);
    this.list = this.list.filter((each) => !others.includes(each));
    for (const each of lost) each.state = 'cancelled';
    for (const each of lost) each.control.abort();
    if (account === undefined) this.question?.answer(false);
    if (lost.length > 0) said.note(spoken.words.uploads.lost(lost.length), { kind: 'wrong' });
  }
  again(each: Upload, how: 'again' | 'replace' | 'both') {
    if (how !== 'again') each.beside = how === 'both';
    if (how === 'replace') each.overwrite = true;
    if (how === 'both') this.#rename(each);
    each.wrong = undefined;
    each.state = 'waiting';
    this.#run();
  }
  close() {
    this.list = [];
  }
  /** Unless something was not kept, or has begun since. */
  closeSettled() {
    if (this.list.every(({ settled }) => settled)) this.close();
  }

  /** The server holds what has come of it under the name that is taken: it begins anew with another. */
  #rename(each: Upload) {
    void this.#giveUp(each);
    each.sent = 0;
    each.overwrite = false;
    each.tried.add(each.path);
    const folder = parent(each.meant);
    const taken = (path: string) =>
      each.tried.has(path) || this.list.some((other) => other !== each && other.path === path);
    each.path = folder + another(nameOf(each.meant), (name) => taken(folder + name));
  }
  /** Something has its name. */
  #meet(each: Upload) {
    if (each.beside && each.tried.size < NAMES_MAX) {
      this.#rename(each);
      each.state = 'waiting';
    } else each.state = 'exists';
  }
  #end(each: Upload): Promise<void> {
    each.state = 'cancelled';
    each.control.abort();
    return this.#giveUp(each);
  }
  async #giveUp(each: Upload) {
    const { address } = each.parts;
    if (address === undefined) return;
    delete each.parts.address;
    await giveUp({ address }, each.headers).catch(() => undefined);
  }

  #run() {
    while (this.#running < AT_ONCE) {
      const next = this.list.find((each) => each.state === 'waiting' && !this.#follows(each));
      if (!next) return;
      this.#running += 1;
      next.state = 'sending';
      void this.#send(next).finally(() => {
        this.#running -= 1;
        this.#run();
      });
    }
  }
  /** Whether another is under way to the same name: it is seen then whether that is taken. */
  #follows(each: Upload): boolean {
    return this.list.some(
      (other) =>
        (other.state === 'sending' || other.state === 'paused') &&
        other.path === each.path &&
        other.account === each.account,
    );
  }
  async #send(each: Upload) {
    const options = {
      headers: each.headers,
      signal: each.control.signal,
      onlyNew: !each.overwrite,
      onProgress: (bytes: number) => (each.sent = Math.min(bytes, each.file.size)),
    };
    try {
      const large = each.file.size > partBytes;
      const begun = each.parts.address !== undefined;
      if ((large || each.beside) && !each.overwrite && !begun && (await this.#taken(each))) {
        if (!each.over) this.#meet(each);
        return;
      }
      if (large || begun) {
        await uploadInParts(each.path, each.file, each.parts, options);
      } else {
        each.sent = 0;
        await upload(each.path, each.file, options);
      }
      each.sent = each.file.size;
      each.state = 'done';
      if (each.account === session.account?.account)
        this.kept = { folder: parent(each.path), count: this.kept.count + 1 };
    } catch (failure) {
      const wrong = await reasonOf(failure, each.file);
      if (each.over) return;
      each.wrong = wrong;
      if (passes(wrong)) this.#waitForNetwork(each);
      else if (refusedAs(wrong, 'stale')) this.#meet(each);
      else each.state = 'failed';
      if (wrong instanceof Refusal && wrong.status === 401) session.end();
      else if (each.account === session.account?.account) session.learn(wrong);
    }
  }
  /** Before so much is sent; the server looks once more, when it has come. */
  async #taken({ path, account }: Upload): Promise<boolean> {
    try {
      const there = connect({ account: () => account });
      await answer(there.HEAD('/v1/files/{path}', { params: { path: { path } } }));
      return true;
    } catch (wrong) {
      // It is refused without a word: what is asked next says that it is another account.
      if (wrong instanceof Refusal && [404, 409].includes(wrong.status)) return false;
      throw wrong;
    }
  }
  #waitForNetwork(each: Upload) {
    each.state = 'paused';
    const resume = () => {
      removeEventListener('online', resume);
      if (each.state !== 'paused') return;
      if (!network.online) {
        addEventListener('online', resume);
        return;
      }
      each.state = 'waiting';
      this.#run();
    };
    if (network.online) setTimeout(resume, RETRY_MS);
    else addEventListener('online', resume);
  }
}
export const uploads = new Uploads();

/** A browser says the same of a file that it cannot read as of a server that does not answer. */
async function reasonOf(failure: unknown, file: File): Promise<unknown> {
  if (!(failure instanceof Unreachable)) return failure;
  try {
    await file.slice(0, 1).arrayBuffer();
    return failure;
  } catch (cause) {
    return new Unreadable('the file cannot be read', { cause });
  }
}
/** A part that was cut off may hold the upload for a moment still. HEAD is refused without a word. */
const passes = (wrong: unknown): boolean =>
  wrong instanceof Unreachable ||
  refusedAs(wrong, 'locked', 'busy', 'unavailable') ||
  (wrong instanceof Refusal && !wrong.problem && [423, 502, 503, 504].includes(wrong.status));

addEventListener('beforeunload', (event) => {
  if (uploads.active.length > 0) event.preventDefault();
});

export async function makeFolder(path: string): Promise<void> {
  // A path that ends in a slash is a folder's: no body is sent.
  const body = undefined as unknown as string;
  await ask(scalign.PUT('/v1/files/{path}', { params: { path: { path } }, body }));
}

/** What was found in what was dropped, and what of it could not be had. */
interface Found {
  incoming: Incoming[];
  unreadable: number;
  wrong?: unknown;
}

/** What was dropped, folders and all that is in them; empty folders are made at once. */
export async function dropped(data: DataTransfer, folder: string): Promise<Incoming[]> {
  const entries = [...data.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  const found: Found = { incoming: [], unreadable: 0 };
  for (const entry of entries) await walk(entry, '', folder, found);
  if (found.wrong) said.note(sentence(found.wrong, spoken.words), { kind: 'wrong' });
  if (found.unreadable > 0)
    said.note(spoken.words.uploads.unreadableMany(found.unreadable), { kind: 'wrong' });
  return found.incoming;
}

async function walk(entry: FileSystemEntry, within: string, folder: string, found: Found) {
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      );
      found.incoming.push({ file, name: within + entry.name });
      return;
    }
    const inside = await entriesOf(entry as FileSystemDirectoryEntry);
    for (const each of inside) await walk(each, `${within}${entry.name}/`, folder, found);
    if (inside.length > 0) return;
  } catch {
    // The others are kept all the same.
    found.unreadable += 1;
    return;
  }
  try {
    await makeFolder(join(folder, `${within}${entry.name}/`));
  } catch (wrong) {
    found.wrong = wrong;
  }
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    // A browser gives a hundred at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return inside;
    inside.push(...some);
  }
}
