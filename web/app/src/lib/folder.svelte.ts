// One folder as it is shown: its entries, which are selected, which one has the focus, and what is
// filtered away. What was deleted is hidden at once, and deleted for good when nobody has taken it
// back within some seconds.
import { refusedAs, type Schema } from '../../../../client';
import { order } from './order';
import { join } from './paths';
import { ask, scalign } from './session.svelte';

export type Entry = Schema<'Entry'>;

export class Folder {
  entries = $state.raw<Entry[]>([]);
  state = $state<'loading' | 'there' | 'gone' | 'failed'>('loading');
  wrong = $state<unknown>();
  filter = $state('');
  selected = $state.raw<ReadonlySet<string>>(new Set());
  hidden = $state.raw<ReadonlySet<string>>(new Set());
  focused = $state(0);
  #anchor = 0;
  #load = 0;

  shown = $derived.by(() => {
    const wanted = this.filter.trim().toLocaleLowerCase();
    return this.entries.filter(
      ({ name }) => !this.hidden.has(name) && name.toLocaleLowerCase().includes(wanted),
    );
  });
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
      this.entries = order(found, this.language);
      this.state = 'there';
      this.focused = Math.min(this.focused, Math.max(0, found.length - 1));
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

  /** Where the focus goes by a key; with `extend`, what is between is selected too. */
  move(to: number, extend: boolean) {
    const index = Math.max(0, Math.min(to, this.shown.length - 1));
    if (extend) this.#selectRange(this.#anchor, index);
    else this.#anchor = index;
    this.focused = index;
  }
  toggle(index: number) {
    const name = this.shown[index]?.name;
    if (name === undefined) return;
    const next = new Set(this.selected);
    if (!next.delete(name)) next.add(name);
    this.selected = next;
    this.#anchor = this.focused = index;
  }
  selectTo(index: number) {
    this.#selectRange(this.#anchor, index);
    this.focused = index;
  }
  selectOnly(index: number) {
    const name = this.shown[index]?.name;
    this.selected = new Set(name === undefined ? [] : [name]);
    this.#anchor = this.focused = index;
  }
  selectAll() {
    this.selected = new Set(this.shown.map(({ name }) => name));
  }
  selectNone() {
    this.selected = new Set();
  }
  #selectRange(from: number, to: number) {
    const [low, high] = from < to ? [from, to] : [to, from];
    this.selected = new Set(this.shown.slice(low, high + 1).map(({ name }) => name));
  }

  hide(names: readonly string[]) {
    this.hidden = new Set([...this.hidden, ...names]);
    this.selectNone();
    this.focused = Math.max(0, Math.min(this.focused, this.shown.length - 1));
  }
  unhide(names: readonly string[]) {
    const next = new Set(this.hidden);
    for (const name of names) next.delete(name);
    this.hidden = next;
  }
  pathOf(entry: Entry): string {
    return join(this.path, entry.name) + (entry.kind === 'folder' ? '/' : '');
  }
}
