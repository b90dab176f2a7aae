// Deleting with a moment to think better of it: what is deleted is out of sight at once, and gone
// when the moment is over or the page is left.
import { encodePath, refusedAs } from '../../../../client';
import { acting, ask, scalign } from './session.svelte';

const MOMENT_MS = 8000;

interface Waiting {
  paths: string[];
  timer: ReturnType<typeof setTimeout>;
}
const waiting = new Set<Waiting>();

export interface Deleted {
  onGone: () => void;
  onFailed: (path: string, wrong: unknown) => void;
}

/** Gives what takes it back. */
export function deleteSoon(paths: string[], { onGone, onFailed }: Deleted): () => void {
  const entry: Waiting = { paths, timer: setTimeout(() => void carryOut(), MOMENT_MS) };
  waiting.add(entry);
  async function carryOut() {
    waiting.delete(entry);
    for (const path of paths) {
      const bare = path.replace(/\/$/, '');
      try {
        await ask(scalign.DELETE('/v1/files/{path}', { params: { path: { path: bare } } }));
      } catch (wrong) {
        if (!refusedAs(wrong, 'missing')) onFailed(path, wrong);
      }
    }
    onGone();
  }
  return () => {
    clearTimeout(entry.timer);
    waiting.delete(entry);
  };
}

// Whoever leaves the page has not taken anything back.
addEventListener('pagehide', () => {
  for (const { paths, timer } of waiting) {
    clearTimeout(timer);
    for (const path of paths)
      void fetch(`/v1/files/${encodePath(path.replace(/\/$/, ''))}`, {
        method: 'DELETE',
        headers: acting(),
        keepalive: true,
      });
  }
  waiting.clear();
});
