// What is done to files and folders besides putting and getting them: moved, removed into the trash and
// brought back; and how much room there is.
import { Refusal, refusedAs, type Schema } from '../../../../client';
import { nameOf } from './paths';
import { ask, scalign } from './session.svelte';

const bare = (path: string): string => path.replace(/\/$/, '');

class Room {
  used = $state.raw<Schema<'Used'>>();

  look = async () => {
    try {
      this.used = await ask(scalign.GET('/v1/workspace'));
    } catch {
      // It is said beside the menu, and is not worth a word of its own.
    }
  };
}
export const room = new Room();

export async function move(from: string, to: string): Promise<void> {
  await ask(scalign.POST('/v1/workspace/move', { body: { from: bare(from), to: bare(to) } }));
}

/** Into the trash; what was gone already is no matter. */
export async function remove(path: string): Promise<void> {
  try {
    await ask(scalign.DELETE('/v1/files/{path}', { params: { path: { path: bare(path) } } }));
  } catch (wrong) {
    if (!refusedAs(wrong, 'missing')) throw wrong;
  }
}

export async function trash(): Promise<Schema<'Trashed'>[]> {
  const found: Schema<'Trashed'>[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(
      scalign.GET('/v1/trash', { params: { query: { cursor, limit: 1000 } } }),
    );
    found.push(...page.items);
    cursor = page.next;
  } while (cursor);
  return found.sort((a, b) => b.removed.localeCompare(a.removed));
}

export async function restore(id: string, to?: string): Promise<void> {
  await ask(
    scalign.POST('/v1/trash/{id}/restore', { params: { path: { id } }, body: to ? { to } : {} }),
  );
}

/** Takes back what has just been removed from `paths`: the last that was at each. Gives how many came. */
export async function takeBack(paths: readonly string[]): Promise<number> {
  const removed = await trash();
  let back = 0;
  for (const path of paths) {
    const item = removed.find((each) => bare(each.path) === bare(path));
    if (!item) continue;
    try {
      await restore(item.id);
      back += 1;
    } catch (wrong) {
      if (!(wrong instanceof Refusal)) throw wrong;
    }
  }
  return back;
}

/** Moves each into `folder`; gives the names of those that could not be, and why the first could not. */
export async function moveInto(paths: readonly string[], folder: string) {
  const failed: string[] = [];
  let wrong: unknown;
  for (const path of paths) {
    try {
      await move(path, folder + nameOf(path));
    } catch (failure) {
      failed.push(nameOf(path));
      wrong ??= failure;
    }
  }
  return { failed, wrong };
}
