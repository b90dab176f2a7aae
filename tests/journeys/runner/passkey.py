"""An authenticator in software, with the browser around it: makes passkeys (ES256, discoverable, the
person verified) and answers with them, as PublicKeyCredential.toJSON() would say it (WebAuthn 3)."""
import base64
import hashlib
import json
import os

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Authenticator:
    def __init__(self):
        self.passkeys = []  # (host, id, key, user handle), the newest last
        self.uses = 0

    def answer(self, asked, origin):
        """To what navigator.credentials.create() is asked, or navigator.credentials.get()."""
        return self.create(asked, origin) if 'rp' in asked else self.get(asked, origin)

    def create(self, asked, origin):
        key, handle = ec.generate_private_key(ec.SECP256R1()), os.urandom(32)
        self.passkeys.append((asked['rp']['id'], handle, key, asked['user']['id']))
        point = key.public_key().public_numbers()
        cose = cbor({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, 'big'),
                     -3: point.y.to_bytes(32, 'big')})
        attested = bytes(16) + len(handle).to_bytes(2, 'big') + handle + cose
        data = self.data(asked['rp']['id'], PRESENT | VERIFIED | ATTESTED) + attested
        return credential(handle, {
            'clientDataJSON': coded(client_data('webauthn.create', asked, origin)),
            'attestationObject': coded(cbor({'fmt': 'none', 'attStmt': {}, 'authData': data}))})

    def get(self, asked, origin):
        """With the newest passkey of the host that is allowed."""
        allowed = {one['id'] for one in asked.get('allowCredentials', [])}
        _, handle, key, user = next(
            one for one in reversed(self.passkeys)
            if one[0] == asked['rpId'] and (not allowed or coded(one[1]) in allowed))
        said = client_data('webauthn.get', asked, origin)
        data = self.data(asked['rpId'], PRESENT | VERIFIED)
        signature = key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return credential(handle, {'clientDataJSON': coded(said), 'authenticatorData': coded(data),
                                   'signature': coded(signature), 'userHandle': user})

    def data(self, host, flags):
        self.uses += 1
        return (hashlib.sha256(host.encode()).digest() + bytes([flags])
                + self.uses.to_bytes(4, 'big'))


def client_data(kind, asked, origin):
    return json.dumps({'type': kind, 'challenge': asked['challenge'], 'origin': origin,
                       'crossOrigin': False}).encode()


def credential(handle, response):
    return {'id': coded(handle), 'rawId': coded(handle), 'type': 'public-key',
            'authenticatorAttachment': 'platform', 'clientExtensionResults': {},
            'response': response}


def coded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b'=').decode()


def cbor(value):
    """RFC 8949, as much of it as a passkey needs."""
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(5, len(value)) + b''.join(cbor(key) + cbor(item) for key, item in value.items())


def head(major, count):
    if count < 24:
        return bytes([major << 5 | count])
    if count < 256:
        return bytes([major << 5 | 24, count])
    return bytes([major << 5 | 25]) + count.to_bytes(2, 'big')
