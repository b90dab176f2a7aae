"""Our side: the finished server with people in it."""
import http.client
import json
import re
import ssl
import time
from pathlib import Path

from load import allow_descriptors
from runner.server import Server

PROGRAM = Path(__file__).resolve().parents[2] / 'build/release/scalign'
PASSWORD = 'correct horse battery'


class Scalign:
    def __init__(self, directory, options=()):
        directory.mkdir(exist_ok=True)
        self.options = list(options)
        self.server = Server([PROGRAM], directory)

    def __enter__(self):
        allow_descriptors(8000)
        self.server.start(self.options)
        self.port, self.scheme = self.server.port, self.server.scheme
        return self

    def __exit__(self, *_):
        self.server.stop()

    def url(self, path):
        return f'{self.scheme}://127.0.0.1:{self.port}{path}'

    def origin(self):
        """What a browser would send with what changes something, for a url()."""
        return f'{self.scheme}://127.0.0.1:{self.port}'

    def process(self):
        return self.server.process.pid

    def person(self, number):
        """Somebody whose address is proven."""
        return Person(self, f'person{number}@example.com')

    def password_cost(self):
        """Memory in KiB and passes, and how many seconds a hash took, alone, at the start: of the log."""
        for line in self.server.log.read_text().splitlines():
            if 'passwords are hashed with Argon2id' in line:
                said = json.loads(line)
                cost = said['memory_bytes'] // 1024, said['passes']
                return cost, said['takes_us'] / 1e6
        raise RuntimeError('the server did not say what a hash costs')

    def token_for(self, email):
        """Of the link in the mail that lies in the outbox directory."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            for mail in (self.server.data / 'outbox').glob('*.eml'):
                text = mail.read_text().replace('=\n', '').replace('=3D', '=')
                found = re.search(r'[?#]token=([\w.~-]+)', text)
                if f'To: <{email}>' in text.replace('To: ' + email, f'To: <{email}>') and found:
                    return found[1]
            time.sleep(0.02)
        raise RuntimeError('no mail came')


class Person:
    def __init__(self, server, email):
        self.server, self.email, self.jar = server, email, {}
        self.demand(202, '/v1/signup', legal_name='Kari Nordmann', email=email, password=PASSWORD,
                    adult_professional=True, terms='1', notice='1')
        self.demand(200, '/v1/verify', token=server.token_for(email), password=PASSWORD)

    def demand(self, status, path, **body):
        got = self.post(path, body)
        if got != status:
            raise RuntimeError(f'{path} answered {got}')

    def log_in(self):
        return self.post('/v1/login', {'email': self.email, 'password': PASSWORD})

    def cookies(self):
        return '; '.join(f'{name}={value}' for name, value in self.jar.items())

    def post(self, path, body):
        return self.send('POST', path, body)

    def put(self, path, body):
        """What is not there yet."""
        status = self.send('PUT', path, body)
        if status != 201:
            raise RuntimeError(f'{path} answered {status}')

    def send(self, method, path, body):
        """The answer's status."""
        own = f'localhost:{self.server.port}'
        if self.server.scheme == 'https':
            trusting = ssl._create_unverified_context()  # made by the server at its start
            connection = http.client.HTTPSConnection('127.0.0.1', self.server.port, timeout=60,
                                                     context=trusting)
        else:
            connection = http.client.HTTPConnection('127.0.0.1', self.server.port, timeout=60)
        headers = {'Host': own, 'Origin': f'{self.server.scheme}://{own}',
                   'Content-Type': 'application/json'}
        if self.jar:
            headers['Cookie'] = self.cookies()
        connection.request(method, path, json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
        for cookie in answer.headers.get_all('Set-Cookie') or []:
            name, _, value = cookie.partition(';')[0].partition('=')
            self.jar[name] = value
        connection.close()
        return answer.status
