import { describe, expect, it } from 'vitest';
import { Tree, fromBase64, leafHash, rootFrom, tilePath, same, type Fetch } from './log';
import { checkReceipt, payloadOf, type Receipt } from './receipt';

const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const bytes = (text: string) => new TextEncoder().encode(text);
const base64 = (data: Uint8Array) => btoa(String.fromCharCode(...data));
const sha256 = async (data: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', data as BufferSource));
const inner = (left: Uint8Array, right: Uint8Array) => sha256(join(Uint8Array.of(1), left, right));

/** RFC 9162, 2.1.1, word for word. */
async function mth(leaves: Uint8Array[]): Promise<Uint8Array> {
  if (leaves.length === 1) return leafHash(leaves[0] as Uint8Array);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return inner(await mth(leaves.slice(0, split)), await mth(leaves.slice(split)));
}
async function path(index: number, leaves: Uint8Array[]): Promise<Uint8Array[]> {
  if (leaves.length === 1) return [];
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...(await path(index, left)), await mth(right)]
    : [...(await path(index - split, right)), await mth(left)];
}

async function tiles(leaves: Uint8Array[]): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  let row = await Promise.all(leaves.map(leafHash));
  for (let level = 0; row.length > 0; level += 1) {
    const above: Uint8Array[] = [];
    for (let at = 0; at < row.length; at += 256) {
      const some = row.slice(at, at + 256);
      const name = `tile/${level}/${tilePath(at / 256)}`;
      found.set(some.length === 256 ? name : `${name}.p/${some.length}`, join(...some));
      if (level === 0) {
        const entries = leaves
          .slice(at, at + 256)
          .map((leaf) => join(Uint8Array.of(leaf.length >> 8, leaf.length & 255), leaf));
        const bundle = `tile/entries/${tilePath(at / 256)}`;
        found.set(some.length === 256 ? bundle : `${bundle}.p/${some.length}`, join(...entries));
      }
      if (some.length < 256) continue;
      let hashes = some;
      while (hashes.length > 1) {
        const next: Uint8Array[] = [];
        for (let pair = 0; pair < hashes.length; pair += 2)
          next.push(await inner(hashes[pair] as Uint8Array, hashes[pair + 1] as Uint8Array));
        hashes = next;
      }
      above.push(hashes[0] as Uint8Array);
    }
    row = above;
  }
  return found;
}

/** A log of `then` entries when the receipt is made, and of `now` entries since. */
async function log(then: number, now: number, index: number) {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const public_ = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const id = Uint8Array.of(1, 2, 3, 4);
  const key = `log.test+01020304+${base64(join(Uint8Array.of(1), public_))}`;
  const payload = {
    format: 'erasure-receipt/v1',
    account: 'a',
    erased_at: 't',
    epoch: 7,
    log: { origin: 'log.test', key },
  };
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  const hmac = await crypto.subtle.importKey(
    'raw',
    nonce,
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const commit = new Uint8Array(
    await crypto.subtle.sign('HMAC', hmac, bytes(payloadOf(payload)) as BufferSource),
  );
  const leaves = Array.from({ length: now }, (_, at) => bytes(`entry ${at}`));
  leaves[index] = join(Uint8Array.of(1), new Uint8Array(32).fill(171), commit);
  const checkpoint = async (size: number) => {
    const text = `log.test\n${size}\n${base64(await mth(leaves.slice(0, size)))}\n`;
    const signature = new Uint8Array(
      await crypto.subtle.sign('Ed25519', pair.privateKey, bytes(text) as BufferSource),
    );
    return `${text}\n— log.test ${base64(join(id, signature))}\n`;
  };
  const hashes = (await path(index, leaves.slice(0, then)))
    .map((hash) => `${base64(hash)}\n`)
    .join('');
  const receipt: Receipt = {
    ...payload,
    format: 'erasure-receipt/v1',
    index,
    label: 'ab'.repeat(32),
    nonce: base64(nonce),
    proof: `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes}\n${await checkpoint(then)}`,
  };
  const files = await tiles(leaves);
  files.set('key', bytes(`${key}\n`));
  files.set('checkpoint', bytes(await checkpoint(now)));
  const fetch: Fetch = async (name) => files.get(name);
  return { receipt, files, fetch, leaves };
}
async function verdicts(receipt: Receipt, fetch: Fetch): Promise<string> {
  const found: string[] = [];
  for await (const { name, verdict } of checkReceipt(receipt, fetch))
    found.push(`${name} ${verdict}`);
  return found.join(', ');
}
const allHold = 'signature holds, entry holds, commitment holds, history holds';

describe('a receipt', () => {
  it('holds, in small logs and in such as have tiles above tiles', async () => {
    for (const [then, now, index] of [
      [1, 1, 0],
      [1, 3, 0],
      [5, 7, 3],
      [256, 256, 255],
      [300, 700, 299],
      [513, 1025, 400],
    ] as const) {
      const made = await log(then, now, index);
      expect(await verdicts(made.receipt, made.fetch), `${then} of ${now}`).toBe(allHold);
    }
  });
  it('does not hold when a word of it was changed', async () => {
    const { receipt, fetch } = await log(5, 7, 3);
    expect(await verdicts({ ...receipt, epoch: 8 }, fetch)).toContain('commitment fails');
    expect(await verdicts({ ...receipt, label: 'ac'.repeat(32) }, fetch)).toContain(
      'commitment fails',
    );
    expect(await verdicts({ ...receipt, index: 2 }, fetch)).toContain('entry fails');
    const size = receipt.proof.replace('log.test\n5\n', 'log.test\n6\n');
    expect(await verdicts({ ...receipt, proof: size }, fetch)).toBe(
      'signature fails, entry unchecked, commitment unchecked, history unchecked',
    );
  });
  it('does not hold when the log was rewritten', async () => {
    const { receipt, files, fetch } = await log(5, 7, 3);
    const other = await log(5, 7, 3);
    const tile = (files.get('tile/0/000.p/7') as Uint8Array).slice();
    tile[0] = (tile[0] ?? 0) ^ 1;
    files.set('tile/0/000.p/7', tile);
    expect(await verdicts(receipt, fetch)).toContain('history fails');
    files.set('checkpoint', other.files.get('checkpoint') as Uint8Array);
    expect(await verdicts(receipt, fetch)).toContain('entry fails');
  });
  it('is not said to hold where nobody answers, or the log has another key', async () => {
    const { receipt, files, fetch } = await log(2, 2, 1);
    const silent: Fetch = async () => {
      throw new TypeError('Failed to fetch');
    };
    expect(await verdicts(receipt, silent)).not.toContain('holds');
    files.set('key', bytes('log.test+05060708+AAAA\n'));
    expect(await verdicts(receipt, fetch)).toContain('signature unchecked');
  });
  it('that a server has made holds', async () => {
    // Of a log with one entry: docs/formats/receipt.md.
    const receipt = {
      account: '5dpslqduihh7b254crvmnqi2gu',
      epoch: 28,
      erased_at: '2026-11-28T01:40:49Z',
      format: 'erasure-receipt/v1',
      log: {
        key: 'scalign.ai/log+114d9518+AW4KQlvuhQUiECOz227Y+MGtGquY98BkUF3M4yxAE830',
        origin: 'scalign.ai/log',
      },
      operator: 'Scalign AS',
      replicas: [],
      statement:
        'The key that opened this account was destroyed. What is left of it, here and in every backup, cannot be read by anybody. A replica that is named as pending destroys its copy of the key when it is reached again.',
      stays: [
        'A random number that says a key existed and is destroyed, so that it is never made again.',
      ],
      index: 0,
      label: '3ddb33255a45a0b28e19fb970e965aa237c3f5992b0592363fc1d535a3f7a5fe',
      nonce: 'TTKlxighy5lxu/4Ez14cDS8qN0jZQnIXgNXU5cLH9AU=',
      proof:
        'c2sp.org/tlog-proof@v1\nindex 0\n\nscalign.ai/log\n1\nnMPoHOLvdkfD1vi00/tU4u279hOeUl7ZkXGD6Y5aCC0=\n\n— scalign.ai/log EU2VGITAEIJcnxxKTXdFqlrXJHtWeSLhz6bEuUn+30ro4gMfVwcms+K07Znj3LFa5FQaYlIfpLLIVXtglIYRAWRBGwU=\n',
    } as Receipt;
    const entry = fromBase64(
      'AT3bMyVaRaCyjhn7lw6WWqI3w/WZKwWSNj/B1TWj96X+R68oTZ8s83+Rj3VPMm06shQPmZq1xNvs9KSmxzLNnYY=',
    );
    const note = receipt.proof.slice(receipt.proof.indexOf('\n\n') + 2);
    const files = new Map([
      ['key', bytes(`${receipt.log?.key}\n`)],
      ['checkpoint', bytes(note)],
      ['tile/entries/000.p/1', join(Uint8Array.of(0, entry.length), entry)],
      ['tile/0/000.p/1', await leafHash(entry)],
    ]);
    expect(await verdicts(receipt, async (name) => files.get(name))).toBe(allHold);
  });
});

describe('a tree', () => {
  it('names its tiles as tlog-tiles does', () => {
    expect([tilePath(0), tilePath(999), tilePath(1234067)]).toEqual([
      '000',
      '999',
      'x001/x234/067',
    ]);
  });
  it('proves each entry of each size', async () => {
    const leaves = Array.from({ length: 20 }, (_, at) => bytes(String(at)));
    for (let size = 1; size <= leaves.length; size += 1) {
      const root = await mth(leaves.slice(0, size));
      for (let at = 0; at < size; at += 1) {
        const hashes = await path(at, leaves.slice(0, size));
        const leaf = await leafHash(leaves[at] as Uint8Array);
        expect(same((await rootFrom(at, leaf, size, hashes)) as Uint8Array, root)).toBe(true);
        expect(await rootFrom(at, leaf, size, [...hashes, root])).toBeUndefined();
      }
    }
    const all = await tiles(leaves);
    const { now, then } = await new Tree(20, async (name) => all.get(name)).roots(13);
    expect(same(now, await mth(leaves)) && same(then, await mth(leaves.slice(0, 13)))).toBe(true);
  });
});
