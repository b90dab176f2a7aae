// Where the focus is when what had it is gone: a row that was deleted gives it to the row that has come
// to its place, and the last one to the heading. Without, a keyboard begins at the page's top again.
import { tick } from 'svelte';

const places = 'section, dialog, main';
const operable = 'a[href], button:not(:disabled), select, input';

/** Looks where the focus is now; what it gives back is called once that may be gone. */
export function holdFocus(): () => Promise<void> {
  const from = document.activeElement;
  const row = from?.closest('li');
  const list = row?.parentElement;
  const index = list ? [...list.children].indexOf(row as Element) : -1;
  // What may still be there, from the nearest outwards.
  const around: Element[] = [];
  let at = from?.closest(places);
  while (at) {
    around.push(at);
    at = at.parentElement?.closest(places);
  }

  return async () => {
    await tick();
    const now = document.activeElement;
    if (around.length === 0 || from?.isConnected || (now && now !== document.body)) return;
    const rows = list?.isConnected ? [...list.children] : [];
    const next = [...rows.slice(index), ...rows.slice(0, index).reverse()]
      .map((each) => each.querySelector<HTMLElement>(operable))
      .find((each) => each !== null);
    const place = next ?? headingOf(around);
    place?.focus();
  };
}

function headingOf(around: readonly Element[]): HTMLElement | undefined {
  for (const each of around) {
    const heading = each.isConnected ? each.querySelector<HTMLElement>('h1, h2') : null;
    if (!heading) continue;
    if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
    return heading;
  }
  return undefined;
}
