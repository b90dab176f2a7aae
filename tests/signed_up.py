"""A server of its own for each test of the finished program, and somebody who has an account at it."""
import json
import re
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent
sys.path[:0] = [str(HERE / 'journeys')]
from runner.server import Server  # noqa: E402

SCALIGN = TOP / 'build' / 'release' / 'scalign'
PASSWORD = 'correct horse battery'
EMAIL = 'kari@example.com'


class SignedUp(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        self.server = Server([SCALIGN], directory.name)
        self.server.start()
        self.addCleanup(self.server.kill)
        self.cookie = self.sign_up(EMAIL)

    @property
    def url(self):
        return f'http://localhost:{self.server.port}'

    def ask(self, method, path, body=None, headers=()):
        """(status, headers, body); `body` is JSON, or bytes."""
        headers = {'Origin': self.url, **dict(headers)}
        if isinstance(body, dict):
            body = json.dumps(body).encode()
            headers['Content-Type'] = 'application/json'
        request = urllib.request.Request(self.url + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read()

    def mailed(self, email):
        """The token of the mail to an address that has one."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            for mail in (self.server.data / 'outbox').glob('*.eml'):
                text = mail.read_text()
                found = re.search(r'token=([A-Za-z0-9_-]+)', text)
                if found and f'To: {email}' in text.replace('<', '').replace('>', ''):
                    return found[1]
            time.sleep(0.05)
        raise AssertionError('no mail came')

    def sign_up(self, email):
        """Her cookies."""
        self.ask('POST', '/v1/signup', {'legal_name': 'Kari', 'email': email, 'password': PASSWORD,
                                        'adult_professional': True, 'terms': '1', 'notice': '1'})
        self.ask('POST', '/v1/verify', {'token': self.mailed(email), 'password': PASSWORD})
        return self.log_in_as(email)

    def log_in_as(self, email):
        """Her cookies."""
        status, headers, body = self.ask('POST', '/v1/login', {'email': email, 'password': PASSWORD})
        self.assertEqual(status, 200, body)
        return '; '.join(one.partition(';')[0] for one in headers.get_all('Set-Cookie'))

    def token_for(self, *scopes):
        """(token, id)"""
        status, _, body = self.ask('POST', '/v1/tokens', {
            'name': 'a program', 'scopes': scopes, 'expires_in_days': 1, 'password': PASSWORD},
            {'Cookie': self.cookie})
        self.assertEqual(status, 201, body)
        made = json.loads(body)
        return made['token'], made['id']
