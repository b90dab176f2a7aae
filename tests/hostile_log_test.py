"""`ledger verify URL` and `ledger prove` against servers that do not mean well: whatever is sent, they
end soon, take little memory, say in words what is wrong, and never say that a check holds that does
not."""
import os
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
PROGRAM = TOP / 'build' / 'release' / 'scalign'
LOG = TOP / 'tests' / 'vectors' / 'log'  # a sound one of 301 entries
SECONDS_MAX = 25
MEMORY_MAX_KIB = 200 * 1024
FAILS, CANNOT = 1, 2  # what the log gives is wrong, and: it gives nothing that could be judged


def whole(body, more=''):
    return f'HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{more}\r\n'.encode() + body


class Hostile:
    """Serves the log, but for paths that begin with `place`: there `act(connection, path)` is asked."""

    def __init__(self, place, act, context=None):
        self.place, self.act, self.context = place, act, context
        self.asked = []
        self.ended = threading.Event()
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.settimeout(60)
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile('rb') as lines:
                while path := self.next_path(lines):
                    self.asked.append(path)
                    if path.startswith(self.place):
                        self.act(self, connection, path)
                        return
                    file = LOG / path
                    connection.sendall(whole(file.read_bytes()) if file.is_file() else
                                       b'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n')
        except (OSError, ValueError):
            pass

    @staticmethod
    def next_path(lines):
        first = lines.readline().split()
        while lines.readline() not in (b'\r\n', b''):
            pass
        return first[1].decode().removeprefix('/log/') if len(first) > 1 else None

    def close(self):
        self.ended.set()
        self.listener.close()


def endless(_server, connection, _path):
    connection.sendall(b'HTTP/1.1 200 OK\r\n\r\n')
    while True:
        connection.sendall(b'x' * 65536)


def endless_head(_server, connection, _path):
    connection.sendall(b'HTTP/1.1 200 OK\r\n')
    while True:
        connection.sendall(b'X-More: ' + b'x' * 4096 + b'\r\n')


def huge(_server, connection, _path):
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 4000000000000\r\n\r\n' + b'x' * 5_000_000)


def drip(server, connection, _path):
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n')
    while not server.ended.wait(0.5):
        connection.sendall(b'x')


def drip_head(server, connection, _path):
    for byte in b'HTTP/1.1 200 OK\r\nX: ' + b'x' * 10_000:
        if server.ended.wait(0.5):
            return
        connection.sendall(bytes([byte]))


def silent(server, _connection, _path):
    server.ended.wait(60)


def cut(_server, connection, path):
    connection.sendall(whole((LOG / path).read_bytes())[:-1])


def cut_at_once(_server, _connection, _path):
    pass


def no_http(_server, connection, _path):
    connection.sendall(b'\x00\x01\x02 this is not the web\r\n\r\n')


def circle(_server, connection, path):
    connection.sendall(f'HTTP/1.1 302 Found\r\nLocation: /log/{path}\r\nContent-Length: 0\r\n\r\n'
                       .encode())


def shorter(_server, connection, path):
    connection.sendall(whole((LOG / path).read_bytes()[:-1]))


def longer(_server, connection, path):
    connection.sendall(whole((LOG / path).read_bytes() + b'x'))


def empty(_server, connection, _path):
    connection.sendall(whole(b''))


def flipped(_server, connection, path):
    body = bytearray((LOG / path).read_bytes())
    body[len(body) // 2] ^= 1
    connection.sendall(whole(bytes(body)))


class HostileLog(unittest.TestCase):
    def ask(self, server, *arguments, scheme='http', environment=None):
        """The exit code and all that was said; in time, and within memory."""
        url = f'{scheme}://127.0.0.1:{server.port}/log'
        words = ['verify', url] if not arguments else [*arguments, '--log', url]
        began = time.monotonic()
        with tempfile.TemporaryFile() as said:
            child = subprocess.Popen([PROGRAM, 'ledger', *words], stdin=subprocess.DEVNULL, stdout=said,
                                     stderr=said, env={**os.environ, **(environment or {})})
            watch = threading.Timer(SECONDS_MAX, child.kill)
            watch.start()
            _, status, used = os.wait4(child.pid, 0)
            watch.cancel()
            child.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            text = said.read().decode(errors='replace')
        server.close()
        self.assertGreaterEqual(child.returncode, 0, f'ended by a signal after '
                                f'{time.monotonic() - began:.0f} s: {text}')
        self.assertLess(used.ru_maxrss, MEMORY_MAX_KIB)
        return child.returncode, text

    def expect(self, place, act, code, words, *arguments):
        with self.subTest(f'{act.__name__} at {place} {" ".join(arguments)}'):
            got, said = self.ask(Hostile(place, act), *arguments)
            self.assertEqual(code, got, said)
            self.assertIn(words, said)
            self.assertNotIn('All checks hold', said)

    def test_a_sound_one_holds(self):
        code, said = self.ask(Hostile('nowhere', cut))
        self.assertEqual(0, code, said)
        code, said = self.ask(Hostile('nowhere', cut), 'prove', '77')
        self.assertEqual(0, code, said)

    def test_what_never_ends(self):
        for place, code in (('checkpoint', CANNOT), ('tile/entries/', FAILS)):
            for act in (endless, huge):
                self.expect(place, act, code, 'too large')
            self.expect(place, endless_head, CANNOT, 'the log')
        self.expect('tile/', endless, FAILS, 'too large', 'prove', '77')

    def test_what_is_slow(self):
        self.expect('checkpoint', drip, CANNOT, 'does not answer in time')
        self.expect('tile/entries/', drip, CANNOT, 'does not answer in time')
        self.expect('key', drip_head, CANNOT, 'does not answer in time')
        self.expect('tile/', silent, CANNOT, 'does not answer in time', 'prove', '77')

    def test_what_is_cut(self):
        for place, arguments in (('checkpoint', ()), ('tile/entries/', ()), ('tile/', ('prove', '77'))):
            self.expect(place, cut, CANNOT, 'cut short', *arguments)
            self.expect(place, cut_at_once, CANNOT, 'without an answer', *arguments)
            self.expect(place, no_http, CANNOT, 'does not speak HTTP', *arguments)

    def test_redirects_are_not_followed(self):
        self.expect('checkpoint', circle, CANNOT, 'redirects')
        self.expect('tile/', circle, CANNOT, 'redirects', 'prove', '77')
        other = Hostile('nowhere', cut)

        def elsewhere(_server, connection, path):
            connection.sendall(f'HTTP/1.1 307 There\r\nLocation: http://127.0.0.1:{other.port}/log/'
                               f'{path}\r\nContent-Length: 0\r\n\r\n'.encode())
        self.expect('checkpoint', elsewhere, CANNOT, 'redirects')
        self.assertEqual([], other.asked, 'another server was asked')
        other.close()

    def test_what_has_another_size_or_content(self):
        for act in (shorter, longer, empty, flipped):
            for place in ('checkpoint', 'tile/entries/000', 'tile/0/000'):
                with self.subTest(f'{act.__name__} at {place}'):
                    code, said = self.ask(Hostile(place, act))
                    self.assertIn(code, (FAILS, CANNOT), said)
                    self.assertNotIn('All checks hold', said)
            with self.subTest(f'{act.__name__}, prove'):
                code, said = self.ask(Hostile('tile/', act), 'prove', '77')
                self.assertIn(code, (FAILS, CANNOT), said)

    def test_a_certificate_that_nobody_trusts(self):
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                            'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'key.pem', '-out', 'cert.pem',
                            '-days', '2', '-subj', '/CN=127.0.0.1', '-addext',
                            'subjectAltName=IP:127.0.0.1'], cwd=directory, check=True,
                           capture_output=True)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(Path(directory, 'cert.pem'), Path(directory, 'key.pem'))
            for arguments in ((), ('prove', '77')):
                server = Hostile('nowhere', cut, context)
                code, said = self.ask(server, *arguments, scheme='https')
                self.assertEqual(CANNOT, code, said)
                self.assertIn('certificate is not trusted', said)
                self.assertEqual([], server.asked, 'something was asked of it')

    def test_one_who_speaks_no_tls(self):
        code, said = self.ask(Hostile('nowhere', cut), scheme='https')
        self.assertEqual(CANNOT, code, said)
        self.assertIn('the log', said)


if __name__ == '__main__':
    unittest.main()
