"""`scalign site export`, served by nginx with the configuration that it writes, beside the server itself:
each address has the same bytes and headers from both, and what is no file goes through to the server."""
import hashlib
import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / 'journeys')]
from runner.server import Server  # noqa: E402

SCALIGN = HERE.parent / 'build' / 'release' / 'scalign'
NOTICE = HERE.parent / 'notice' / 'scalign.yaml'
SITE = 'scalign.ai'
WRANGLER = HERE.parent / 'build' / 'peers' / 'node_modules' / 'wrangler' / 'bin' / 'wrangler.js'
ROUTER = HERE.parent / 'web' / 'app' / 'src' / 'lib' / 'router.svelte.ts'
# What belongs to a connection or to one answer, and not to what is answered.
OWN = {'date', 'connection', 'server', 'x-request-id', 'keep-alive', 'transfer-encoding'}


def certificate(directory, name):
    """A certificate for `name`, signed by itself, and its key."""
    made, key = directory / f'{name}.pem', directory / f'{name}.key'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
                    '-nodes', '-days', '2', '-subj', f'/CN={name}', '-addext', f'subjectAltName=DNS:{name}',
                    '-keyout', key, '-out', made], check=True, capture_output=True)
    key.chmod(0o600)
    return made, key


class Connection(http.client.HTTPSConnection):
    """To a port of this machine, which is to prove that it is `name`."""

    def __init__(self, port, name, trusted):
        super().__init__('127.0.0.1', port, context=ssl.create_default_context(cafile=trusted), timeout=30)
        self.name = name

    def connect(self):
        self.sock = self._context.wrap_socket(socket.create_connection(('127.0.0.1', self.port), 30),
                                              server_hostname=self.name)

    def ask(self, path, method='GET', body=None, **headers):
        self.request(method, path, body, {'Host': SITE, **headers})
        answer = self.getresponse()
        said = sorted((name.lower(), value) for name, value in answer.getheaders() if name.lower() not in OWN)
        body = answer.read()
        self.close()
        return answer.status, said, body


def export(directory, *words):
    return subprocess.run([SCALIGN, 'site', 'export', directory, *words], capture_output=True, text=True)


def node():
    """The one that the project's tools run on, which is new enough for the host."""
    return next((HERE.parent / 'node_modules').glob('node-linux-*/bin/node'), 'node')


def screens():
    """The application's, as its own router names them."""
    listed = re.search(r'const screens = \[(.*?)\]', ROUTER.read_text(), re.DOTALL)[1]
    return re.findall(r"'([^']+)'", listed)


class Refused(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.place = Path(place.name)

    def refuses(self, code, words, *options):
        ran = export(self.place / 'out', *options)
        self.assertEqual(ran.returncode, code, ran.stderr)
        self.assertIn(words, ran.stderr)
        self.assertFalse((self.place / 'out').exists())

    def notice(self, old, new):
        text = NOTICE.read_text()
        self.assertIn(old, text)
        (self.place / 'notice.yaml').write_text(text.replace(old, new, 1))
        return '--notice', str(self.place / 'notice.yaml'), '--api-origin', 'https://api.example'

    def test_where_the_server_is_must_be_said_and_safe(self):
        self.assertEqual(export(self.place / 'out').returncode, 2)
        self.refuses(2, 'plain HTTP', '--api-origin', 'http://api.example')
        self.refuses(2, 'must be https', '--api-origin', 'http://localhost:8080')
        self.refuses(2, 'would ask itself', '--api-origin', f'https://{SITE}')

    def test_the_notice_decides_who_delivers(self):
        self.refuses(1, 'not enabled', '--api-origin', 'https://api.example', '--edge', 'vercel')
        hosting = '  hosting:\n    title:\n      en: Our hosting provider'
        self.refuses(1, 'name a region of the EU', *self.notice(
            '    hosts: []\n    country: EEA\n    region: EEA', '    hosts: []\n    country: EEA\n    region: Virginia'))
        self.refuses(1, 'names no recipient that delivers', *self.notice('manage_accounts, deliver_site,', 'manage_accounts,'))
        self.refuses(1, 'the notice is refused', *self.notice(hosting, hosting + '\n      xx: y'))

    def test_each_screen_of_the_application_has_its_place(self):
        self.assertEqual(export(self.place / 'out', '--api-origin', 'https://api.example').returncode, 0)
        files = self.place / 'out' / 'files'
        led = {line.split()[0] for line in (files / '_redirects').read_text().splitlines()}
        for screen in [*screens(), 'files', 'files/*']:
            found = (files / 'app' / f'{screen}.html').exists()
            self.assertNotEqual(found, f'/app/{screen}' in led, screen)
        self.assertEqual(len(led), 9)

    def test_nothing_is_overwritten_and_all_is_the_same_twice(self):
        words = '--api-origin', 'https://api.example', '--json'
        first = export(self.place / 'one', *words)
        self.assertEqual(first.returncode, 0, first.stderr)
        again = export(self.place / 'one', *words)
        self.assertEqual(again.returncode, 1)
        self.assertIn('not empty', again.stderr)
        (self.place / 'two').mkdir()
        (self.place / 'two.partial').mkdir()  # of a run that was cut short
        (self.place / 'two.partial' / 'half').touch()
        second = export(self.place / 'two', *words)
        self.assertEqual((second.returncode, second.stdout), (0, first.stdout), second.stderr)
        same = subprocess.run(['diff', '-r', self.place / 'one', self.place / 'two'], capture_output=True)
        self.assertEqual(same.returncode, 0, same.stdout)
        self.assertEqual(sorted(file.name for file in self.place.iterdir()), ['one', 'two'])
        for entry in json.loads(first.stdout)['files']:
            file = self.place / 'one' / entry['file']
            self.assertEqual(hashlib.sha256(file.read_bytes()).hexdigest(), entry['sha256'])
            self.assertEqual(file.stat().st_mode & 0o777, 0o644)
            self.assertEqual(file.parent.stat().st_mode & 0o777, 0o755)


class Delivered(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.place = Path(place.name)
        cls.place.chmod(0o755)
        # The server's own name is another than that of the site, which the edge has a certificate for.
        cls.server_certificate, server_key = certificate(cls.place, 'localhost')
        cls.edge_certificate, cls.edge_key = certificate(cls.place, SITE)
        cls.server = Server([str(SCALIGN)], cls.place)
        cls.server.start(['--tls-cert', str(cls.server_certificate), '--tls-key', str(server_key),
                          '--trusted-proxy', '127.0.0.1'])
        cls.addClassCleanup(cls.server.kill)
        ran = export(cls.place / 'bundle', '--api-origin', f'https://localhost:{cls.server.port}')
        if ran.returncode != 0:
            raise AssertionError(ran.stderr)
        cls.start_nginx()

    @classmethod
    def start_nginx(cls):
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            cls.port = free.getsockname()[1]
        (cls.place / 'edge-host.conf').write_text(f'''
listen 127.0.0.1:{cls.port} ssl;
ssl_certificate {cls.edge_certificate};
ssl_certificate_key {cls.edge_key};
root {cls.place}/bundle/files;
proxy_ssl_trusted_certificate {cls.server_certificate};
''')
        temporary = ''.join(f'{kind}_temp_path {cls.place}/{kind};\n'
                            for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        (cls.place / 'main.conf').write_text(f'''
daemon off;
master_process off;
pid {cls.place}/nginx.pid;
error_log stderr;
events {{ }}
http {{
{temporary}
include {cls.place}/bundle/nginx.conf;
}}
''')
        cls.nginx = subprocess.Popen(['/usr/sbin/nginx', '-e', 'stderr', '-c', str(cls.place / 'main.conf')],
                                     stderr=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop_nginx)
        end = time.monotonic() + 20
        while cls.nginx.poll() is None and time.monotonic() < end:
            try:
                return socket.create_connection(('127.0.0.1', cls.port), 1).close()
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f'nginx does not serve: {cls.nginx.communicate()[1] if cls.nginx.poll() else ""}')

    @classmethod
    def stop_nginx(cls):
        cls.nginx.terminate()
        cls.nginx.communicate()

    def setUp(self):
        self.edge = Connection(self.port, SITE, self.edge_certificate)
        self.direct = Connection(self.server.port, 'localhost', self.server_certificate)
        self.addCleanup(self.edge.close)
        self.addCleanup(self.direct.close)

    def addresses(self):
        files = self.place / 'bundle' / 'files'
        assets = [f'/assets/{file.name}' for file in (files / 'assets').iterdir() if file.suffix not in ('.br', '.gz')]
        return ['/app', '/app/files/Clients/Bergen%20Verft', '/app/verify', '/notice', '/notice.json', '/terms',
                '/.well-known/gpc.json', *sorted(assets)]

    def test_each_address_is_what_the_server_says(self):
        addresses = self.addresses()
        self.assertGreater(len(addresses), 15)
        for address in addresses:
            for coding in ('', 'gzip', 'br, gzip', 'gzip;q=0.5, br;q=0', 'br;q=0.001'):
                asked = {'Accept-Encoding': coding or 'identity'}
                expected, found = self.direct.ask(address, **asked), self.edge.ask(address, **asked)
                self.assertEqual(expected[0], 200, address)
                self.assertEqual(dict(found[1]), dict(expected[1]), (address, coding))
                self.assertEqual(found, expected, (address, coding))
            head = self.edge.ask(address, 'HEAD', **{'Accept-Encoding': 'identity'})
            self.assertEqual(head[:2], self.direct.ask(address, **{'Accept-Encoding': 'identity'})[:2], address)

    def test_the_server_is_not_asked_for_what_is_a_file(self):
        self.server.kill()
        try:
            for address in self.addresses():
                self.assertEqual(self.edge.ask(address)[0], 200, address)
            self.assertEqual(self.edge.ask('/v1/account')[0], 502)
        finally:
            self.server.start(['--tls-cert', str(self.server_certificate), '--tls-key',
                               str(self.place / 'localhost.key'), '--trusted-proxy', '127.0.0.1'])

    def test_the_rest_goes_through_to_the_server(self):
        for address in ('/v1/account', '/log/checkpoint', '/login', '/assets/gone.0123.js', '/no/such'):
            self.assertEqual(self.edge.ask(address), self.direct.ask(address), address)
        said = {'legal_name': 'Kari', 'email': 'kari@example.com', 'password': 'correct horse battery',
                'adult_professional': True, 'terms': '1', 'notice': '1'}
        json_type = {'Content-Type': 'application/json'}
        status, _, body = self.edge.ask('/v1/signup', 'POST', json.dumps(said),
                                        Origin='https://elsewhere.example', **json_type)
        self.assertEqual(status, 403, body)
        status, _, body = self.edge.ask('/v1/signup', 'POST', json.dumps(said), Origin=f'https://{SITE}', **json_type)
        self.assertEqual(status, 202, body)
        token, end = None, time.monotonic() + 30
        while not token and time.monotonic() < end:
            for mail in (self.server.data / 'outbox').glob('*.eml'):
                token = re.search(r'token=([A-Za-z0-9_-]+)', mail.read_text())
            time.sleep(0.05)
        posted = {'Origin': f'https://{SITE}', **json_type}
        self.edge.ask('/v1/verify', 'POST', json.dumps({'token': token[1], 'password': said['password']}), **posted)
        status, headers, body = self.edge.ask('/v1/login', 'POST', json.dumps(
            {'email': said['email'], 'password': said['password']}), **posted)
        self.assertEqual(status, 200, body)
        cookie = '; '.join(value.partition(';')[0] for name, value in headers if name == 'set-cookie')
        large = os.urandom(3 << 20)
        status, _, body = self.edge.ask('/v1/files/large.bin', 'PUT', large, Cookie=cookie, **posted)
        self.assertEqual(status, 201, body)
        self.assertEqual(self.edge.ask('/v1/files/large.bin', Cookie=cookie)[2], large)

    def test_a_browser_opens_the_application(self):
        profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(profile.cleanup)
        ran = subprocess.run(
            ['chromium', '--headless=new', '--no-sandbox', '--disable-gpu', '--ignore-certificate-errors',
             f'--user-data-dir={profile.name}', f'--host-resolver-rules=MAP {SITE} 127.0.0.1:{self.port}',
             '--enable-logging=stderr', '--virtual-time-budget=10000', '--dump-dom', f'https://{SITE}/app'],
            capture_output=True, text=True, timeout=120)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        # It has asked /v1 who is there, by way of the edge, and heard from the server that nobody is.
        self.assertRegex(ran.stdout, r'<input[^>]*type="password"', ran.stderr)
        self.assertNotIn('Content Security Policy', ran.stderr)

    def test_nothing_of_anybody_stays_at_the_edge(self):
        self.edge.ask('/app?somebody=here')
        self.edge.ask('/v1/files/somebody', Cookie='__Host-session=somebody')
        kept = [file for file in self.place.rglob('*') if file.is_file() and
                not file.is_relative_to(self.place / 'data') and b'somebody' in file.read_bytes()]
        self.assertEqual([file for file in kept if 'bundle' not in file.parts], [])


class OnAStaticHost(unittest.TestCase):
    """`_headers` and `_redirects`, by a host that reads them: workerd, as Cloudflare Pages has it."""

    @classmethod
    def setUpClass(cls):
        if not WRANGLER.exists():
            raise unittest.SkipTest('no static host is installed: ./setup.sh bench')
        place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(place.cleanup)
        cls.place = Path(place.name)
        cls.server = Server([str(SCALIGN)], cls.place)
        cls.server.start([])
        cls.addClassCleanup(cls.server.kill)
        ran = export(cls.place / 'bundle', '--api-origin', 'https://api.example')
        if ran.returncode != 0:
            raise AssertionError(ran.stderr)
        cls.start_host()

    @classmethod
    def start_host(cls):
        with socket.socket() as one, socket.socket() as two:
            one.bind(('127.0.0.1', 0)), two.bind(('127.0.0.1', 0))
            cls.port, inspector = one.getsockname()[1], two.getsockname()[1]
        cls.host = subprocess.Popen(
            [node(), WRANGLER, 'pages', 'dev', cls.place / 'bundle' / 'files', '--ip', '127.0.0.1', '--port',
             str(cls.port), '--inspector-port', str(inspector), '--compatibility-date', '2026-04-01',
             '--show-interactive-dev-session=false'],
            cwd=cls.place, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, 'HOME': str(cls.place), 'CI': '1', 'WRANGLER_SEND_METRICS': 'false',
                 'HTTPS_PROXY': 'http://127.0.0.1:9'})  # it would ask its maker where it is
        cls.addClassCleanup(cls.stop_host)
        said = ''
        for line in cls.host.stdout:
            said += line
            if 'Ready on' in line:
                break
        else:
            raise AssertionError(f'the host does not serve: {said}')
        cls.said = said

    @classmethod
    def stop_host(cls):
        cls.host.terminate()
        cls.host.communicate()

    def ask(self, port, address):
        connection = http.client.HTTPConnection('127.0.0.1', port, timeout=30)
        self.addCleanup(connection.close)
        connection.request('GET', address, headers={'Accept-Encoding': 'identity'})
        answer = connection.getresponse()
        # What stands in no file: forms, and what the host says of itself.
        own = OWN | {'etag', 'vary', 'content-length', 'access-control-allow-origin', 'x-server-env',
                     'strict-transport-security'}
        said = {name.lower(): value for name, value in answer.getheaders() if name.lower() not in own}
        if address.startswith('/assets/'):  # by the name's ending, which each host knows by itself
            said['content-type'] = said['content-type'].partition(';')[0].replace('application/java', 'text/java')
        return answer.status, said, answer.read()

    def test_each_line_is_understood(self):
        files = self.place / 'bundle' / 'files'
        for file, kind in (('_redirects', 'redirect'), ('_headers', 'header')):
            lines = [line for line in (files / file).read_text().splitlines() if not line.startswith(' ')]
            self.assertIn(f'Parsed {len(lines)} valid {kind} rules.', self.said)

    def test_each_address_is_what_the_server_says(self):
        files = self.place / 'bundle' / 'files'
        own = [f'/{file.relative_to(files)}' for file in files.rglob('*')
               if file.is_file() and file.suffix not in ('.br', '.gz') and not file.name.startswith('_')]
        addresses = [address.removesuffix('.html') for address in own]
        addresses += [f'/app/{screen}' for screen in screens()]
        addresses += ['/app/files/', '/app/files/Clients/Bergen%20Verft/offer.pdf']
        self.assertGreater(len(addresses), 40)
        for address in addresses:
            expected, found = self.ask(self.server.port, address), self.ask(self.port, address)
            self.assertEqual(expected[0], 200, address)
            self.assertEqual(found, expected, address)


if __name__ == '__main__':
    unittest.main()
