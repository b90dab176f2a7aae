// Checks an erasure receipt against the public log, as docs/formats/receipt.md says: signature, entry,
// commitment, history, one after another. Nothing is taken on the server's word; what a browser cannot
// check is said to be unchecked and never to hold.
import {
  Tree,
  fromBase64,
  leafHash,
  parseHead,
  parseNote,
  rootFrom,
  same,
  signedBy,
  type Fetch,
} from './log';
import type { components } from './schema';

export type Receipt = components['schemas']['Receipt'];
export type CheckName = 'signature' | 'entry' | 'commitment' | 'history';
export interface Check {
  name: CheckName;
  verdict: 'holds' | 'fails' | 'unchecked';
}
export const checkNames: readonly CheckName[] = ['signature', 'entry', 'commitment', 'history'];

const disclosed = new Set(['index', 'label', 'nonce', 'proof']);

/** Canonical JSON of what the entry commits to. */
export function payloadOf(receipt: object): string {
  return canonical(
    Object.fromEntries(Object.entries(receipt).filter(([name]) => !disclosed.has(name))),
  );
}
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

interface Proof {
  index: number;
  hashes: Uint8Array[];
  checkpoint: string;
}
function parseProof(text: string): Proof {
  const split = text.indexOf('\n\n');
  const lines = text.slice(0, split).split('\n');
  if (split < 0 || lines[0] !== 'c2sp.org/tlog-proof@v1') throw new Error('no proof');
  const index = /^index (0|[1-9]\d{0,14})$/.exec(lines[1] ?? '');
  if (!index) throw new Error('no index');
  return {
    index: Number(index[1]),
    hashes: lines.slice(2).map(fromBase64),
    checkpoint: text.slice(split + 2),
  };
}

async function commitOf(receipt: Receipt): Promise<Uint8Array> {
  const nonce = fromBase64(receipt.nonce);
  if (nonce.length !== 32) throw new Error('no nonce');
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', nonce as BufferSource, algorithm, false, [
    'sign',
  ]);
  const payload = new TextEncoder().encode(payloadOf(receipt));
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, payload));
}

/** Each check as it is made. One that needs one that failed is not made: it is `unchecked`. */
export async function* checkReceipt(receipt: Receipt, fetch: Fetch): AsyncGenerator<Check> {
  const text = async (path: string) => new TextDecoder().decode(await fetch(path));
  let proof: Proof;
  let then: ReturnType<typeof parseHead>;
  try {
    proof = parseProof(receipt.proof);
    const note = parseNote(proof.checkpoint);
    then = parseHead(note);
    const key = receipt.log?.key ?? '';
    const signed =
      note.text.split('\n').length === 4 &&
      note.signatures.length === 1 &&
      then.origin === receipt.log?.origin &&
      key.startsWith(`${then.origin}+`) &&
      (await signedBy(note, key));
    if (!signed) throw new Error('not signed');
    // Another key may be a later one of the same log; the command follows how it was handed over.
    if ((await text('key')).trim() !== key) throw new Unchecked();
  } catch (wrong) {
    yield* ending(0, wrong);
    return;
  }
  yield { name: 'signature', verdict: 'holds' };

  let leaf: Uint8Array;
  let now: ReturnType<typeof parseHead>;
  let tree: Tree;
  try {
    const note = parseNote(await text('checkpoint'));
    now = parseHead(note);
    if (!(await signedBy(note, receipt.log?.key ?? ''))) throw new Error('not signed');
    tree = new Tree(now.size, fetch);
    if (proof.index !== receipt.index || receipt.index >= now.size)
      throw new Error('another entry');
    leaf = await tree.entry(receipt.index);
    const root = await rootFrom(receipt.index, await leafHash(leaf), then.size, proof.hashes);
    if (!root || !same(root, then.root)) throw new Error('not under the checkpoint');
  } catch (wrong) {
    yield* ending(1, wrong);
    return;
  }
  yield { name: 'entry', verdict: 'holds' };

  let commits: boolean;
  try {
    const label = [...leaf.slice(1, 33)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    commits =
      leaf.length === 65 &&
      leaf[0] === 1 &&
      label === receipt.label &&
      same(leaf.slice(33), await commitOf(receipt));
  } catch {
    commits = false;
  }
  yield { name: 'commitment', verdict: commits ? 'holds' : 'fails' };

  try {
    if (then.size > now.size) throw new Error('the log is shorter');
    const roots = await tree.roots(then.size);
    if (!same(roots.then, then.root) || !same(roots.now, now.root)) throw new Error('rewritten');
  } catch (wrong) {
    yield* ending(3, wrong);
    return;
  }
  yield { name: 'history', verdict: 'holds' };
}

/** What the browser itself cannot do, or nobody answered. */
class Unchecked extends Error {}
function* ending(from: number, wrong: unknown): Generator<Check> {
  const unable =
    wrong instanceof Unchecked ||
    wrong instanceof TypeError ||
    (wrong instanceof DOMException && wrong.name === 'NotSupportedError');
  for (const [at, name] of checkNames.entries())
    if (at >= from) yield { name, verdict: at === from && !unable ? 'fails' : 'unchecked' };
}
