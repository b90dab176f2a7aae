// The public log as anybody reads it: C2SP tlog-tiles under /log/, checkpoints signed as notes, and
// the hashes of RFC 6962. Nothing here trusts whoever serves it.
const WIDTH = 256;

export interface TreeHead {
  size: number;
  root: Uint8Array;
}
export interface Note {
  /** With its last newline: what is signed. */
  text: string;
  signatures: { name: string; bytes: Uint8Array }[];
}
/** Gives the bytes at a path under /log/, or undefined where there is nothing. */
export type Fetch = (path: string) => Promise<Uint8Array | undefined>;

export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
export const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, at) => byte === b[at]);

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}
export const leafHash = (leaf: Uint8Array) => sha256(Uint8Array.of(0), leaf);
const inner = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);

/** Throws where it is none. */
export function parseNote(note: string): Note {
  const split = note.lastIndexOf('\n\n');
  if (split < 0) throw new Error('no note');
  const lines = note.slice(split + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0) throw new Error('no note');
  const signatures = lines.map((line) => {
    const [dash, name, value, ...rest] = line.split(' ');
    if (dash !== '—' || !name || !value || rest.length > 0) throw new Error('no signature');
    return { name, bytes: fromBase64(value) };
  });
  return { text: note.slice(0, split + 1), signatures };
}

export function parseHead(note: Note): TreeHead & { origin: string } {
  const [origin, size, root] = note.text.split('\n');
  if (!origin || !size || !root || !/^(0|[1-9]\d{0,14})$/.test(size))
    throw new Error('no checkpoint');
  return { origin, size: Number(size), root: fromBase64(root) };
}

/** Whether the key (C2SP vkey: `name+id+base64`) has signed the note. Throws where the browser cannot tell. */
export async function signedBy(note: Note, key: string): Promise<boolean> {
  const [name, id, ...rest] = key.trim().split('+');
  const public_ = fromBase64(rest.join('+'));
  if (!name || !id || public_.length !== 33 || public_[0] !== 1) return false;
  const bytes = public_.slice(1);
  const imported = await crypto.subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
  for (const signature of note.signatures) {
    if (signature.name !== name || signature.bytes.length !== 68) continue;
    const said = [...signature.bytes.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, '0'));
    if (said.join('') !== id) continue;
    const text = new TextEncoder().encode(note.text);
    if (await crypto.subtle.verify('Ed25519', imported, signature.bytes.slice(4), text))
      return true;
  }
  return false;
}

/** The root that the hashes of a proof lead to from a leaf (RFC 9162, 2.1.3.2), or undefined. */
export async function rootFrom(
  index: number,
  leaf: Uint8Array,
  size: number,
  hashes: readonly Uint8Array[],
): Promise<Uint8Array | undefined> {
  if (index >= size) return undefined;
  let at = index;
  let last = size - 1;
  let root = leaf;
  for (const hash of hashes) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      root = await inner(hash, root);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else root = await inner(root, hash);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? root : undefined;
}

/** `x001/x234/067` for 1234067. */
export function tilePath(index: number): string {
  const groups: string[] = [];
  for (let rest = index; ; rest = Math.floor(rest / 1000)) {
    groups.unshift(String(rest % 1000).padStart(3, '0'));
    if (rest < 1000) break;
  }
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** The log of one size, read from its tiles. */
export class Tree {
  readonly #tiles = new Map<string, Promise<Uint8Array>>();
  constructor(
    readonly size: number,
    private readonly fetch: Fetch,
  ) {}

  /** The bytes of entry `index`. */
  async entry(index: number): Promise<Uint8Array> {
    const bundle = await this.#tile('entries', Math.floor(index / WIDTH), this.size);
    let at = 0;
    for (let left = index % WIDTH; ; left -= 1) {
      const length = ((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0);
      if (at + 2 + length > bundle.length) throw new Error('the bundle is short');
      if (left === 0) return bundle.slice(at + 2, at + 2 + length);
      at += 2 + length;
    }
  }
  /** The roots of the trees of `older` and of all entries, computed from the same hashes. */
  async roots(older: number): Promise<{ then: Uint8Array; now: Uint8Array }> {
    return this.#roots(older, 0, this.size);
  }
  async #roots(
    older: number,
    from: number,
    count: number,
  ): Promise<{ then: Uint8Array; now: Uint8Array }> {
    if (older === count) {
      const hash = await this.#hash(from, count);
      return { then: hash, now: hash };
    }
    const split = splitOf(count);
    if (older <= split) {
      const left = await this.#roots(older, from, split);
      const right = await this.#hash(from + split, count - split);
      return { then: left.then, now: await inner(left.now, right) };
    }
    const left = await this.#hash(from, split);
    const right = await this.#roots(older - split, from + split, count - split);
    return { then: await inner(left, right.then), now: await inner(left, right.now) };
  }
  async #hash(from: number, count: number): Promise<Uint8Array> {
    const height = Math.log2(count);
    if (!Number.isInteger(height)) {
      const split = splitOf(count);
      return inner(await this.#hash(from, split), await this.#hash(from + split, count - split));
    }
    const level = Math.floor(height / 8);
    const first = from / WIDTH ** level;
    let row: Uint8Array[] = [];
    const tile = await this.#tile(
      String(level),
      Math.floor(first / WIDTH),
      Math.floor(this.size / WIDTH ** level),
    );
    for (let at = 0; at < 2 ** (height - 8 * level); at += 1) {
      const begin = ((first % WIDTH) + at) * 32;
      const hash = tile.slice(begin, begin + 32);
      if (hash.length !== 32) throw new Error('the tile is short');
      row.push(hash);
    }
    while (row.length > 1) {
      const above: Uint8Array[] = [];
      for (let at = 0; at < row.length; at += 2)
        above.push(await inner(row[at] as Uint8Array, row[at + 1] as Uint8Array));
      row = above;
    }
    return row[0] as Uint8Array;
  }
  #tile(level: string, index: number, width: number): Promise<Uint8Array> {
    const path = `tile/${level}/${tilePath(index)}`;
    const partial = Math.min(WIDTH, width - index * WIDTH);
    const known = this.#tiles.get(path) ?? this.#get(path, partial);
    this.#tiles.set(path, known);
    return known;
  }
  async #get(path: string, width: number): Promise<Uint8Array> {
    // A partial tile may be gone once the full one is there.
    const found =
      (width < WIDTH ? await this.fetch(`${path}.p/${width}`) : undefined) ??
      (await this.fetch(path));
    if (!found) throw new Error('the log does not give its tiles');
    return found;
  }
}

/** The largest power of two below `count`. */
const splitOf = (count: number): number => 2 ** Math.ceil(Math.log2(count) - 1);
