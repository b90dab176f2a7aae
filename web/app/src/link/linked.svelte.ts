// What a link leads to, and where in it we are: behind the '#' of the address, which no server is
// told and the browser's own buttons move. A folder's path is '' or ends in a slash.
import { answer, connect, encodePath, refusedAs, type Schema } from '../../../../client';
import { Refusal } from '../../../../client';
import { nameOf, parent } from '../lib/paths';

export type Entry = Schema<'Entry'>;
export type State =
  | { is: 'loading' | 'locked' | 'nowhere' | 'inside' }
  | { is: 'wrong'; why: unknown }
  | { is: 'folder'; entries: Entry[] }
  | { is: 'file'; entry: Entry; address: string };

const scalign = connect();

export class Linked {
  state = $state.raw<State>({ is: 'loading' });
  root = $state.raw<Entry>();
  expires = $state('');
  /** Where what is shown is; where she wants to be only becomes it with its entries. */
  path = $state('');
  #wanted = '';
  /** What giving the link's password gave: what follows it by itself sends the cookie. */
  #pass: string | undefined;
  #load = 0;

  constructor(readonly token: string) {}

  headers = (): Record<string, string> => (this.#pass ? { 'Link-Pass': this.#pass } : {});
  address = (path: string): string =>
    `/v1/links/${encodeURIComponent(this.token)}/files/${encodePath(path)}`;

  go = async (path: string) => {
    const load = ++this.#load;
    this.#wanted = path;
    let next: State;
    try {
      next = await this.#look(path);
    } catch (wrong) {
      next = this.#refused(wrong, path);
    }
    if (load !== this.#load) return;
    this.path = path;
    this.state = next;
  };
  async open(password: string) {
    const path = { token: this.token };
    const { pass } = await answer(
      scalign.POST('/v1/links/{token}/open', { params: { path }, body: { password } }),
    );
    this.#pass = pass;
    await this.go(this.#wanted);
  }

  async #look(path: string): Promise<State> {
    if (!this.root) {
      const found = await answer(
        scalign.GET('/v1/links/{token}', {
          params: { path: { token: this.token } },
          headers: this.headers(),
        }),
      );
      this.root = found.entry;
      this.expires = found.expires;
    }
    if (this.root.kind === 'file')
      return { is: 'file', entry: this.root, address: this.address('') };
    const folder = path.endsWith('/') || path === '' ? path : parent(path);
    const entries = await this.#list(folder);
    if (folder === path) return { is: 'folder', entries };
    const entry = entries.find(({ name, kind }) => kind === 'file' && name === nameOf(path));
    return entry ? { is: 'file', entry, address: this.address(path) } : { is: 'inside' };
  }
  async #list(folder: string): Promise<Entry[]> {
    const found: Entry[] = [];
    let cursor: string | undefined;
    do {
      const page = (await answer(
        scalign.GET('/v1/links/{token}/files/{path}', {
          params: {
            path: { token: this.token, path: folder.replace(/\/$/, '') },
            query: { cursor },
          },
          headers: this.headers(),
        }),
      )) as Schema<'Folder'>;
      found.push(...page.entries);
      cursor = page.next;
    } while (cursor);
    return found;
  }
  #refused(wrong: unknown, path: string): State {
    if (refusedAs(wrong, 'link-password')) return { is: 'locked' };
    // Whatever is wrong with a link, it is said in the same words.
    if (wrong instanceof Refusal && wrong.status < 500 && wrong.status !== 429)
      return { is: this.root && path !== '' ? 'inside' : 'nowhere' };
    return { is: 'wrong', why: wrong };
  }
}
