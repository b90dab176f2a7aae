// How a path of a file or folder becomes an address. Each name is percent-encoded by itself: the
// slashes between them stay.

/** `Clients/Bergen Verft/` as `Clients/Bergen%20Verft/`. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** Fills `{name}` in a path of the description; a path of files keeps its slashes. */
export function fillPath(pattern: string, values: Record<string, unknown>): string {
  return pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(values[name] ?? '');
    return name === 'path' || name === 'tile' ? encodePath(value) : encodeURIComponent(value);
  });
}

export interface AddressOptions {
  baseUrl?: string;
  /** The account that is meant: refused where the session has moved to another one. */
  account?: string;
}

/** Where a file's bytes are. */
export const fileAddress = (path: string, options: AddressOptions = {}): string =>
  address(`/v1/files/${encodePath(path)}`, {}, options);

/** Where those of an earlier version are. */
export const versionAddress = (
  path: string,
  version: string,
  options: AddressOptions = {},
): string => address(`/v1/versions/${encodePath(path)}`, { version }, options);

function address(
  at: string,
  asked: Record<string, string>,
  { baseUrl = '', account }: AddressOptions,
): string {
  const query = new URLSearchParams({ ...asked, ...(account && { account }) }).toString();
  return `${baseUrl}${at}${query && `?${query}`}`;
}
