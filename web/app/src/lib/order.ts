// In which order a folder's entries are shown: folders first, then as people sort names.
import type { Schema } from '../../../../client';

type Entry = Schema<'Entry'>;

export function order(entries: readonly Entry[], language: string): Entry[] {
  const collator = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  return [...entries].sort((a, b) =>
    a.kind === b.kind ? collator.compare(a.name, b.name) : a.kind === 'folder' ? -1 : 1,
  );
}
