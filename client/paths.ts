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

/** Where a file's bytes are. */
export const fileAddress = (path: string, baseUrl = ''): string =>
  `${baseUrl}/v1/files/${encodePath(path)}`;
