// What is said to her: to a screen reader (announce), or in a note that can be taken back for a while.
import { untrack } from 'svelte';

interface Note {
  id: number;
  text: string;
  kind: 'said' | 'wrong';
  undo?: () => void;
}

class Said {
  spoken = $state('');
  notes = $state<Note[]>([]);
  #next = 1;

  announce(text: string) {
    // The same words again are said again only where they differ.
    const before = untrack(() => this.spoken);
    this.spoken = before === text ? `${text}\u00a0` : text;
  }
  note(
    text: string,
    { kind = 'said' as Note['kind'], undo = undefined as Note['undo'], seconds = 6 } = {},
  ) {
    const id = this.#next++;
    // What is new is read; what was only said before it makes room.
    const old = this.notes.filter((note) => note.kind === 'wrong' || note.undo).slice(-3);
    this.notes = [...old, { id, text, kind, undo }];
    this.announce(text);
    if (kind === 'said') setTimeout(() => this.close(id), seconds * 1000);
    return id;
  }
  close(id: number) {
    this.notes = this.notes.filter((note) => note.id !== id);
  }
}
export const said = new Said();
