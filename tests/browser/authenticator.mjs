// What an authenticator app shows, the clock that it goes by, and a passkey that a browser holds: for walks
// that prove who somebody is.
import { createHmac } from 'node:crypto';

/// What an app with this secret shows at `time`, in milliseconds.
export function shown(secret, time) {
  let bits = '';
  for (const letter of secret.replace(/\s/g, ''))
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(time / 30000)));
  const digest = createHmac('sha1', key).update(step).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/// The clock of a server that runs with --test-clock, which a walk puts ahead.
export class ServerClock {
  constructor(origin) {
    Object.assign(this, { origin, ahead: 0 });
  }

  /// In milliseconds.
  now() {
    return Date.now() + this.ahead;
  }

  async forward(seconds) {
    this.ahead += seconds * 1000;
    const response = await fetch(`${this.origin}/test/clock`, {
      method: 'POST', body: JSON.stringify({ now: new Date(this.now()).toISOString() }),
      headers: { Origin: this.origin, 'Content-Type': 'application/json' },
    });
    if (!response.ok) throw new Error(`POST /test/clock: ${response.status}`);
  }
}

/// A device that holds passkeys, and always says yes.
export async function withDevice(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true },
  });
}
