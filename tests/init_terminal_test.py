"""`scalign init` as a person meets it: on a pseudo-terminal, question by question."""
import os
import pty
import re
import select
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
PROGRAM = TOP / 'build' / 'release' / 'scalign'
SECONDS = 60  # for all of it

ANSWERS = {
    'Legal name': 'Bergen Verft AS', 'Its organisation number': '912 345 678',
    'Its street': 'Strandgaten 1', 'Its postal code': '5013', 'Its city': 'Bergen',
    'Its country': 'NO', "The country's name": 'Norway', 'Mail address': 'post@verft.example',
    'Name of the service': 'Dokk', 'Its time zone': 'Europe/Oslo',
    'Where the service is': 'https://dokk.example', 'And where else': '',
    'Name of its public log': '', 'How is TLS spoken': 'self-signed',
    'Address and port': '', 'Mail server': '', 'Host and port of a holder': 'none',
}


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, words, directory):
        self.master, theirs = pty.openpty()
        self.process = subprocess.Popen([PROGRAM, *words], cwd=directory, stdin=theirs,
                                        stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self.said, self.read_to, self.end = '', 0, time.monotonic() + SECONDS

    def more(self):
        """Whether it said more, or has not ended yet."""
        if time.monotonic() > self.end:
            raise AssertionError(f'it neither asks nor ends: {self.said}')
        if not select.select([self.master], [], [], 0.1)[0]:
            return True
        try:
            found = os.read(self.master, 4096)
        except OSError:  # it has closed its side
            return False
        self.said += found.decode().replace('\r\n', '\n')
        return bool(found)

    def question(self):
        """The next line that ends with `: `; None where it ends without asking."""
        while not self.said[self.read_to:].endswith(': '):
            if not self.more():
                return None
        line = self.said[self.read_to:].split('\n')[-1]
        return line

    def answer(self, text):
        self.read_to = len(self.said)
        os.write(self.master, (text + '\n').encode())

    def hang_up(self):
        """Ctrl-D at the beginning of a line."""
        self.read_to = len(self.said)
        os.write(self.master, b'\x04')

    def finish(self):
        while self.more():
            pass
        code = self.process.wait(SECONDS)
        os.close(self.master)
        return code


class Init(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.directory = Path(self.place.name)

    def interview(self, answers, words=()):
        """Answers by how a question begins; the questions in their order, and what it ended with."""
        terminal, asked = Terminal(['init', '--data', 'data', *words], self.directory), []
        self.addCleanup(self.kill, terminal)
        while (question := terminal.question()) is not None:
            start = next((each for each in answers if question.startswith(each)), None)
            self.assertIsNotNone(start, f'asked: {question}')
            asked.append(start)
            said = answers[start]
            terminal.answer(said if isinstance(said, str) else said.pop(0))
        return asked, terminal.finish(), terminal.said

    def kill(self, terminal):
        if terminal.process.poll() is None:
            terminal.process.kill()
            terminal.process.wait()

    def test_asks_for_all_that_is_lacking_and_sets_up(self):
        asked, code, said = self.interview(dict(ANSWERS))
        self.assertEqual(0, code, said)
        self.assertEqual(list(ANSWERS), asked)
        notice = (self.directory / 'data.notice.yaml').read_text()
        self.assertIn('  name: "Bergen Verft AS"\n', notice)
        self.assertIn('  log_origin: "dokk.example/log"\n', notice)
        settings = (self.directory / 'data.serve.conf').read_text()
        self.assertRegex(settings, r'(?m)^listen = 127\.0\.0\.1:8443$')
        self.assertRegex(settings, r'(?m)^tls-self-signed = yes$')
        self.assertRegex(settings, r'(?m)^no-replica = yes$')
        self.assertIn('What doctor says:', said)
        # All is there: nobody is asked again.
        again, code, said = self.interview({})
        self.assertEqual(([], 0), (again, code), said)

    def test_asks_again_where_an_answer_will_not_do(self):
        answers = {**ANSWERS, 'Its country': ['Norway', '', 'NO'], 'How is TLS spoken': 'proxy',
                   'Address of the proxy': '', 'Mail server': ['mail', 'smtps://mail.example:465'],
                   'User to log in': 'dokk', "File with the user's password":
                   ['nowhere', 'password'], 'Address that mails': '', 'Address to try a mail': ''}
        (self.directory / 'password').write_text('hemmelig\n')
        os.chmod(self.directory / 'password', 0o600)
        asked, code, said = self.interview(answers)
        self.assertEqual(0, code, said)
        self.assertEqual(3, asked.count('Its country'))
        self.assertIn('Write two capital letters, like NO.\n', said)
        self.assertIn('Write something: it is needed.\n', said)
        self.assertIn('Write the path of a file that is there.\n', said)
        settings = (self.directory / 'data.serve.conf').read_text()
        self.assertRegex(settings, r'(?m)^smtp-password-file = /.*/password$')
        self.assertRegex(settings, r'(?m)^trusted-proxy = 127\.0\.0\.1$')
        self.assertNotIn('hemmelig', settings + said)

    def test_options_are_not_asked_for(self):
        answers = {name: answer for name, answer in ANSWERS.items()
                   if name not in ('Its city', 'How is TLS spoken')}
        asked, code, said = self.interview(answers, ['--city', 'Oslo', '--tls-self-signed'])
        self.assertEqual(0, code, said)
        self.assertEqual(list(answers), asked)

    def test_nothing_is_made_where_the_person_leaves(self):
        terminal = Terminal(['init', '--data', 'data'], self.directory)
        self.addCleanup(self.kill, terminal)
        self.assertTrue(terminal.question().startswith('Legal name'))
        terminal.answer('Bergen Verft AS')
        self.assertTrue(terminal.question().startswith('Its organisation'))
        terminal.hang_up()
        self.assertEqual(2, terminal.finish(), terminal.said)
        self.assertNotIn('--operator', terminal.said)
        self.assertEqual(14, len(re.findall('(?m)^init: --', terminal.said)))
        self.assertEqual([], list(self.directory.iterdir()))


if __name__ == '__main__':
    unittest.main()
