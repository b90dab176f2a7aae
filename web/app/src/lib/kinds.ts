// How a file is shown, by its type, or by its name where the type says nothing.
import type { IconName } from '../parts/Icon.svelte';
import type { Entry } from './folder.svelte';

type Shown = 'image' | 'pdf' | 'text' | 'audio' | 'video' | 'none';

const byExtension: Record<string, string> = {
  aac: 'audio/aac',
  avif: 'image/avif',
  csv: 'text/csv',
  flac: 'audio/flac',
  gif: 'image/gif',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  log: 'text/plain',
  m4a: 'audio/mp4',
  md: 'text/markdown',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  toml: 'application/toml',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
};
const asText = new Set([
  'application/json',
  'application/toml',
  'application/xml',
  'application/yaml',
  'application/javascript',
  'application/x-sh',
]);

export function typeOf(entry: Pick<Entry, 'name' | 'type'>): string {
  const said = (entry.type ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (said !== '' && said !== 'application/octet-stream') return said;
  const extension = entry.name.slice(entry.name.lastIndexOf('.') + 1).toLowerCase();
  return byExtension[extension] ?? 'application/octet-stream';
}

export function shownAs(entry: Pick<Entry, 'name' | 'type'>): Shown {
  const type = typeOf(entry);
  if (type === 'application/pdf') return 'pdf';
  if (type.startsWith('text/') || asText.has(type)) return 'text';
  for (const kind of ['image', 'audio', 'video'] as const)
    if (type.startsWith(`${kind}/`)) return kind;
  return 'none';
}

export function iconOf(entry: { kind: 'file' | 'folder'; name: string; type?: string }): IconName {
  if (entry.kind === 'folder') return 'folder';
  const kind = shownAs(entry);
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'file';
}
