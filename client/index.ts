// The JSON face, typed by its own description: `const scalign = connect({ token })`, then
// `await answer(scalign.GET('/v1/account'))`. What the server refuses is thrown as a Refusal.
import createClient, { type Client, type Middleware } from 'openapi-fetch';
import { fillPath } from './paths';
import { Refusal, Unreachable, refusalOf } from './refusal';
import type { components, paths } from './schema';

export { encodePath, fileAddress, versionAddress, type AddressOptions } from './paths';
export { Refusal, Unreachable, type Problem, type ProblemName } from './refusal';
export {
  giveUp,
  modifiedOf,
  partBytes,
  upload,
  uploadInParts,
  type Parts,
  type UploadOptions,
} from './upload';
export type { components, paths } from './schema';

/** What the description calls by a name: `Schema<'Entry'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];
export type Scalign = Client<paths>;

export interface ConnectOptions {
  /** Scheme and host of the server; in a browser, nothing: its own. */
  baseUrl?: string;
  /** An access token (`scal_pat_…`); in a browser, nothing: the session's cookie. */
  token?: string;
  /** The account that each request means: a session that has moved to another one is refused. */
  account?: () => string | undefined;
  fetch?: typeof fetch;
}

export function connect({ baseUrl, token, account, fetch }: ConnectOptions = {}): Scalign {
  const client = createClient<paths>({
    baseUrl,
    fetch,
    pathSerializer: (pattern, values) => fillPath(pattern, values),
    headers: token ? { Authorization: `Bearer ${token}` } : {},
  });
  const acting: Middleware = {
    onRequest({ request }) {
      const meant = account?.();
      if (meant) request.headers.set('Acting-Account', meant);
      return request;
    },
    onError({ error }) {
      // An abort is the caller's own; what fetch() calls a TypeError is that no answer came.
      return error instanceof TypeError ? new Unreachable(error) : undefined;
    },
  };
  client.use(acting);
  return client;
}

interface Answered<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer; throws a Refusal where the server refused, Unreachable where none came. */
export async function answer<Data>(asked: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await asked;
  if (response.ok) return data as Data;
  throw refusalOf(response.status, error, (name) => response.headers.get(name));
}

/** Whether something failed as `name` says, and not otherwise. */
export const refusedAs = (wrong: unknown, ...names: Parameters<Refusal['is']>): wrong is Refusal =>
  wrong instanceof Refusal && wrong.is(...names);
