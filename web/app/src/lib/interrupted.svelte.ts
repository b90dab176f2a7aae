// Uploads that another page began and left: the server knows which, and nothing of them is kept on
// the device. A page cannot open a file again by itself, so that she is asked for it.
import { modifiedOf, type Schema } from '../../../../client';
import { nameOf } from './paths';
import { ask, scalign, session } from './session.svelte';
import { uploads } from './uploads.svelte';

export type Unfinished = Schema<'UnfinishedUpload'>;
export type Difference = 'name' | 'size' | 'modified';

// A part that was cut off may be under way for a while still.
const AGAIN_MS = 5000;
const LOOKS_MAX = 8;

export const addressOf = (upload: Unfinished): string => `/v1/uploads/${upload.id}`;

/** What tells `file` from the one that was interrupted; nothing where it is the same. */
export function difference(upload: Unfinished, file: File): Difference | undefined {
  if (nameOf(upload.path) !== file.name) return 'name';
  if (upload.length !== file.size) return 'size';
  if (upload.modified !== undefined && upload.modified !== modifiedOf(file)) return 'modified';
  return undefined;
}

class Interrupted {
  list = $state.raw<Unfinished[]>([]);
  #account: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  look = async (looks = LOOKS_MAX) => {
    clearTimeout(this.#timer);
    const account = session.account?.account;
    // What was found in one account is not gone on with in another.
    if (account !== this.#account) this.list = [];
    this.#account = account;
    try {
      const { uploads: all } = await ask(scalign.GET('/v1/uploads'));
      if (session.account?.account !== account) return;
      const others = all.filter((each) => !uploads.has(addressOf(each)));
      this.list = others.filter((each) => !each.under_way);
      if (this.list.length < others.length && looks > 1)
        this.#timer = setTimeout(() => void this.look(looks - 1), AGAIN_MS);
    } catch {
      // It is offered, and not worth a word where it cannot be.
    }
  };
  forget() {
    clearTimeout(this.#timer);
    this.list = [];
  }

  /** Goes on with each that is one of `files`. Gives those that are none, and why. */
  choose(files: readonly File[]) {
    const went: string[] = [];
    const others: { name: string; why: Difference }[] = [];
    for (const file of files) {
      const upload = this.list.find((each) => difference(each, file) === undefined);
      if (upload) {
        uploads.goOn(file, upload.path, addressOf(upload));
        this.list = this.list.filter((each) => each !== upload);
        went.push(file.name);
      } else {
        const near = this.list.find((each) => nameOf(each.path) === file.name);
        others.push({ name: file.name, why: (near && difference(near, file)) ?? 'name' });
      }
    }
    return { went, others };
  }
  async discard(these: readonly Unfinished[]) {
    for (const { id } of these) {
      const params = { path: { id }, header: { 'Tus-Resumable': '1.0.0' as const } };
      await ask(scalign.DELETE('/v1/uploads/{id}', { params }));
      this.list = this.list.filter((each) => each.id !== id);
    }
  }
}
export const interrupted = new Interrupted();
