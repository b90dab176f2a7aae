"""Plays one script against a server of its own, step after step, and stops at the first that fails."""
import base64
import datetime
import email
import email.policy
import hmac
import json
import random
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

from .answer import Answer, Checks, Failed, as_text
from .canaries import search
from .client import Client, Jar, Request
from .script import METHODS, Step, Wrong, seconds, size
from .server import Server, ServerFailed

MAIL_SECONDS = 5
NOTICE = Path(__file__).resolve().parents[3] / 'notice/scalign.yaml'
PASSWORD = 'correct horse battery'  # of ACCOUNT
COMMAND_SECONDS = 60


class Play:
    def __init__(self, script, command, directory):
        self.script, self.command, self.directory = script, list(command), Path(directory)
        self.server = Server(command, directory)
        self.names = {'dir': str(self.directory), 'data': str(self.server.data),
                      'root': str(self.server.root), 'scalign': str(self.command[0]),
                      'notice': str(NOTICE)}
        self.jars, self.jar = {}, Jar()
        self.mails_seen = set()
        self.ahead_seconds = 0.0  # of the wall clock, by CLOCK

    def run(self):
        """None, or (line, what is wrong)."""
        line = 0
        try:
            if not self.script.steps or self.script.steps[0].keyword != 'START':
                self.started(())
            for step in self.script.steps:
                line = step.line
                self.play(step)
            if self.server.process:
                self.server.stop()
        except (Failed, Wrong) as wrong:
            return wrong.line, str(wrong)
        except ServerFailed as wrong:
            return line, str(wrong)
        except OSError as wrong:
            return line, f'{type(wrong).__name__}: {wrong}; the server: {self.server.last_words()}'
        finally:
            self.server.kill()
        return None

    def started(self, options):
        self.server.start(options)
        self.client = Client(self.server.scheme, self.server.port, self.server.kill)
        self.names |= {'host': self.client.authority, 'url': self.client.origin,
                       'port': str(self.server.port)}

    def play(self, step):
        if step.keyword in METHODS:
            answer = self.client.send(Request(step, self.filler(step.line), self.names), self.jar)
        else:
            answer = getattr(self, 'step_' + step.keyword.lower())(step)
        if answer is None:
            if step.checks:
                raise Wrong(step.checks[0][0], f'{step.keyword} answers nothing to check')
            return
        if not step.checks:
            raise Wrong(step.line, f'nothing is expected of this {step.keyword}')
        for line, check in step.checks:
            Checks(answer, self.names, line).hold(check)
        self.names['answer'] = answer.body

    def filler(self, line):
        return Checks(Answer(), self.names, line).text

    def words(self, step):
        return shlex.split(self.filler(step.line)(step.rest))

    def step_account(self, step):
        """ACCOUNT Full Name <address>: signs up, proves the address, logs in; keeps {{account}}."""
        found = re.fullmatch(r'(.+) <(\S+)>', step.rest)
        if not found:
            raise Wrong(step.line, 'ACCOUNT Full Name <address>')
        known = {'email': found[2], 'password': PASSWORD}
        self.post_json(step, '/v1/signup', 202,
                       {'legal_name': found[1], 'adult_professional': True, 'terms': '1', 'notice': '1', **known})
        self.step_mail(Step(step.line, 'MAIL', f'verify to {found[2]}'))
        self.post_json(step, '/v1/verify', 200, {'token': self.names['token'], 'password': PASSWORD})
        self.names['account'] = self.post_json(step, '/v1/login', 200, known).json('account')

    def post_json(self, step, path, wanted, value):
        request = Request(Step(step.line, 'POST', path), lambda text: text, self.names)
        request.headers = [('Content-Type', 'application/json')]
        request.body = json.dumps(value).encode()
        answer = self.client.send(request, self.jar)
        if answer.status != wanted:
            raise Failed(step.line, f'{path}: expected {wanted}; got {answer.brief()}')
        return answer

    # What is not HTTP ----------------------------------------------------------------------------

    def step_raw(self, step):
        return self.client.send_raw([self.filler(step.line)(line) for line in step.lines])

    def step_as(self, step):
        self.jar = self.jars.setdefault(step.rest, Jar())

    def step_let(self, step):
        name, _, value = step.rest.partition(' = ')
        self.names[name] = self.filler(step.line)(value)

    def step_bytes(self, step):
        """BYTES name = 5 MiB: the same bytes at each run, without a pattern in them."""
        name, _, amount = step.rest.partition(' = ')
        self.names[name] = random.Random(name).randbytes(size(amount, step.line))

    def step_save(self, step):
        """The body of the last answer, or what is kept under a name: SAVE file [name]."""
        file, *name = self.words(step)
        value = self.names[name[0]] if name else self.names['answer']
        (self.directory / file).write_bytes(value if isinstance(value, bytes)
                                            else as_text(value).encode())

    def step_copy(self, step):
        """COPY from to: a directory or file; replaces what is there."""
        source, target = (self.directory / word for word in self.words(step))
        if target.is_dir():
            shutil.rmtree(target)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns('*.sock'))
        else:
            shutil.copy2(source, target)

    def step_wait(self, step):
        time.sleep(seconds(step.rest, step.line))

    def step_clock(self, step):
        """CLOCK +91 days, or CLOCK 2027-03-01T00:00:00Z: the server's clock jumps there."""
        wall = datetime.datetime.now(datetime.UTC)
        if step.rest.startswith('+'):
            ahead = self.ahead_seconds + seconds(step.rest[1:], step.line)
            then = wall + datetime.timedelta(seconds=ahead)
        else:
            then = datetime.datetime.fromisoformat(step.rest)
            ahead = (then - wall).total_seconds()
        request = Request(Step(step.line, 'POST', '/test/clock'), lambda text: text, self.names)
        request.headers = [('Content-Type', 'application/json')]
        request.body = json.dumps({'now': then.strftime('%Y-%m-%dT%H:%M:%SZ')}).encode()
        answer = self.client.send(request, Jar())
        if answer.status in range(200, 300):
            self.ahead_seconds = ahead
        elif not step.checks:
            raise Failed(step.line, f'the clock did not move; got {answer.brief()}')
        return answer if step.checks else None

    def step_code(self, step):
        """CODE name = SECRET: what an authenticator app with that secret (base32) shows now, by
        the server's clock (RFC 6238)."""
        name, _, secret = step.rest.partition(' = ')
        secret = self.filler(step.line)(secret)
        key = base64.b32decode(secret + '=' * (-len(secret) % 8))
        count = int((time.time() + self.ahead_seconds) // 30)
        digest = hmac.digest(key, count.to_bytes(8, 'big'), 'sha1')
        at = digest[-1] & 15
        self.names[name] = f'{(int.from_bytes(digest[at:at + 4], "big") & 0x7fffffff) % 10**6:06}'

    def step_start(self, step):
        self.started(self.words(step))

    def step_stop(self, _step):
        self.server.stop()

    def step_kill(self, _step):
        self.server.kill()

    # Mail ----------------------------------------------------------------------------------------

    def step_mail(self, step):
        """MAIL kind to address: the next one of that kind; its token is kept."""
        kind, address = self.mail_words(step)
        end = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < end:
            for file in self.new_mails():
                message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
                if message['X-Scalign-Mail'] != kind or address not in (message['To'] or ''):
                    continue
                self.mails_seen.add(file)
                text = message.get_body(('plain', 'html')).get_content().replace('\r\n', '\n')
                token = re.search(r'#token=([A-Za-z0-9_-]+)', text)
                if token:
                    self.names['token'] = token[1]
                answer = Answer(status=0, headers=list(message.items()), body=text.encode())
                return answer if step.checks else None
            time.sleep(0.02)
        raise Failed(step.line, f'no mail {kind} to {address} within {MAIL_SECONDS} s')

    def step_no(self, step):
        """NO MAIL kind to address: none comes within a second."""
        kind, address = self.mail_words(step)
        time.sleep(1)
        for file in self.new_mails():
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if message['X-Scalign-Mail'] == kind and address in (message['To'] or ''):
                raise Failed(step.line, f'a mail {kind} came to {address}')

    def mail_words(self, step):
        found = re.fullmatch(r'(?:MAIL )?(\S+) to (\S+)', self.filler(step.line)(step.rest))
        if not found:
            raise Wrong(step.line, 'MAIL kind to address')
        return found[1], found[2]

    def new_mails(self):
        outbox = self.server.data / 'outbox'
        found = outbox.glob('*.eml') if outbox.is_dir() else []
        return sorted(f for f in found if f not in self.mails_seen)

    # Commands ------------------------------------------------------------------------------------

    def command_line(self, words):
        """`scalign …` is the program under test; anything else is looked for as it stands."""
        return [*self.command, *words[1:]] if words[0] == 'scalign' else words

    def step_run(self, step):
        return self.execute(self.words(step))

    def execute(self, words):
        started = time.monotonic()
        try:
            done = subprocess.run(self.command_line(words), cwd=self.directory, text=True,
                                  errors='replace', stdin=subprocess.DEVNULL, capture_output=True,
                                  timeout=COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            return Answer(exit=124, err='timed out')
        return Answer(exit=done.returncode, out=done.stdout, err=done.stderr,
                      body=done.stdout.encode(), seconds=time.monotonic() - started)

    def step_tamper(self, step):
        """TAMPER file with command…: with any one value in the JSON file changed, the command, in
        which {{file}} is the changed copy, must refuse: exit 1 to 125."""
        found = re.fullmatch(r'(\S+) with (.+)', step.rest)
        if not found:
            raise Wrong(step.line, 'TAMPER file with command …')
        document = json.loads((self.directory / found[1]).read_text())
        copy = self.directory / 'tampered.json'
        self.names['file'] = str(copy)
        words = shlex.split(self.filler(step.line)(found[2]))
        for path, changed in mutations(document):
            copy.write_text(json.dumps(changed))
            answer = self.execute(words)
            if not 1 <= answer.exit <= 125:
                raise Failed(step.line, f'changed {path} was not refused; got {answer.brief()}')

    def step_canaries(self, step):
        """CANARIES words…: none of them in any byte of data, root or logs; delivered mail excepted."""
        outbox = self.server.data / 'outbox'
        found = search(self.words(step), [self.server.data, self.server.root, self.server.log,
                                          self.server.out], leave_out=[outbox])
        if found:
            raise Failed(step.line, '; '.join(found[:5]))


def mutations(value, path=''):
    """Copies of a JSON document, each with one value changed or taken away; (where, copy)."""
    if isinstance(value, dict):
        for key in value:
            where = f'{path}.{key}'.lstrip('.')
            yield f'{where} (removed)', {k: v for k, v in value.items() if k != key}
            for place, changed in mutations(value[key], where):
                yield place, {**value, key: changed}
    elif isinstance(value, list):
        for index, item in enumerate(value):
            for place, changed in mutations(item, f'{path}[{index}]'):
                yield place, [*value[:index], changed, *value[index + 1:]]
    elif isinstance(value, bool):
        yield path, not value
    elif isinstance(value, (int, float)):
        yield path, value + 1
    elif isinstance(value, str):
        yield path, other_text(value)
    else:
        yield path, 'x'


def other_text(value):
    """The text with one character in the middle replaced by another of its kind."""
    if not value:
        return 'x'
    middle = len(value) // 2
    kind = '01' if value[middle].isdigit() else 'ab' if value[middle].islower() else 'AB'
    return value[:middle] + (kind[1] if value[middle] == kind[0] else kind[0]) + value[middle + 1:]
