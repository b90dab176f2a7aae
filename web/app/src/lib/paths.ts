// Names of files and folders: a folder's path is '' or ends in a slash, as the service has it.
import { encodePath } from '../../../../client';

export const join = (folder: string, name: string): string => folder + name;

/** 'Clients/Bergen/' is in 'Clients/'; 'Clients/offer.txt' too. The root is in itself. */
export function parent(path: string): string {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  return bare.slice(0, bare.lastIndexOf('/') + 1);
}

export function nameOf(path: string): string {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  return bare.slice(bare.lastIndexOf('/') + 1);
}

/** As it stands in a sentence: of a long one, how it begins and how it ends, in whole words if it can be. */
export function short(name: string): string {
  const letters = [...name];
  if (letters.length <= 44) return name;
  const begins = letters
    .slice(0, 27)
    .join('')
    .replace(/(?<=.{9}) \S*$/, ' ');
  const ends = letters
    .slice(-15)
    .join('')
    .replace(/^\S* (?=.{5})/, ' ');
  return `${begins}…${ends}`;
}

/** Each folder on the way to `folder`, the outermost first. */
export function steps(folder: string): { name: string; path: string }[] {
  const names = folder.split('/').filter((name) => name !== '');
  return names.map((name, at) => ({ name, path: names.slice(0, at + 1).join('/') + '/' }));
}

export const filesRoot = '/app/files/';
export const toPage = (path: string): string => filesRoot + encodePath(path);

/** The path of an address under /app/files/; '' where it is not well-formed. */
export function fromPage(pathname: string): string {
  try {
    return pathname.slice(filesRoot.length).split('/').map(decodeURIComponent).join('/');
  } catch {
    return '';
  }
}

const bytesOf = (name: string): number => new TextEncoder().encode(name).length;

/** What the service takes as a name: 1 to 255 bytes, no slash, nothing that a path means otherwise. */
export function goodName(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    bytesOf(name) <= 255 &&
    !/[/\\\u0000-\u001f\u007f]/.test(name)
  );
}

/** 'offer.txt' as 'offer (2).txt', 'offer (3).txt' …, the first that is not taken. */
export function another(name: string, taken: (name: string) => boolean): string {
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const extension = dot > 0 ? name.slice(dot) : '';
  for (let count = 2; ; count += 1) {
    const candidate = `${stem} (${count})${extension}`;
    if (!taken(candidate)) return candidate;
  }
}
