"""Stands in for the server in the runner's own test: just enough to answer, mail, remember and leak.
    stand_in.py serve --data DIR --root DIR --listen ADDR:PORT --test-clock
    stand_in.py verify FILE (strict|lax)      strict refuses all but {"a": {"b": [1, "x"]}}"""
import http.server
import json
import signal
import socket
import sys
import threading
from pathlib import Path


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    data = Path()

    def log_message(self, *_):
        pass

    def answer(self, status, body=b'', headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get('Content-Length', 0)))

    def do_GET(self):
        if self.path == '/echo':
            shown = {k.lower(): v for k, v in self.headers.items()}
            self.answer(200, json.dumps({'headers': shown, 'n': 1, 't': True, 'l': [{'x': 'y'}],
                                         'nothing': None}).encode(),
                        [('Content-Type', 'application/json'), ('ETag', '"1"')])
        elif self.path == '/problem':
            self.answer(403, json.dumps({'type': '/problems/denied', 'title': 'No', 'status': 403})
                        .encode(), [('Content-Type', 'application/problem+json')])
        elif self.path == '/half-problem':
            self.answer(403, json.dumps({'type': '/problems/denied', 'title': 'No', 'status': 400})
                        .encode(), [('Content-Type', 'application/problem+json')])
        elif self.path == '/cookie':
            self.answer(200, b'', [('Set-Cookie', '__Host-s=1; Path=/; Secure')])
        elif self.path == '/uncookie':
            self.answer(200, b'', [('Set-Cookie', '__Host-s=; Path=/; Max-Age=0')])
        elif self.path == '/drop':
            self.connection.shutdown(socket.SHUT_RDWR)
        elif (self.data / self.path[1:]).is_file():
            self.answer(200, (self.data / self.path[1:]).read_bytes())
        else:
            self.answer(404, b'{}')

    do_HEAD = do_GET

    def do_PUT(self):
        (self.data / self.path[1:]).write_bytes(self.body())
        self.answer(201)

    def do_POST(self):
        told = json.loads(self.body() or b'{}')
        if self.path == '/v1/signup':
            self.path, told = '/mail', {'to': told['email'], 'kind': 'verify', 'text': '#token=t'}
        if self.path == '/mail':
            outbox = self.data / 'outbox'
            outbox.mkdir(exist_ok=True)
            (outbox / f'{len(list(outbox.iterdir()))}.eml').write_text(
                f'To: {told["to"]}\nX-Scalign-Mail: {told["kind"]}\n\n{told["text"]}\n')
        elif self.path == '/test/clock' and told['now'] < '2027':
            return self.answer(409)
        known = {'/v1/verify': {'token': 't', 'password': 'correct horse battery'},
                 '/v1/login': {'email': 'kari@example.com', 'password': 'correct horse battery'}}
        if self.path in known:
            return self.answer(200 if told == known[self.path] else 401, b'{"account": "a1"}')
        self.answer(202, json.dumps(told).encode())


def serve(options):
    Handler.data = Path(options['--data'])
    Handler.data.mkdir(exist_ok=True)
    Path(options['--root']).mkdir(exist_ok=True)
    server = http.server.ThreadingHTTPServer(
        ('127.0.0.1', int(options['--listen'].rpartition(':')[2])), Handler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f'Serving http://localhost:{server.server_port}', flush=True)
    server.serve_forever(poll_interval=0.01)


if __name__ == '__main__':
    if sys.argv[1] == 'verify':
        given = json.loads(Path(sys.argv[2]).read_text())
        sys.exit(0 if sys.argv[3] == 'lax' or given == {'a': {'b': [1, 'x']}} else 1)
    words = [word for word in sys.argv[2:] if word != '--test-clock']
    serve(dict(zip(words[::2], words[1::2])))
