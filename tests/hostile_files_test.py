"""The client of files against servers that do not mean well: whatever a listing names and whatever is
sent, nothing is written outside of the directory that was named, nothing moves the terminal, the
token goes nowhere else, and it ends soon and in little memory."""
import json
import os
import resource
import ssl
import subprocess
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[1] / 'build' / 'release' / 'scalign'
SECONDS_MAX = 60
MEMORY_MAX_KIB = 200 * 1024
DONE, NO, CANNOT = 0, 1, 2
TOKEN = 'scal_pat_secret'
WHEN = '2026-11-23T22:22:56Z'


def file(name, size=4, etag='"v1"'):
    return {'name': name, 'kind': 'file', 'size': size, 'type': 'text/plain', 'etag': etag,
            'changed': WHEN}


def folder(name):
    return {'name': name, 'kind': 'folder', 'changed': WHEN}


class Server:
    """Answers what `act(request)` says: status, headers, body (bytes, or what yields them)."""

    def __init__(self, act, context=None):
        self.asked, outer = [], self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def answer(self):
                outer.asked.append((self.command, self.path, dict(self.headers)))
                status, headers, body = act(self)
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if isinstance(body, bytes):
                    if 'Content-Length' not in headers:
                        self.send_header('Content-Length', str(len(body)))
                    body = [body]
                else:
                    self.send_header('Connection', 'close')
                    self.close_connection = True
                self.end_headers()
                if self.command != 'HEAD':
                    try:
                        for piece in body:
                            self.wfile.write(piece)
                    except OSError:
                        self.close_connection = True

            do_GET = do_HEAD = do_DELETE = answer

            def do_PUT(self):
                self.close_connection = True
                self.answer()

            def log_message(self, *_):
                pass
        self.http = ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # connections that the client has closed
        self.scheme = 'https' if context else 'http'
        if context:
            self.http.socket = context.wrap_socket(self.http.socket, server_side=True,
                                                   do_handshake_on_connect=False)
        self.port = self.http.server_address[1]
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def url(self, host='127.0.0.1'):
        return f'{self.scheme}://{host}:{self.port}'

    def close(self):
        self.http.shutdown()
        self.http.server_close()


def listing(entries, content=b'evil'):
    """A workspace with these entries at every depth, each file with that content."""
    def act(request):
        path = request.path.split('?')[0]
        if request.command == 'HEAD' or path.endswith('/'):
            return 200, {'Content-Type': 'application/json'}, json.dumps(
                {'entries': entries(path)}).encode()
        return 200, {'ETag': '"v1"'}, content
    return act


class HostileFiles(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.top = Path(place.name)
        self.directory = self.top / 'deep' / 'here'
        self.directory.mkdir(parents=True)

    def serve(self, act, context=None):
        server = Server(act, context)
        self.addCleanup(server.close)
        return server

    def know(self, server, ca=None, host='127.0.0.1'):
        kept = self.top / 'config' / 'scalign' / 'logins.json'
        kept.parent.mkdir(parents=True, exist_ok=True)
        login = {'server': server.url(host), 'token': TOKEN, **({'ca': str(ca)} if ca else {})}
        kept.write_text(json.dumps([login]))
        kept.chmod(0o600)

    def run_client(self, *words):
        """Exit code, and what was said on both; in time and within memory."""
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
        child = subprocess.Popen([PROGRAM, *words], cwd=self.directory, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit,
                                 env={**os.environ, 'XDG_CONFIG_HOME': str(self.top / 'config')})
        timer = threading.Timer(SECONDS_MAX, child.kill)
        timer.start()
        out, err = child.stdout.read(), child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        timer.cancel()
        child.stdout.close()
        child.stderr.close()
        child.returncode = os.waitstatus_to_exitcode(status)
        self.assertGreaterEqual(child.returncode, 0, f'ended by a signal: {err}')
        self.assertLess(used.ru_maxrss, MEMORY_MAX_KIB)
        for said in (out, err):
            text = said.decode()  # UTF-8, whatever came
            self.assertFalse([c for c in text if c != '\n' and (ord(c) < 32 or 127 <= ord(c) < 160)],
                             text)
            self.assertNotIn(TOKEN, text)
        return child.returncode, out.decode(), err.decode()

    def written(self):
        """All that lies below the top but the logins, as paths from the directory."""
        return sorted(os.path.relpath(p, self.directory) for p in self.top.rglob('*')
                      if p.is_file() and 'config' not in p.parts)

    def test_a_name_leads_nowhere_else(self):
        bad = ['..', '.', '', '/', '../evil', '../../evil', '/etc/evil', 'a/b', 'a\u0000b', 'a\nb',
               '\u001b[2Jevil', 'x' * 256]
        for make in (file, folder):
            names = [make(name) for name in bad] + [file('good')]
            server = self.serve(listing(lambda path: names if path == '/v1/files/F/' else []))
            self.know(server)
            code, _, said = self.run_client('get', '--force', 'F')
            self.assertEqual(CANNOT, code, said)
            self.assertEqual(len(bad), said.count('no file can have this name here'))
            self.assertEqual(['F/good'], self.written())
            self.assertEqual(['F'], [p.name for p in self.directory.iterdir()])

    def test_a_version_leads_nowhere_else(self):
        for etag in ('"../../evil"', '"a/b"', 'W/"v1"', '""', 'v1', '"v\r\nX-Other: 1"'):
            server = self.serve(listing(lambda _, etag=etag: [file('good', etag=etag)]))
            self.know(server)
            code, _, said = self.run_client('get', 'F')
            self.assertEqual(CANNOT, code, said)
            self.assertEqual([], self.written())
            self.assertFalse([head for *_, head in server.asked if 'X-Other' in head])

    def test_another_content_than_was_said(self):
        for content in (b'evil and more', b'ev'):
            self.know(self.serve(listing(lambda _: [file('good')], content)))
            code, _, said = self.run_client('get', 'F')
            self.assertEqual(CANNOT, code, said)
            self.assertNotIn('F/good', self.written())

    def test_folders_without_end(self):
        self.know(self.serve(listing(lambda _: [folder('a')])))
        code, _, said = self.run_client('get', 'F')
        self.assertEqual(CANNOT, code, said)
        self.assertIn('too deep', said)

    def test_pages_without_end(self):
        page = json.dumps({'entries': [], 'next': 'abc'}).encode()
        self.know(self.serve(lambda _: (200, {}, page)))
        code, _, said = self.run_client('ls')
        self.assertEqual(CANNOT, code, said)

    def test_answers_without_end(self):
        def endless(status):
            def pieces():
                yield b'{"title":"'
                while True:
                    yield b'a' * 65536
            return lambda _: (status, {'Content-Type': 'application/json'}, pieces())
        self.know(self.serve(endless(200)))
        code, _, said = self.run_client('ls')
        self.assertEqual(CANNOT, code, said)
        self.assertIn('too large', said)

    def test_what_is_shown_moves_no_terminal(self):
        names = [file('\u001b[2J\u001b[1;1Hgone'), file('a\u202egpj.exe'), file('b\r\nc'),
                 folder('\u009b2J')]
        self.know(self.serve(listing(lambda _: names)))
        for words in (('ls',), ('ls', '-l'), ('ls', '--json')):
            code, out, said = self.run_client(*words)
            self.assertEqual(DONE, code, said)
        self.assertEqual(names[0]['name'], json.loads(out)[0]['name'])
        problem = json.dumps({'title': '\u001b]0;owned\u0007', 'detail': '\u009b31m\r\nls: done'})
        self.know(self.serve(lambda _: (403, {}, problem.encode())))
        code, _, said = self.run_client('ls')
        self.assertEqual(NO, code)
        self.assertNotIn('\nls: done', said)

    def test_rubbish(self):
        for body in (b'', b'\xff\xfe', b'[]', b'{"entries":', b'{"entries":[{"name":1}]}',
                     b'[' * 100_000):
            self.know(self.serve(lambda _, body=body: (200, {}, body)))
            code, _, said = self.run_client('ls')
            self.assertEqual(CANNOT, code, said)

    def test_the_token_goes_nowhere_else(self):
        other = self.serve(listing(lambda _: []))
        for status in (301, 302, 303, 307, 308):
            self.know(self.serve(lambda r, status=status: (
                status, {'Location': other.url() + r.path}, b'')))
            for words in (('ls',), ('get', 'a'), ('rm', 'a'), ('mkdir', '-p', 'a')):
                code, _, said = self.run_client(*words)
                self.assertEqual(NO, code, said)
                self.assertIn('elsewhere', said)
        self.assertEqual([], other.asked)

    def test_certificates(self):
        def openssl(*words):
            subprocess.run(['openssl', *words], cwd=self.top, check=True, capture_output=True)
        openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
                '-keyout', 'key.pem', '-out', 'cert.pem', '-days', '2', '-subj', '/CN=localhost',
                '-addext', 'subjectAltName=DNS:localhost')
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.top / 'cert.pem', self.top / 'key.pem')
        server = self.serve(listing(lambda _: []), context)
        self.know(server, host='localhost')
        code, _, said = self.run_client('ls')
        self.assertIn('certificate is not trusted: it is signed by itself', said)
        self.assertEqual(CANNOT, code)
        self.know(server, ca=self.top / 'cert.pem', host='127.0.0.1')
        code, _, said = self.run_client('ls')
        self.assertIn('certificate is not trusted: it is for another host', said)
        self.assertEqual([], server.asked, 'something was asked of it')
        self.know(server, ca=self.top / 'key.pem', host='localhost')
        code, _, said = self.run_client('ls')
        self.assertIn('--ca', said)
        self.know(server, ca=self.top / 'cert.pem', host='localhost')
        code, _, said = self.run_client('ls')
        self.assertEqual(DONE, code, said)
        (self.top / 'token').write_text(TOKEN)
        (self.top / 'token').chmod(0o600)
        code, out, said = self.run_client('login', server.url('localhost'), '--ca', '../../cert.pem',
                                          '--token-file', str(self.top / 'token'))
        self.assertEqual(DONE, code, said)
        code, _, said = self.run_client('ls')
        self.assertEqual(DONE, code, said)


if __name__ == '__main__':
    unittest.main()
