"""Plays the tables of runs, with everything held to the description that the server itself gives."""
import json
import tempfile
from pathlib import Path

from runner.play import Play
from runner.script import Step, parse

from . import problems, routes
from .watch import Book, Watched

HERE = Path(__file__).resolve().parents[1]
UNSEEN = HERE / 'unseen'


class Life(Play):
    client_class = Watched

    def __init__(self, script, command, directory, book):
        super().__init__(script, command, directory)
        self.book = book

    def started(self, options):
        super().started(options)
        if self.book is None:
            self.book = Book(json.loads(self.client.get('/v1/openapi.json').body))
        self.client.book = self.book

    def step_compare(self, _step):
        """Of all that the server serves, and what it says of it."""
        self.book.routes = list(routes.faults(self.book.description, self.client.get))
        self.book.types = list(problems.faults(self.book.description, self.client.get))


def play(command):
    """What came of each table: (its name, None or (line, what went wrong in it)); and the book."""
    book, found = None, []
    for table in sorted(HERE.glob('*.txt')):
        script = parse(table.read_text())
        script.steps.append(Step(0, 'COMPARE', ''))
        with tempfile.TemporaryDirectory() as directory:
            life = Life(script, command, directory, book)
            found.append((table.name, life.run()))
            book = life.book
    return found, book


def unseen():
    """{operation id: statuses} that no table brings about, each with its reason."""
    found = {}
    for line in UNSEEN.read_text().splitlines():
        if line and not line.startswith('#'):
            operation, status, _reason = line.split(maxsplit=2)
            found.setdefault(operation, set()).add(int(status))
    return found


def verdicts(book, excused):
    """(operation, what is wrong with it), for each of the description."""
    for operation in book.description.operations:
        faults = list(book.faults[operation.id])
        if operation.id not in book.good:
            faults.append('has no good run: give it one in tests/conformance/good.txt')
        if not book.bad[operation.id]:
            faults.append('has no bad run')
        seen, excuses = book.seen[operation.id], excused.get(operation.id, set())
        faults += [f'{status} is described and no run gets it' for status in
                   sorted(set(operation.responses) - seen - excuses)]
        faults += [f'{status} is in unseen, and a run gets it' for status in sorted(excuses & seen)]
        yield operation, faults
