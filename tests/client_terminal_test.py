"""`scalign login`, `get` and `put` as a person meets them: on a pseudo-terminal, against a server."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / 'journeys')]
from runner.server import Server  # noqa: E402

PROGRAM = HERE.parent / 'build' / 'release' / 'scalign'
SECONDS = 60  # for one command
PASSWORD = 'correct horse battery'


class Terminal:
    """A program with a terminal of its own: its streams, and what it opens as /dev/tty."""

    def __init__(self, words, directory):
        self.master, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
        self.theirs = theirs
        environment = {**os.environ, 'XDG_CONFIG_HOME': str(directory / 'config')}

        def take():
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # whatever starts the tests may ignore it
            os.setsid()
            fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
        self.process = subprocess.Popen([PROGRAM, *words], cwd=directory, stdin=theirs, stdout=theirs,
                                        stderr=theirs, preexec_fn=take, env=environment)
        self.said, self.end = '', time.monotonic() + SECONDS

    def echoes(self):
        return bool(termios.tcgetattr(self.theirs)[3] & termios.ECHO)

    def more(self):
        """Whether it said more, or has not ended yet."""
        if time.monotonic() > self.end:
            raise AssertionError(f'it neither asks nor ends: {self.said}')
        if not select.select([self.master], [], [], 0.05)[0]:
            return self.process.poll() is None
        self.said += os.read(self.master, 4096).decode().replace('\r\n', '\n')
        return True

    def answer(self, question, text):
        """Waits for the question, and answers it."""
        while not self.said.endswith(question + ' '):
            if not self.more():
                raise AssertionError(f'it never asks {question}: {self.said}')
        os.write(self.master, text.encode())

    def finish(self):
        while self.more():
            pass
        code = self.process.wait(SECONDS)
        self.echoed_at_end = self.echoes()
        os.close(self.theirs)
        os.close(self.master)
        return code


class Client(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.place.cleanup)
        cls.directory = Path(cls.place.name)
        cls.server = Server([str(PROGRAM)], cls.directory)
        cls.server.start()
        cls.addClassCleanup(cls.server.kill)
        cls.url = f'http://localhost:{cls.server.port}'
        cls.call('/v1/signup', {'legal_name': 'Kari Nordmann', 'email': 'kari@example.com',
                                'password': PASSWORD, 'adult_professional': True, 'terms': '1',
                                'notice': '1'})
        cls.call('/v1/verify', {'token': cls.mailed(), 'password': PASSWORD})

    @classmethod
    def call(cls, path, body, **headers):
        request = urllib.request.Request(cls.url + path, json.dumps(body).encode(), {
            'Origin': cls.url, 'Content-Type': 'application/json', **headers})
        with urllib.request.urlopen(request) as answer:
            return answer.headers, answer.read()

    @classmethod
    def mailed(cls):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for mail in (cls.server.data / 'outbox').glob('*.eml'):
                if found := re.search(r'token=([A-Za-z0-9_-]+)', mail.read_text()):
                    return found[1]
            time.sleep(0.05)
        raise AssertionError('no mail came')

    def terminal(self, *words):
        terminal = Terminal(words, self.directory)
        self.addCleanup(self.kill, terminal)
        return terminal

    def kill(self, terminal):
        if terminal.process.poll() is None:
            terminal.process.kill()
            terminal.process.wait()

    def log_in(self):
        terminal = self.terminal('login', self.url)
        terminal.answer('Mail address (empty: give a token):', 'kari@example.com\n')
        terminal.answer('Password:', PASSWORD + '\n')
        code = terminal.finish()
        self.assertEqual(0, code, terminal.said)
        return terminal

    def test_a_password_is_asked_for_and_not_shown(self):
        terminal = self.terminal('login', self.url)
        terminal.answer('Mail address (empty: give a token):', 'kari@example.com\n')
        terminal.answer('Password:', '')
        self.assertFalse(terminal.echoes())
        os.write(terminal.master, (PASSWORD + '\n').encode())
        self.assertEqual(0, terminal.finish(), terminal.said)
        self.assertTrue(terminal.echoed_at_end)
        self.assertNotIn(PASSWORD, terminal.said)
        self.assertRegex(terminal.said, rf'Logged in at {self.url}\. The token is in .*/config/'
                                        r'scalign/logins\.json, and ends on \d{4}-\d\d-\d\d\.')
        kept = self.directory / 'config' / 'scalign' / 'logins.json'
        self.assertEqual(0o600, kept.stat().st_mode & 0o7777)
        token = json.loads(kept.read_text())[0]['token']
        self.assertRegex(token, '^scal_pat_')
        self.assertNotIn(token, terminal.said)

    def test_a_wrong_password_is_refused(self):
        terminal = self.terminal('login', self.url)
        terminal.answer('Mail address (empty: give a token):', 'kari@example.com\n')
        terminal.answer('Password:', 'wrong horse battery\n')
        self.assertEqual(1, terminal.finish(), terminal.said)
        self.assertIn('Wrong email or password', terminal.said)

    def test_a_token_is_not_shown_either(self):
        terminal = self.terminal('login', self.url)
        terminal.answer('Mail address (empty: give a token):', '\n')
        terminal.answer('Token:', 'scal_pat_wrong\n')
        self.assertEqual(1, terminal.finish(), terminal.said)
        self.assertNotIn('scal_pat_wrong', terminal.said)
        self.assertIn('opens nothing', terminal.said)

    def test_whoever_leaves_gets_the_echo_back(self):
        terminal = self.terminal('login', self.url)
        terminal.answer('Mail address (empty: give a token):', 'kari@example.com\n')
        terminal.answer('Password:', '\x03')  # Ctrl-C
        self.assertEqual(-2, terminal.finish(), terminal.said)
        self.assertTrue(terminal.echoed_at_end)

    def test_a_second_factor_is_asked_for(self):
        headers, _ = self.call('/v1/signup', {
            'legal_name': 'Ola Nordmann', 'email': 'ola@example.com', 'password': PASSWORD,
            'adult_professional': True, 'terms': '1', 'notice': '1'})
        for mail in (self.server.data / 'outbox').glob('*.eml'):
            mail.unlink()
        self.call('/v1/signup', {'legal_name': 'Ola Nordmann', 'email': 'ola@example.com',
                                 'password': PASSWORD, 'adult_professional': True, 'terms': '1',
                                 'notice': '1'})
        self.call('/v1/verify', {'token': self.mailed(), 'password': PASSWORD})
        headers, _ = self.call('/v1/login', {'email': 'ola@example.com', 'password': PASSWORD})
        cookie = headers['Set-Cookie'].split(';')[0]
        _, secret = self.call('/v1/factors/authenticator', {}, Cookie=cookie)
        code = subprocess.run(['oathtool', '--totp', '--base32', json.loads(secret)['secret']],
                              check=True, capture_output=True, text=True).stdout.strip()
        _, codes = self.call('/v1/factors/authenticator/confirm', {'code': code}, Cookie=cookie)
        spare = json.loads(codes)['recovery_codes'][0]
        terminal = self.terminal('login', self.url)
        terminal.answer('Mail address (empty: give a token):', 'ola@example.com\n')
        terminal.answer('Password:', PASSWORD + '\n')
        question = 'Code of your authenticator app, or a recovery code:'
        terminal.answer(question, 'aaaa-aaaa\n')
        terminal.said = terminal.said.replace(question, '')
        terminal.answer(question, spare + '\n')
        self.assertEqual(0, terminal.finish(), terminal.said)
        self.assertIn('Logged in', terminal.said)
        self.assertNotIn(spare, terminal.said)

    def test_progress_is_shown_on_a_terminal(self):
        self.log_in()
        for words in (('put', '--force', 'large.bin', '/'), ('get', '--force', 'large.bin')):
            # A fast machine has moved the smaller ones before there is progress to show.
            for mib, size in ((96, '96 MiB'), (384, '384 MiB'), (1536, '1.5 GiB')):
                with open(self.directory / 'large.bin', 'r+b' if words[0] == 'get' else 'wb') as file:
                    file.truncate(mib << 20)
                if words[0] == 'get':
                    self.assertEqual(0, self.terminal('put', '--force', 'large.bin', '/').finish())
                terminal = self.terminal(*words)
                self.assertEqual(0, terminal.finish(), terminal.said)
                lines = re.split(r'\r\x1b\[K', terminal.said)
                self.assertTrue(all(len(line) < 80 for line in lines), terminal.said)
                self.assertRegex(lines[-1], rf'^large\.bin  {size}')
                if any(re.fullmatch(rf'large\.bin +\d+%  [\d.]+ [KMG]?i?B of {size}  '
                                    r'[\d.]+ [KMG]iB/s  \d+:\d\d left', line) for line in lines):
                    break
            else:
                self.fail(f'no progress is shown: {terminal.said}')
        quiet = self.terminal('get', '--quiet', '--force', 'large.bin')
        self.assertEqual((0, ''), (quiet.finish(), quiet.said))

    def test_a_password_of_a_link_is_asked_for_twice_and_not_shown(self):
        self.log_in()
        (self.directory / 'offer.txt').write_text('12 trawlers')
        self.assertEqual(0, self.terminal('put', '--force', 'offer.txt', '/').finish())
        for again, code in (('for Oslo alone', 2), ('for Bergen alone', 0)):
            terminal = self.terminal('share', 'offer.txt', '--password')
            terminal.answer('Password of the link:', '')
            self.assertFalse(terminal.echoes())
            os.write(terminal.master, b'for Bergen alone\n')
            terminal.answer('The same again:', again + '\n')
            self.assertEqual(code, terminal.finish(), terminal.said)
            self.assertTrue(terminal.echoed_at_end)
            self.assertNotIn('for ', terminal.said.replace('for you', ''))
        token = re.search(rf'{self.url}/s/([A-Za-z0-9_-]+)\n', terminal.said)[1]
        self.assertIn('and the password may read the file until ', terminal.said)
        self.call(f'/v1/links/{token}/open', {'password': 'for Bergen alone'})


if __name__ == '__main__':
    unittest.main()
