// The server's verdict on passkeys beside that of @simplewebauthn/server: the same answers, sound and
// corrupted, of an authenticator in software, are given to both, and both must say the same.
// Usage: node oracle.mjs ORIGIN OUTBOX; prints a line a check.
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server';
import { allHeld, check, code, password } from './walk.mjs';

const [origin, outbox] = process.argv.slice(2);
const rpId = new URL(origin).hostname;
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const b64 = (bytes) => Buffer.from(bytes).toString('base64url');

// A little CBOR: what an attestation object and a COSE key need.
function cbor(value) {
  const head = (major, n) => {
    if (n < 24) return Buffer.from([major << 5 | n]);
    if (n < 256) return Buffer.from([major << 5 | 24, n]);
    return Buffer.from([major << 5 | 25, n >> 8, n & 255]);
  };
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const pairs = [...value.entries()];
  return Buffer.concat([head(5, pairs.length), ...pairs.flatMap(([key, item]) => [cbor(key), cbor(item)])]);
}

const kinds = {
  ES256: () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
    const cose = new Map([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, 'base64url')], [-3, Buffer.from(y, 'base64url')]]);
    return { cose, sign: (bytes) => sign('sha256', bytes, privateKey) };
  },
  EdDSA: () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
    const cose = new Map([[1, 1], [3, -8], [-1, 6], [-2, Buffer.from(x, 'base64url')]]);
    return { cose, sign: (bytes) => sign(null, bytes, privateKey) };
  },
  RS256: () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const { n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
    const cose = new Map([[1, 3], [3, -257], [-1, Buffer.from(n, 'base64url')], [-2, Buffer.from(e, 'base64url')]]);
    return { cose, sign: (bytes) => sign('sha256', bytes, createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }))) };
  },
};

let made = 0;
class SoftPasskey {
  constructor(kind) {
    made += 1;
    this.key = kinds[kind]();
    this.id = sha256(Buffer.from([made]));
    this.counter = 0;
  }

  client(type, challenge, said) {
    return Buffer.from(JSON.stringify({ type: said.type ?? type, challenge: said.challenge ?? challenge,
      origin: said.origin ?? origin, crossOrigin: said.crossOrigin ?? false }));
  }

  head(said, also) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(said.counter ?? (this.counter += 1));
    return Buffer.concat([sha256(said.rpId ?? rpId), Buffer.from([(said.flags ?? 0x05) | also]), counter]);
  }

  create(challenge, said = {}) {
    const size = Buffer.alloc(2);
    size.writeUInt16BE(this.id.length);
    const authData = Buffer.concat([this.head(said, said.attested ?? 0x40), Buffer.alloc(16), size, this.id,
      cbor(this.key.cose), said.tail ?? Buffer.alloc(0)]);
    const clientDataJSON = this.client('webauthn.create', challenge, said);
    const statement = new Map();
    if (said.fmt === 'packed') {
      statement.set('alg', this.key.cose.get(3));
      const signature = this.key.sign(Buffer.concat([authData, sha256(clientDataJSON)]));
      if (said.flip) signature[signature.length - 1] ^= 1;
      statement.set('sig', signature);
    }
    if (said.statement) statement.set('x', 1);
    const attestationObject = cbor(new Map([['fmt', said.fmt ?? 'none'], ['attStmt', statement], ['authData', authData]]));
    return { id: b64(this.id), rawId: b64(this.id), type: 'public-key', clientExtensionResults: {},
      response: { clientDataJSON: b64(clientDataJSON), attestationObject: b64(attestationObject) } };
  }

  get(challenge, user, said = {}) {
    const authenticatorData = this.head(said, 0);
    const clientDataJSON = this.client('webauthn.get', challenge, said);
    const signature = this.key.sign(Buffer.concat([authenticatorData, sha256(clientDataJSON)]));
    if (said.flip) signature[signature.length - 1] ^= 1;
    if (said.later) authenticatorData[said.later] ^= 1;
    return { id: b64(this.id), rawId: b64(this.id), type: 'public-key', clientExtensionResults: {},
      response: { clientDataJSON: b64(clientDataJSON), authenticatorData: b64(authenticatorData),
        signature: b64(said.cut ? signature.subarray(0, -1) : signature), userHandle: user } };
  }
}

class Her {
  async post(path, body, method = 'POST') {
    const answer = await fetch(origin + path, { method,
      headers: { Origin: origin, ...(body && { 'Content-Type': 'application/json' }), ...(this.cookie && { Cookie: this.cookie }) },
      ...(body && { body: JSON.stringify(body) }) });
    const cookie = answer.headers.get('set-cookie');
    if (cookie) this.cookie = cookie.split(';')[0];
    const text = await answer.text();
    return { status: answer.status, ...(text && JSON.parse(text)) };
  }
}

async function oracle(verify, options) {
  try {
    return (await verify(options)).verified;
  } catch {
    return false;
  }
}

const sound = new Set(['as it should be', 'backed up', 'signed by itself', 'once more as it should be']);
const wrongs = {
  'as it should be': {},
  'backed up': { flags: 0x1d },
  'another origin': { origin: 'https://elsewhere.example' },
  'another port': { origin: `${origin}1` },
  'another challenge': { challenge: b64(Buffer.alloc(40, 1)) },
  'the other type': { type: 'webauthn.other' },
  'another site': { rpId: 'elsewhere.example' },
  'nobody present': { flags: 0x04 },
  'nobody verified': { flags: 0x01 },
};

async function registrations(her, kind) {
  const more = { ...wrongs, 'signed by itself': { fmt: 'packed' }, 'wrongly signed by itself': { fmt: 'packed', flip: true },
    'none, with a statement': { statement: true }, 'an unknown attestation': { fmt: 'nine' },
    'bytes behind the key': { tail: Buffer.from([0]) }, 'no attested data': { attested: 0 } };
  for (const [what, said] of Object.entries(more)) {
    const passkey = new SoftPasskey(kind);
    const options = await her.post('/v1/passkeys/options');
    const response = passkey.create(options.challenge, said);
    const theirs = await oracle(verifyRegistrationResponse, { response, expectedChallenge: options.challenge,
      expectedOrigin: origin, expectedRPID: rpId, requireUserVerification: true, supportedAlgorithmIDs: [-7, -8, -257] });
    const ours = await her.post('/v1/passkeys', { name: what, passkey: response });
    if (ours.status === 201) await her.post(`/v1/passkeys/${ours.id}`, undefined, 'DELETE');
    check(`oracle: ${kind}, new, ${what}: ${theirs ? 'taken' : 'refused'} by both`,
      (ours.status === 201) === theirs && theirs === sound.has(what), `we said ${ours.status}`);
  }
}

async function assertions(her, kind) {
  const passkey = new SoftPasskey(kind);
  const options = await her.post('/v1/passkeys/options');
  const created = passkey.create(options.challenge);
  const { registrationInfo } = await verifyRegistrationResponse({ response: created, expectedChallenge: options.challenge,
    expectedOrigin: origin, expectedRPID: rpId, supportedAlgorithmIDs: [-7, -8, -257] });
  const added = await her.post('/v1/passkeys', { name: kind, passkey: created });
  check(`oracle: ${kind} is enrolled`, added.status === 201, `we said ${added.status}`);
  const { credential } = registrationInfo;
  const more = { ...wrongs, 'a flipped signature': { flip: true }, 'a cut signature': { cut: true },
    'flags changed after signing': { later: 32 }, 'counter changed after signing': { later: 36 },
    'a counter that stands still': { still: true }, 'once more as it should be': {} };
  for (const [what, said] of Object.entries(more)) {
    const anybody = new Her();
    const asked = await anybody.post('/v1/login/passkey/options');
    if (said.still) said.counter = credential.counter;
    const response = passkey.get(asked.challenge, options.user.id, said);
    const verify = { response, expectedChallenge: asked.challenge, expectedOrigin: origin, expectedRPID: rpId,
      requireUserVerification: true, credential };
    let theirs = false;
    try {
      const verdict = await verifyAuthenticationResponse(verify);
      theirs = verdict.verified;
      if (theirs) credential.counter = verdict.authenticationInfo.newCounter;
    } catch {
      theirs = false;
    }
    const ours = await anybody.post('/v1/login/passkey', { passkey: response });
    check(`oracle: ${kind}, log-in, ${what}: ${theirs ? 'taken' : 'refused'} by both`,
      (ours.status === 200) === theirs && theirs === sound.has(what), `we said ${ours.status}`);
    if (theirs) {
      const again = await new Her().post('/v1/login/passkey', { passkey: response });
      check(`oracle: ${kind}, ${what}: not a second time`, again.status === 403);
    }
  }
}

try {
  const her = new Her();
  const email = 'kari+oracle@example.com';
  await her.post('/v1/signup', { legal_name: 'Kari Nordmann', email, password, adult_professional: true, terms: '1', notice: '1' });
  await her.post('/v1/verify', { token: await code(outbox, new Set()), password });
  await her.post('/v1/login', { email, password });
  for (const kind of Object.keys(kinds)) {
    await registrations(her, kind);
    await assertions(her, kind);
  }
} catch (error) {
  check('oracle: the comparison goes to its end', false, error.stack);
}
process.exit(allHeld() ? 0 : 1);
