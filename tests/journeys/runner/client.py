"""The browser of a journey: one request at a time over a connection of its own, with a cookie jar
for each persona. Says exactly what the script says; adds Host, Origin and Cookie where a browser
would."""
import codecs
import http.client
import socket
import ssl
import threading
import time

from .answer import Answer
from .script import HEADER, Wrong, seconds, size

UNSAFE = {'POST', 'PUT', 'PATCH', 'DELETE'}
TIMEOUT_SECONDS = 60
PIECE_BYTES = 64 * 1024


class Request:
    """A request as the lines of its step tell it."""

    def __init__(self, step, fill, names):
        self.method, self.path, self.line = step.keyword, fill(step.rest), step.line
        self.headers, self.body = [], None
        self.cut_bytes = self.kill_bytes = self.kill_seconds = None
        text = []
        for line in step.lines:
            head = HEADER.fullmatch(line) if not text else None
            word, _, rest = line.partition(' ')
            if head:
                self.headers.append((head[1], fill(head[2])))
            elif word == 'BODY' and not text:
                self.body = names.get(rest)
                if self.body is None:
                    raise Wrong(step.line, f'no bytes are kept under the name {rest}')
            elif line.startswith('CUT AFTER '):
                self.cut_bytes = size(line[len('CUT AFTER '):], step.line)
            elif line.startswith('KILL AFTER '):
                self.kill_after(line[len('KILL AFTER '):])
            elif text or line:
                text.append(fill(line))
        while text and not text[-1]:
            text.pop()  # blank lines before the expectations are for the eye
        if text:
            # A form with files has the line ends of mail; all else those of this file.
            form = any('multipart/' in value for _, value in self.headers)
            self.body = ('\r\n' if form else '\n').join(text).encode()
        elif isinstance(self.body, str):
            self.body = self.body.encode()

    def kill_after(self, what):
        if what.endswith('B'):
            self.kill_bytes = size(what, self.line)
        else:
            self.kill_seconds = seconds(what, self.line)

    def has(self, name):
        return any(n.lower() == name.lower() for n, _ in self.headers)


class Jar:
    """A persona's cookies, by name. Expiry is looked at only as far as it deletes."""

    def __init__(self):
        self.cookies = {}

    def take(self, answer):
        for name, value in answer.headers:
            if name.lower() != 'set-cookie':
                continue
            pair, _, attributes = value.partition(';')
            key, _, content = pair.strip().partition('=')
            if 'max-age=0' in attributes.lower() or '01 jan 1970' in attributes.lower():
                self.cookies.pop(key, None)
            else:
                self.cookies[key] = content

    def line(self):
        return '; '.join(f'{k}={v}' for k, v in self.cookies.items())


class Client:
    def __init__(self, scheme, port, kill):
        self.port, self.kill = port, kill
        self.authority = f'localhost:{port}'
        self.origin = f'{scheme}://{self.authority}'
        self.tls = None
        if scheme == 'https':  # a certificate that the server made for itself
            self.tls = ssl.create_default_context()
            self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE

    def connection(self):
        if self.tls:
            return http.client.HTTPSConnection('127.0.0.1', self.port, timeout=TIMEOUT_SECONDS,
                                               context=self.tls)
        return http.client.HTTPConnection('127.0.0.1', self.port, timeout=TIMEOUT_SECONDS)

    def send(self, request, jar):
        """Sends a request; the Answer has no status where the connection ended without one."""
        started = time.monotonic()
        connection = self.connection()
        timer = None
        if request.kill_seconds is not None:
            timer = threading.Timer(request.kill_seconds, self.kill)
            timer.start()
        try:
            self.put_head(connection, request, jar)
            answer = self.put_body(connection, request) or read(connection)
            jar.take(answer)
        except (OSError, http.client.HTTPException):
            answer = Answer()
        finally:
            connection.close()
            if timer:
                timer.join()
        answer.seconds = time.monotonic() - started
        return answer

    def put_head(self, connection, request, jar):
        connection.putrequest(request.method, request.path, skip_host=True,
                              skip_accept_encoding=True)
        usual = {'Host': self.authority}
        if request.method in UNSAFE:
            usual['Origin'] = self.origin
        if jar.cookies:
            usual['Cookie'] = jar.line()
        chunked = any(n.lower() == 'transfer-encoding' for n, _ in request.headers)
        if (request.body is not None or request.method in UNSAFE) and not chunked:
            usual['Content-Length'] = str(len(request.body or b''))
        for name, value in usual.items():
            if not request.has(name):
                connection.putheader(name, value)
        for name, value in request.headers:
            if value != 'none':
                connection.putheader(name, value)
        request.chunked = chunked
        connection.endheaders()

    def put_body(self, connection, request):
        """Sends the body; an Answer only where the script ends the exchange here."""
        body = request.body or b''
        stops = [n for n in (request.cut_bytes, request.kill_bytes) if n is not None]
        end = min([len(body), *stops])
        try:
            for start in range(0, end, PIECE_BYTES):
                piece = body[start:min(start + PIECE_BYTES, end)]
                connection.send(b'%x\r\n%b\r\n' % (len(piece), piece) if request.chunked else piece)
            if request.chunked and not stops:
                connection.send(b'0\r\n\r\n')
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before the body was read: the response is there all the same
        if request.kill_bytes is not None:
            time.sleep(0.05)  # so that the server has taken what was sent
            self.kill()
        return Answer() if stops else None

    def send_raw(self, text, method='GET'):
        """Sends bytes as they stand, lines ended by CRLF; for what no proper client would say."""
        data = b'\r\n'.join(codecs.decode(line, 'unicode_escape').encode('latin-1')
                            for line in text)
        if b'\r\n\r\n' not in data:
            data += b'\r\n\r\n'
        started = time.monotonic()
        with socket.create_connection(('127.0.0.1', self.port), TIMEOUT_SECONDS) as raw:
            try:
                raw.sendall(data)
                response = http.client.HTTPResponse(raw, method=method)
                response.begin()
                answer = as_answer(response)
            except (OSError, http.client.HTTPException):
                answer = Answer()
        answer.seconds = time.monotonic() - started
        return answer


def read(connection):
    return as_answer(connection.getresponse())


def as_answer(response):
    try:
        body = response.read()
    except http.client.IncompleteRead:
        return Answer()  # cut in the middle is no response
    return Answer(status=response.status, headers=response.getheaders(), body=body)
