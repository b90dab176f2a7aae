// One folder as it is shown: its entries, which are selected, which one has the focus, and what is
// filtered away. The focus follows a name: whatever else comes or goes, it stays with that entry, and
// only where the entry itself is gone with what has taken its place. What was deleted is hidden at once,
// and deleted for good when nobody has taken it back within some seconds.
import { refusedAs, type Schema } from '../../../../client';
import { order } from './order';
import { join } from './paths';
import { ask, scalign } from './session.svelte';

export type Entry = Schema<'Entry'>;

interface Place {
  index: number;
  name?: string;
}

export class Folder {
  entries = $state.raw<Entry[]>([]);
  state = $state<'loading' | 'there' | 'gone' | 'failed'>('loading');
  wrong = $state<unknown>();
  filter = $state('');
  selected = $state.raw<ReadonlySet<string>>(new Set());
  hidden = $state.raw<ReadonlySet<string>>(new Set());
  /** The name that has the focus, and where it was seen. */
  #focus = $state.raw<Place>({ index: 0 });
  /** Where a range of the selection begins. */
  #anchor: Place = { index: 0 };
  #load = 0;

  shown = $derived.by(() => {
    const wanted = this.filter.trim().toLocaleLowerCase();
    return this.entries.filter(
      ({ name }) => !this.hidden.has(name) && name.toLocaleLowerCase().includes(wanted),
    );
  });
  focused = $derived(this.#indexOf(this.#focus));
  chosen = $derived(this.shown.filter(({ name }) => this.selected.has(name)));

  constructor(
    readonly path: string,
    private readonly language: string,
  ) {}

  async load() {
    const load = ++this.#load;
    try {
      const found: Entry[] = [];
      let cursor: string | undefined;
      do {
        const page = (await ask(
          scalign.GET('/v1/files/{path}', {
            params: { path: { path: this.path }, query: { cursor } },
          }),
        )) as Schema<'Folder'>;
        if (load !== this.#load) return;
        found.push(...page.entries);
        cursor = page.next;
      } while (cursor);
      const { focused } = this;
      this.entries = order(found, this.language);
      this.state = 'there';
      this.#stay(focused);
    } catch (wrong) {
      if (load !== this.#load) return;
      this.wrong = wrong;
      // What was there before stays in sight.
      if (refusedAs(wrong, 'missing')) this.state = 'gone';
      else if (this.state !== 'there') this.state = 'failed';
    }
  }
  has(name: string): boolean {
    return this.entries.some((entry) => entry.name === name && !this.hidden.has(name));
  }
  at(name: string): number {
    return this.shown.findIndex((entry) => entry.name === name);
  }

  focus(index: number) {
    this.#focus = this.#placeOf(index);
  }
  /** Where the focus goes by a key; with `extend`, what is between is selected too. */
  move(to: number, extend: boolean) {
    const index = this.#within(to);
    if (extend) this.#selectTo(index);
    else this.#anchor = this.#placeOf(index);
    this.focus(index);
  }
  toggle(index: number) {
    const name = this.shown[index]?.name;
    if (name === undefined) return;
    const next = new Set(this.selected);
    if (!next.delete(name)) next.add(name);
    this.selected = next;
    this.#anchor = this.#focus = this.#placeOf(index);
  }
  selectTo(index: number) {
    this.#selectTo(index);
    this.focus(index);
  }
  selectOnly(index: number) {
    const name = this.shown[index]?.name;
    this.selected = new Set(name === undefined ? [] : [name]);
    this.#anchor = this.#focus = this.#placeOf(index);
  }
  selectAll() {
    this.selected = new Set(this.shown.map(({ name }) => name));
  }
  selectNone() {
    this.selected = new Set();
  }
  #selectTo(to: number) {
    const from = this.#indexOf(this.#anchor);
    const [low, high] = from < to ? [from, to] : [to, from];
    this.selected = new Set(this.shown.slice(low, high + 1).map(({ name }) => name));
  }

  hide(names: readonly string[]) {
    const { focused } = this;
    this.hidden = new Set([...this.hidden, ...names]);
    this.selectNone();
    this.#stay(focused);
  }
  unhide(names: readonly string[]) {
    const next = new Set(this.hidden);
    for (const name of names) next.delete(name);
    this.hidden = next;
  }
  pathOf(entry: Entry): string {
    return join(this.path, entry.name) + (entry.kind === 'folder' ? '/' : '');
  }

  /** Where the focused entry is gone, the focus is with what has come to its place. */
  #stay(focused: number) {
    const { name } = this.#focus;
    if (name !== undefined && !this.has(name)) this.focus(focused);
  }
  #within(index: number): number {
    return Math.max(0, Math.min(index, this.shown.length - 1));
  }
  #placeOf(index: number): Place {
    const within = this.#within(index);
    return { index: within, name: this.shown[within]?.name };
  }
  #indexOf({ index, name }: Place): number {
    const at = name === undefined ? -1 : this.at(name);
    return at < 0 ? this.#within(index) : at;
  }
}
