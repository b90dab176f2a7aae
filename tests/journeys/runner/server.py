"""One server under test: its directories, its process, its addresses. Started on a free port that it
keeps over restarts."""
import os
import re
import signal
import subprocess
import time
from pathlib import Path

START_SECONDS = 40  # a machine whose disk is busy syncs slowly, and a start waits for many syncs
STOP_SECONDS = 30


class ServerFailed(Exception):
    pass


class Server:
    def __init__(self, command, directory):
        self.command = list(command)  # the program and what stands before `serve`
        self.directory = Path(directory)
        self.data = self.directory / 'data'
        self.root = self.directory / 'data.root'
        self.out = self.directory / 'server.out'
        self.log = self.directory / 'server.log'
        self.process, self.port, self.scheme = None, None, 'http'

    def start(self, options=()):
        if self.process:
            raise ServerFailed('the server runs already')
        usual = {'--data': str(self.data), '--root': str(self.root),
                 '--listen': f'127.0.0.1:{self.port or 0}'}
        for name, value in usual.items():
            if name not in options:
                options = [*options, name, value]
        # A server that others than this machine may trust has no clock of a test's.
        clock = [] if '--tls-cert' in options else ['--test-clock']
        before = self.out.stat().st_size if self.out.exists() else 0
        with open(self.out, 'ab') as out, open(self.log, 'ab') as log:
            self.process = subprocess.Popen(
                [*self.command, 'serve', *options, *clock], stdin=subprocess.DEVNULL,
                stdout=out, stderr=log, cwd=self.directory, start_new_session=True)
        self.scheme, self.port = self.learn_address(before)

    def learn_address(self, before):
        """From the line `Serving http://localhost:PORT` that it prints once it listens."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            said = self.out.read_bytes()[before:].decode(errors='replace')
            found = re.search(r'^Serving (https?)://[^\s/:]+:(\d+)\n', said, re.MULTILINE)
            if found:
                return found[1], int(found[2])
            if self.process.poll() is not None:
                code, self.process = self.process.returncode, None
                raise ServerFailed(f'the server ended with {code}: {self.last_words()}')
            time.sleep(0.01)
        self.kill()
        raise ServerFailed(f'no address after {START_SECONDS} s: {self.last_words()}')

    def last_words(self):
        said = (self.out.read_bytes() + self.log.read_bytes()).decode(errors='replace')
        return ' | '.join(said.strip().splitlines()[-5:])

    def stop(self):
        """SIGTERM; the server drains and must end with 0."""
        process, self.process = self.process, None
        if process is None:
            raise ServerFailed('the server does not run')
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise ServerFailed(f'no end {STOP_SECONDS} s after SIGTERM') from None
        if code != 0:
            raise ServerFailed(f'ended with {code} after SIGTERM: {self.last_words()}')

    def kill(self):
        """SIGKILL to it and its children, as a crash of the machine would."""
        process, self.process = self.process, None
        if process:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
