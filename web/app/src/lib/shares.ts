// Links by which files and folders are shared: made, listed and revoked.
import type { Schema } from '../../../../client';
import { nameOf } from './paths';
import { ask, scalign } from './session.svelte';

export type ShareLink = Schema<'ShareLink'>;

/** The name of what it leads to. */
export const calledOf = (link: ShareLink): string => link.name ?? nameOf(link.path);

/** The newest first. */
export async function links(): Promise<ShareLink[]> {
  const { links: all } = await ask(scalign.GET('/v1/shares'));
  return all.sort((a, b) => b.created.localeCompare(a.created));
}

export async function makeLink(path: string, days: number, password: string) {
  const body = { path, expires_in_days: days, ...(password && { password }) };
  return ask(scalign.POST('/v1/shares', { body }));
}

export async function revokeLink(id: string): Promise<void> {
  await ask(scalign.DELETE('/v1/shares/{id}', { params: { path: { id } } }));
}
