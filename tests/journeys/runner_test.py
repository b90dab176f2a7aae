"""Tests the runner: what is right passes, and each expectation fails where it is wrong."""
import base64
import hashlib
import json
import sys
import tempfile
import unittest
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from runner.canaries import search  # noqa: E402
from runner.passkey import Authenticator, cbor  # noqa: E402
from runner.play import Play, mutations  # noqa: E402
from runner.script import Wrong, parse  # noqa: E402

STAND_IN = [sys.executable, '-B', str(HERE / 'runner' / 'stand_in.py')]


def play(text):
    with tempfile.TemporaryDirectory() as directory:
        return Play(parse(text), STAND_IN, directory).run()


class Passkeys(unittest.TestCase):
    def test_what_is_made_verifies(self):
        one = Authenticator()
        made = one.answer({'rp': {'id': 'localhost'}, 'user': {'id': 'AQ'}, 'challenge': 'Yw'}, 'http://x')
        self.assertIn(b'authData', decoded(made['response']['attestationObject']))
        used = one.answer({'rpId': 'localhost', 'challenge': 'Yw',
                           'allowCredentials': [{'id': made['id']}]}, 'http://x')
        said = {name: decoded(text) for name, text in used['response'].items()}
        self.assertEqual('webauthn.get', json.loads(said['clientDataJSON'])['type'])
        self.assertEqual(b'\x01', said['userHandle'])
        one.passkeys[0][2].public_key().verify(
            said['signature'],
            said['authenticatorData'] + hashlib.sha256(said['clientDataJSON']).digest(),
            ec.ECDSA(hashes.SHA256()))

    def test_cbor(self):
        self.assertEqual(bytes.fromhex('a3012603381861614102'), cbor({1: -7, 3: -25, 'a': b'\x02'}))
        self.assertEqual(b'\x58\x20' + bytes(32), cbor(bytes(32)))
        self.assertEqual(b'\x59\x01\x00' + bytes(256), cbor(bytes(256)))


def decoded(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


class Expectations(unittest.TestCase):
    def right(self, text):
        self.assertIsNone(play(text))

    def wrong(self, text, what, line=None):
        found = play(text)
        self.assertIsNotNone(found, f'passed, though it must not: {text}')
        self.assertIn(what, found[1])
        if line:
            self.assertEqual(line, found[0])

    def test_what_is_right_passes(self):
        self.right('''
# All at once
GET /echo
X-Some: thing
-> 200
-> 200 or 404
-> any
-> within 10 s
-> header Content-Type: application/json
-> header ETag ~ ^"\\d"$
-> no header Location
-> json n = 1
-> json t = true
-> json l[0].x = "y"
-> json headers.x-some ~ ^th
-> json headers.host = "{{host}}"
-> json n is number
-> json nothing is null
-> no json m
-> no json headers.origin
-> body ~ thing
-> no body ~ nobody
-> keep etag = header ETag
-> keep some = json headers.x-some
-> keep thing = body ~ "(th\\w+)"
GET /echo
X-Again: {{some}} {{etag}} {{thing}}
-> json headers.x-again = "thing \\"1\\" thing"
''')

    def test_each_wrong_expectation_fails(self):
        for check, what in {
                '201': 'expected 201', '201 or 202': 'expected', 'dropped': 'dropped',
                'header ETag: "2"': 'ETag', 'header ETag ~ 2': 'ETag', 'header Location: /': 'None',
                'no header ETag': 'expected no ETag', 'json n = 2': 'n = 2', 'json n = true': 'n',
                'json t = 1': 't = 1', 'json n ~ 2': 'like 2', 'json m = 1': 'JSON with m',
                'json t is number': 'to be a number', 'json n is string': 'to be a string',
                'json l[1].x = "y"': 'JSON with', 'no json n': 'expected no n', 'problem': 'problem',
                'body ~ nobody': 'like nobody', 'no body ~ headers': 'no body', 'body empty': 'empty',
                'body size 1 B': 'expected 1 B', 'keep a = json m': 'JSON with m',
                'keep a = header Location': 'Location', 'keep a = body ~ nobody': 'nobody',
                'within 0 ms': 'took', 'nonsense': 'unknown expectation',
                'json n = {{nothing}}': 'nothing is kept'}.items():
            with self.subTest(check):
                self.wrong(f'GET /echo\n-> {check}\n', what, line=2)

    def test_a_step_without_expectation_is_wrong(self):
        self.wrong('GET /echo\n', 'nothing is expected')

    def test_problems(self):
        self.right('GET /problem\n-> 403\n-> problem\n-> problem denied\n')
        self.wrong('GET /problem\n-> problem missing\n', 'expected the problem missing')
        self.wrong('GET /half-problem\n-> problem\n', 'status in the body')

    def test_bytes_and_uploads(self):
        self.right('''
BYTES photo = 200 KiB
PUT /photo
BODY photo
-> 201
GET /photo
-> body = photo
-> body size 200 KiB
''')
        self.wrong('BYTES a = 2 B\nBYTES b = 2 B\nPUT /a\nBODY a\n-> 201\nGET /a\n-> body = b\n',
                   'expected the 2 bytes of b', line=7)
        self.wrong('BYTES a = 9 B\nPUT /a\nBODY a\n-> 201\nGET /a\n-> body = a[0:8]\n', 'the 8 bytes')

    def test_blank_lines_within_a_body_are_its_own(self):
        self.right('PUT /a\nX-A: b\n\none\n\ntwo\n\n-> 201\n\nGET /a\n-> body ~ ^one\\n\\ntwo$\n')
        self.right('PUT /a\nContent-Type: multipart/x; boundary=e\n--e\nb\n-> 201\nGET /a\n'
                   r'-> body ~ ^--e\r\nb$' '\n')

    def test_cut_and_killed_requests(self):
        self.right('''
BYTES photo = 1 MiB
PUT /photo
BODY photo
CUT AFTER 10 KiB
-> dropped
GET /photo
-> 404 or 200
PUT /photo
BODY photo
KILL AFTER 100 KiB
-> dropped
START
GET /photo
-> 404 or 200
POST /mail
KILL AFTER 1 ms
-> any
START
GET /echo
-> 200
''')

    def test_cookies_belong_to_a_persona(self):
        self.right('''
GET /cookie
-> 200
GET /echo
-> json headers.cookie = "__Host-s=1"
AS another
GET /echo
-> no json headers.cookie
GET /cookie
-> 200
GET /uncookie
-> 200
GET /echo
-> no json headers.cookie
''')

    def test_unsafe_methods_say_their_origin_unless_told_otherwise(self):
        self.right('''
POST /x
Content-Type: application/json

{"a": 1}
-> 202
-> json a = 1
GET /echo
Origin: https://elsewhere.example
-> json headers.origin = "https://elsewhere.example"
GET /echo
Host: none
-> no json headers.host
''')

    def test_mail(self):
        mail = 'POST /mail\n\n{"kind": "verify", "to": "kari@example.com", "text": "x/#token=a-_1 y"}\n-> 202\n'
        self.right(mail + 'MAIL verify to kari@example.com\nGET /{{token}}\n-> 404\n'
                   'NO MAIL verify to kari@example.com\n')
        self.right(mail + 'MAIL verify to kari@example.com\n-> header X-Scalign-Mail: verify\n'
                   '-> body ~ token=a-_1\n')
        self.wrong(mail + 'NO MAIL verify to kari@example.com\n', 'a mail verify came')

    def test_an_account_in_one_step(self):
        self.right('ACCOUNT Kari Nordmann <kari@example.com>\nGET /{{account}}\n-> 404\n')
        self.wrong('ACCOUNT Ola Nordmann <ola@example.com>\n', '/v1/login: expected 200; got 401')

    def test_a_mail_that_does_not_come(self):
        import runner.play as module
        module.MAIL_SECONDS = 0.2
        self.wrong('MAIL verify to kari@example.com\n', 'no mail verify')

    def test_raw_bytes(self):
        self.right('RAW\nGET /echo HTTP/1.1\nHost: a\\x62c\n-> 200\n-> json headers.host = "abc"\n')
        self.right('RAW\nGET /drop HTTP/1.1\n-> dropped\n')

    def test_commands(self):
        self.right('LET who = world\nRUN sh -c "echo hello {{who}}; echo bad >&2; exit 3"\n'
                   '-> exit 3\n-> out ~ hello world\n-> err ~ bad\n-> no out ~ bad\n')
        self.wrong('RUN true\n-> exit 1\n', 'expected exit 1')
        self.wrong('RUN echo a\n-> out ~ b\n', 'out like b')
        self.wrong('RUN echo a\n-> no out ~ a\n', 'not like a')

    def test_tampering_finds_what_is_not_verified(self):
        save = 'LET r = {"a": {"b": [1, "x"]}}\nSAVE r.json r\n'
        self.right(save + 'RUN scalign verify r.json strict\n-> exit 0\n'
                   'TAMPER r.json with scalign verify {{file}} strict\n')
        self.wrong(save + 'TAMPER r.json with scalign verify {{file}} lax\n', 'was not refused')

    def test_a_changed_document_has_every_value_changed(self):
        places = [place for place, _ in mutations({'a': {'b': [1, 'x', True, None]}})]
        self.assertEqual(['a (removed)', 'a.b (removed)', 'a.b[0]', 'a.b[1]', 'a.b[2]', 'a.b[3]'],
                         places)
        for _, changed in mutations({'a': 'aa', 'b': 0, 'c': '1', 'd': '', 'e': 'Bb'}):
            self.assertNotEqual({'a': 'aa', 'b': 0, 'c': '1', 'd': '', 'e': 'Bb'}, changed)

    def test_clock(self):
        self.right('CLOCK +91 days\nCLOCK +1 days\nCLOCK 2001-01-01T00:00:00Z\n-> 409\n')
        self.wrong('CLOCK 2001-01-01T00:00:00Z\n', 'the clock did not move')

    def test_stop_copy_start(self):
        self.right('PUT /a\n\nold\n-> 201\nSTOP\nCOPY data before\nSTART\nPUT /a\n\nnew\n-> 201\nKILL\n'
                   'COPY before data\nSTART\nGET /a\n-> body ~ ^old$\n')
        self.wrong('STOP\nSTOP\n', 'does not run', line=2)

    def test_loops(self):
        self.right('FOR a IN x y\nFOR b IN 1 2\nPUT /{{a}}{{b}}\n\n{{a}}\n-> 201\nEND\nEND\n'
                   'GET /y2\n-> body ~ ^y$\n')
        for text in ('END\n', 'FOR a IN 1\n', 'FOR a\nEND\n', '-> 200\n', 'hello\n',
                     'GET /\n-> 200\nmore\n'):
            with self.subTest(text), self.assertRaises(Wrong):
                parse(text)


class Canaries(unittest.TestCase):
    def leak(self, name, content):
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, name).write_bytes(content)
            return search(['kari.nordmann@example.com'], [directory])

    def test_a_leak_is_found_in_every_shape(self):
        import base64
        plain = b'kari.nordmann@example.com'
        self.assertEqual([], self.leak('a', b'nobody@example.com'))
        for content in (plain, plain.upper(), plain.hex().encode(), b'kari.nordmann%40example.com',
                        'kari.nordmann@example.com'.encode('utf-16-le'),
                        base64.b64encode(plain), base64.b64encode(b'1' + plain + b'2'),
                        base64.urlsafe_b64encode(b'12' + plain + b'?')):
            with self.subTest(content):
                self.assertNotEqual([], self.leak('a', b'\x00\xff' + content + b'\x00'))
        self.assertNotEqual([], self.leak('kari.nordmann@example.com', b''))

    def test_a_server_that_leaks_is_caught(self):
        self.assertIn('"Kari"', play('PUT /note\n\nKari was here\n-> 201\nCANARIES Kari Ola\n')[1])
        self.assertIsNone(play('PUT /note\n\nnobody\n-> 201\nCANARIES Kari Ola\n'))


if __name__ == '__main__':
    unittest.main()
