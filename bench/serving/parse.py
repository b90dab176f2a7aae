"""The peer: Parse Server on PostgreSQL, as both are packaged, each started here and stopped."""
import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PEER = TOP / 'build/peers/node_modules/parse-server/bin/parse-server'
POSTGRES = Path('/usr/lib/postgresql/15/bin')
APPLICATION = 'bench'
START_SECONDS = 60


def free_port():
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        return listener.getsockname()[1]


class ParseServer:
    def __init__(self, directory):
        self.directory = directory / 'postgres'
        self.database_port, self.port = free_port(), free_port()
        self.processes = []
        # PostgreSQL refuses to run as root.
        self.demoted = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] \
            if os.getuid() == 0 else []

    def __enter__(self):
        if not PEER.exists():
            raise RuntimeError('Parse Server is missing: ./setup.sh bench')
        try:
            self.start_database()
            self.start_server()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start_database(self):
        self.directory.mkdir()
        self.directory.parent.chmod(0o755)
        if self.demoted:
            subprocess.run(['chown', 'postgres:', str(self.directory)], check=True)
        data = str(self.directory / 'data')
        subprocess.run([*self.demoted, str(POSTGRES / 'initdb'), '-D', data, '-A', 'trust', '-U',
                        'bench'], check=True, stdout=subprocess.DEVNULL)
        self.begin([*self.demoted, str(POSTGRES / 'postgres'), '-D', data, '-h', '127.0.0.1', '-p',
                    str(self.database_port), '-k', str(self.directory)])
        ready = [str(POSTGRES / 'pg_isready'), '-q', '-h', '127.0.0.1', '-p',
                 str(self.database_port)]
        wait_until(lambda: subprocess.run(ready).returncode == 0, 'PostgreSQL')

    def start_server(self):
        self.begin(
            [node(), str(PEER),
             '--appId', APPLICATION, '--masterKey', 'master', '--host', '127.0.0.1',
             '--port', str(self.port), '--serverURL', self.url('').rstrip('/'),
             '--databaseURI', f'postgres://bench@127.0.0.1:{self.database_port}/postgres',
             '--logLevel', 'error'],
            PARSE_SERVER_LOGS_FOLDER='null', NODE_ENV='production')
        wait_until(lambda: self.answers('health'), 'Parse Server')

    def begin(self, command, **environment):
        self.processes.append(subprocess.Popen(
            command, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, **environment}))

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
            process.wait(30)

    def url(self, path):
        return f'http://127.0.0.1:{self.port}/parse/{path}'

    def answers(self, path):
        try:
            self.ask(path)
            return True
        except (OSError, urllib.error.URLError):
            return False

    def ask(self, path, body=None, **headers):
        request = urllib.request.Request(
            self.url(path), body and json.dumps(body).encode(),
            {'X-Parse-Application-Id': APPLICATION, 'Content-Type': 'application/json', **headers})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def all_processes(self):
        """Its own and its database's, with what they have started."""
        found = [process.pid for process in self.processes]
        for process in found:
            with open(f'/proc/{process}/task/{process}/children') as children:
                found += map(int, children.read().split())
        return found

    def make(self, kind, value):
        """An object of a class that is new, which its master alone may make; its id."""
        return self.ask(f'classes/{kind}', value, **{'X-Parse-Master-Key': 'master'})['objectId']

    @staticmethod
    def application():
        return [f'X-Parse-Application-Id: {APPLICATION}']

    def session(self):
        """The headers of somebody who has just signed up."""
        token = self.ask('users', {'username': 'kari', 'password': 'correct horse battery',
                                   'email': 'kari@example.com'})['sessionToken']
        return [f'X-Parse-Application-Id: {APPLICATION}', f'X-Parse-Session-Token: {token}']


def node():
    """The one that the project's tools run on, which is new enough for Parse Server."""
    own = list((TOP / 'node_modules').glob('node-linux-*/bin/node'))
    return str(own[0]) if own else 'node'


def wait_until(ready, what):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.2)
    raise RuntimeError(f'{what} did not start')
