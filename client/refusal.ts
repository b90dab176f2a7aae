// What a request can end with besides an answer: a refusal of the server, which says why and what
// to do (RFC 9457), or silence.
import type { components } from './schema';

export type Problem = components['schemas']['Problem'];
/** A problem's name: `step-up` of `/problems/step-up`. */
export type ProblemName = Problem['type'] extends `/problems/${infer Name}` ? Name : never;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  constructor(
    readonly status: number,
    readonly problem: Problem | undefined,
    /** After how many seconds it can be tried again, where the server says so. */
    readonly retryAfter: number | undefined,
    /** The number under which the server's log has it. */
    readonly request: string | undefined,
  ) {
    super(problem?.detail ?? `the server answered ${status}`);
  }
  is(...names: ProblemName[]): boolean {
    return names.some((name) => this.problem?.type === `/problems/${name}`);
  }
}

/** No answer came: there is no network, or no server. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  constructor(cause?: unknown) {
    super('the server did not answer', { cause });
  }
}

export function isProblem(value: unknown): value is Problem {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    value.type.startsWith('/problems/')
  );
}

export function refusalOf(
  status: number,
  said: unknown,
  header: (name: string) => string | null,
): Refusal {
  const after = Number(header('Retry-After') ?? Number.NaN);
  return new Refusal(
    status,
    isProblem(said) ? said : undefined,
    Number.isFinite(after) ? after : undefined,
    header('X-Request-Id') ?? undefined,
  );
}
