// Keeps a file, and says how far it is: what fetch() cannot tell, XMLHttpRequest can. For browsers.
import { fileAddress } from './paths';
import { Refusal, Unreachable, refusalOf } from './refusal';
import type { components } from './schema';

export interface UploadOptions {
  baseUrl?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  onProgress?: (bytesSent: number) => void;
}

export function upload(
  path: string,
  body: Blob,
  { baseUrl, headers = {}, signal, onProgress }: UploadOptions = {},
): Promise<components['schemas']['Entry']> {
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
    request.open('PUT', fileAddress(path, baseUrl));
    request.setRequestHeader('Content-Type', body.type || 'application/octet-stream');
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress?.(event.loaded);
    request.onload = () => end(() => settle(request, resolve, reject));
    request.onerror = () => end(() => reject(new Unreachable()));
    request.ontimeout = request.onerror;
    request.onabort = () => end(() => reject(signal?.reason ?? new Unreachable()));
    signal?.addEventListener('abort', abort, { once: true });
    request.send(body);
  });
}

function settle(
  request: XMLHttpRequest,
  resolve: (entry: components['schemas']['Entry']) => void,
  reject: (refusal: Refusal) => void,
): void {
  let said: unknown;
  try {
    said = JSON.parse(request.responseText);
  } catch {
    said = undefined;
  }
  if (request.status === 200 || request.status === 201)
    resolve(said as components['schemas']['Entry']);
  else reject(refusalOf(request.status, said, (name) => request.getResponseHeader(name)));
}
