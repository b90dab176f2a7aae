// How somebody comes to be signed in where a walk is about something else: over the JSON face, with the
// mail's code, and with her cookies in the browser that she uses from then on.
import { Walk, code, password } from './walk.mjs';

export async function post(context, origin, path, data, method = 'POST') {
  const response = await context.request.fetch(`${origin}${path}`, { method, data, headers: { Origin: origin } });
  if (response.status() >= 400) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`);
  return response;
}

/// An account of her own, with nobody logged in to it yet.
export async function signUp(context, { origin, outbox, seen, email, name = 'Kari Nordmann' }) {
  await post(context, origin, '/v1/signup', {
    legal_name: name, email, password, adult_professional: true, terms: '1', notice: '1',
  });
  await post(context, origin, '/v1/verify', { token: await code(outbox, seen), password });
}

export async function logIn(context, { origin, email }) {
  await post(context, origin, '/v1/login', { email, password });
}

/// Somebody with an account of her own, logged in and before a wide window.
export async function enter(browser, name, { origin, outbox, seen, shots }) {
  const email = `kari+${Date.now()}@example.com`;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await signUp(context, { origin, outbox, seen, email });
  await logIn(context, { origin, email });
  return { email, context, walk: new Walk(await context.newPage(), name, true, { origin, shots }) };
}

/// A file as it would be put by a program.
export async function keep(context, origin, path, body, type = 'text/plain') {
  const address = `${origin}/v1/files/${path.split('/').map(encodeURIComponent).join('/')}`;
  const cookies = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const response = await fetch(address, {
    method: 'PUT', body, headers: { Origin: origin, Cookie: cookies, 'Content-Type': type },
  });
  if (!response.ok) throw new Error(`PUT ${path}: ${response.status}`);
}
