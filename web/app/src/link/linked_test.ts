import { expect, it, vi } from 'vitest';
import { Linked } from './linked.svelte';

// What the service is asked, each answered when the test says so.
const asked = vi.hoisted(() => [] as { path: string; answer: (with_: unknown) => void }[]);
vi.mock('../../../../client', () => ({
  Refusal: class extends Error {},
  refusedAs: () => false,
  encodePath: (path: string) => path,
  answer: (value: unknown) => value,
  connect: () => ({
    GET: (route: string, { params }: { params: { path: { path?: string } } }) =>
      new Promise((answer) =>
        asked.push({ path: route.endsWith('{path}') ? (params.path.path ?? '') : 'root', answer }),
      ),
  }),
}));
const next = () => vi.waitUntil(() => asked.shift());
const folder = (...names: string[]) => ({ entries: names.map((name) => ({ kind: 'file', name })) });

it('is in a folder only with what is in it', async () => {
  const linked = new Linked('token');
  const first = linked.go('');
  (await next()).answer({ entry: { kind: 'folder', name: 'Shared' }, expires: '' });
  (await next()).answer(folder('a.txt'));
  await first;
  const second = linked.go('Inner/');
  const { path, answer } = await next();
  expect([path, linked.path]).toEqual(['Inner', '']);
  answer(folder('b.txt'));
  await second;
  expect([linked.path, linked.state]).toEqual(['Inner/', { is: 'folder', ...folder('b.txt') }]);
});
