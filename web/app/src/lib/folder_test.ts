import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Folder, type Entry } from './folder.svelte';

const service = vi.hoisted(() => ({ names: [] as string[] }));
vi.mock('./session.svelte', () => ({
  scalign: { GET: () => undefined },
  ask: async () => ({
    entries: service.names.map((name) => ({ name, kind: 'file', size: 1 }) as Entry),
  }),
}));

async function folderOf(...names: string[]): Promise<Folder> {
  service.names = names;
  const folder = new Folder('', 'en');
  await folder.load();
  return folder;
}
const focused = (folder: Folder) => folder.shown[folder.focused]?.name;
const chosen = (folder: Folder) => folder.chosen.map(({ name }) => name).join();

describe('the focus in a folder', () => {
  let folder: Folder;
  beforeEach(async () => {
    folder = await folderOf('b', 'd', 'f');
    folder.focus(1);
  });
  it('stays with its entry when others come before it', async () => {
    service.names = ['a', 'b', 'c', 'd', 'f'];
    await folder.load();
    expect(focused(folder)).toBe('d');
  });
  it('is with what has come to its place where the entry is gone', async () => {
    service.names = ['a', 'b', 'f'];
    await folder.load();
    expect(focused(folder)).toBe('b');
    service.names = [];
    await folder.load();
    expect([focused(folder), folder.focused]).toEqual([undefined, 0]);
  });
  it('stays where it went when its entry was hidden, whatever is loaded then', async () => {
    folder.hide(['d']);
    expect(focused(folder)).toBe('f');
    service.names = ['a', 'b', 'f'];
    await folder.load();
    folder.unhide(['d']);
    expect(focused(folder)).toBe('f');
  });
  it('comes back to its entry when a filter no longer takes it away', () => {
    folder.filter = 'f';
    expect(focused(folder)).toBe('f');
    folder.filter = '';
    expect(focused(folder)).toBe('d');
  });
  it('is the first until somebody puts it elsewhere', async () => {
    const fresh = await folderOf('b');
    service.names = ['a', 'b'];
    await fresh.load();
    expect(focused(fresh)).toBe('a');
  });
});

describe('a range of the selection', () => {
  it('begins with the entry that it began with, whatever was loaded between', async () => {
    const folder = await folderOf('b', 'd', 'f', 'h');
    folder.move(1, false);
    service.names = ['a', 'b', 'c', 'd', 'f', 'h'];
    await folder.load();
    folder.move(folder.focused + 1, true);
    expect(chosen(folder)).toBe('d,f');
    expect(focused(folder)).toBe('f');
  });
});
