"""Walks the README's tour as it stands: its commands in one shell, in the README's order. What they
print must be what the README shows, but for the ids, times, digests and keys of that day."""
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP / 'tests' / 'journeys'))
from runner.server import Server  # noqa: E402

PROGRAM = TOP / 'build' / 'release' / 'scalign'
MARK = '@@@ next @@@'
OF_THE_DAY = [(r'"[a-z2-7]{26}"', '"ID"'), (r'\\"[a-z2-7]{26}\\"', '"TAG"'),
              (r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', 'TIME'), (r'\+[0-9a-f]{8}\+\S{44}', '+KEY')]


def tour():
    """(command, what the README shows of it): the `$` lines of console blocks, and sh blocks whole,
    but for those that are about ./run and ./test."""
    steps = []
    for kind, block in re.findall(r'```(console|sh)\n(.*?)```', (TOP / 'README.md').read_text(),
                                  re.DOTALL):
        if kind == 'sh':
            steps += [] if './run' in block else [(block.strip(), [])]
            continue
        for line in block.splitlines():
            if line.startswith('$ '):
                steps.append((line[2:], []))
            elif unfinished(steps[-1][0]):
                steps[-1] = (steps[-1][0] + '\n' + line, [])
            else:
                steps[-1][1].append(line)
    return [(command, '\n'.join(shown)) for command, shown in steps]


def unfinished(command):
    return command.endswith('\\') or command.count("'") % 2 == 1


def timeless(text):
    for pattern, word in OF_THE_DAY:
        text = re.sub(pattern, word, text)
    return text.strip()


class Readme(unittest.TestCase):
    def test_the_tour_works_as_written(self):
        steps = tour()
        self.assertGreater(len(steps), 10)
        with tempfile.TemporaryDirectory() as directory:
            for name in ('build', 'notice'):
                os.symlink(TOP / name, Path(directory, name))
            server = Server([PROGRAM], directory)
            server.start()
            try:
                said = self.walk(directory, server, [command for command, _ in steps])
            finally:
                server.kill()
        self.assertEqual(len(steps), len(said))
        for (command, shown), found in zip(steps, said):
            with self.subTest(command):
                shown, found = timeless(shown), timeless(found)
                if shown.endswith('...'):  # the README shows how it begins
                    found = found[:len(shown) - 3] + '...'
                if shown:
                    self.assertEqual(shown, found)

    def walk(self, directory, server, commands):
        # A person takes longer than a mail does.
        script = ''.join(('sleep 1.5\n' if 'outbox/*.eml' in command else '')
                         + f'{command}\necho "{MARK}"\n' for command in commands)
        script = script.replace('localhost:8080', f'localhost:{server.port}')
        done = subprocess.run(['bash', '-c', script], cwd=directory, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        return done.stdout.split(MARK + '\n')[:-1]


if __name__ == '__main__':
    unittest.main()
