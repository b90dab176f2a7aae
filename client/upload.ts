// Keeps a file, and says how far it is: what fetch() cannot tell, XMLHttpRequest can. For browsers. A
// large file goes in parts (tus 1.0): what was acknowledged of it outlives a broken connection.
import { fileAddress } from './paths';
import { Refusal, Unreachable, refusalOf } from './refusal';
import type { components } from './schema';

export interface UploadOptions {
  baseUrl?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  onProgress?: (bytesSent: number) => void;
  /** Only where nothing is at the path yet, to the last byte: refused as `stale` otherwise. */
  onlyNew?: boolean;
}
const conditionOf = (onlyNew?: boolean): Record<string, string> =>
  onlyNew ? { 'If-None-Match': '*' } : {};

/** In one request; other conditions go into the headers. */
export async function upload(
  path: string,
  body: Blob,
  { baseUrl, headers = {}, onlyNew, ...rest }: UploadOptions = {},
): Promise<components['schemas']['Entry']> {
  const type = body.type || 'application/octet-stream';
  const said = await send('PUT', fileAddress(path, { baseUrl }), body, {
    ...rest,
    headers: { 'Content-Type': type, ...conditionOf(onlyNew), ...headers },
  });
  return JSON.parse(said.responseText) as components['schemas']['Entry'];
}

/** Where an upload in parts is, for whoever goes on with it. */
export interface Parts {
  address?: string;
}
export const partBytes = 4 * 1024 * 1024;

/** In parts. Called again with the same `parts` after it has thrown, it goes on where it had come. */
export async function uploadInParts(
  path: string,
  body: Blob,
  parts: Parts,
  { baseUrl = '', headers = {}, signal, onProgress, onlyNew }: UploadOptions = {},
): Promise<void> {
  const condition = conditionOf(onlyNew);
  const tus = { ...headers, 'Tus-Resumable': '1.0.0' };
  let offset = parts.address === undefined ? 0 : await offsetOf(parts.address, tus, signal);
  if (parts.address === undefined || offset === undefined) {
    const address = `${baseUrl}/v1/uploads`;
    parts.address = await begin(address, path, body, { ...tus, ...condition }, signal);
    offset = 0;
  }
  while (offset < body.size || body.size === 0) {
    const from: number = offset;
    const part = body.slice(from, from + partBytes);
    try {
      await send('PATCH', parts.address, part, {
        headers: {
          ...tus,
          ...condition,
          'Content-Type': 'application/offset+octet-stream',
          'Upload-Offset': String(from),
        },
        signal,
        onProgress: (sent) => onProgress?.(from + sent),
      });
      offset = from + part.size;
    } catch (wrong) {
      // Another request had brought something of it: it goes on behind that.
      if (!(wrong instanceof Refusal && wrong.is('conflict'))) throw wrong;
      const now = await offsetOf(parts.address, tus, signal);
      if (now === undefined || now === from) throw wrong;
      offset = now;
    }
    if (body.size === 0) break;
  }
}

/** Gives an upload in parts up: nothing of it is kept. */
export async function giveUp(parts: Parts, headers: Record<string, string> = {}): Promise<void> {
  if (parts.address === undefined) return;
  await fetch(parts.address, {
    method: 'DELETE',
    headers: { ...headers, 'Tus-Resumable': '1.0.0' },
  });
}

async function asked(address: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(address, request);
  } catch (wrong) {
    throw wrong instanceof TypeError ? new Unreachable(wrong) : wrong;
  }
}
async function refused(response: Response): Promise<never> {
  const said: unknown = await response.json().catch(() => undefined);
  throw refusalOf(response.status, said, (name) => response.headers.get(name));
}
/** How far it has come; undefined where there is no such upload any more. */
async function offsetOf(address: string, headers: Record<string, string>, signal?: AbortSignal) {
  const response = await asked(address, { method: 'HEAD', headers, signal });
  if (response.status === 404) return undefined;
  if (!response.ok) return refused(response);
  return Number(response.headers.get('Upload-Offset') ?? 0);
}
/** When a file was changed, as the service keeps it: to the second. */
export const modifiedOf = (file: File): string =>
  `${new Date(file.lastModified).toISOString().slice(0, 19)}Z`;

async function begin(
  address: string,
  path: string,
  body: Blob,
  headers: Record<string, string>,
  signal?: AbortSignal,
): Promise<string> {
  const said: Record<string, string> = { path, filetype: body.type || 'application/octet-stream' };
  if (body instanceof File) said.modified = modifiedOf(body);
  const metadata = Object.entries(said)
    .map(([name, value]) => `${name} ${base64(value)}`)
    .join(',');
  const response = await asked(address, {
    method: 'POST',
    headers: { ...headers, 'Upload-Length': String(body.size), 'Upload-Metadata': metadata },
    signal,
  });
  const location = response.headers.get('Location');
  if (!response.ok || !location) return refused(response);
  return new URL(location, response.url).href;
}
const base64 = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** One request with progress. Throws what the server refuses, Unreachable where it is silent. */
function send(
  method: string,
  address: string,
  body: Blob,
  { headers = {}, signal, onProgress }: Omit<UploadOptions, 'baseUrl' | 'onlyNew'>,
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const end = (act: () => void) => {
      signal?.removeEventListener('abort', abort);
      act();
    };
    request.open(method, address);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress?.(event.loaded);
    request.onload = () =>
      end(() => {
        if (request.status < 300) resolve(request);
        else
          reject(
            refusalOf(request.status, parsed(request.responseText), (name) =>
              request.getResponseHeader(name),
            ),
          );
      });
    request.onerror = () => end(() => reject(new Unreachable()));
    request.ontimeout = request.onerror;
    request.onabort = () => end(() => reject(signal?.reason ?? new Unreachable()));
    signal?.addEventListener('abort', abort, { once: true });
    request.send(body);
  });
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
