"""Plays the table of good runs, with everything held to the description that the server itself gives."""
import json
from pathlib import Path

from runner.play import Play
from runner.script import Step, parse

from . import problems, routes
from .watch import Book, Watched

TABLE = Path(__file__).resolve().parents[1] / 'good.txt'


class Life(Play):
    client_class = Watched
    book = None

    def started(self, options):
        super().started(options)
        if self.book is None:
            self.book = Book(json.loads(self.client.get('/v1/openapi.json').body))
        self.client.book = self.book


    def step_compare(self, _step):
        """Of all that the server serves, and what it says of it."""
        self.book.routes = list(routes.faults(self.book.description, self.client.get))
        self.book.types = list(problems.faults(self.book.description, self.client.get))


def play(command, directory):
    """The table's life, with its book, and what went wrong in the table itself: (line, what)."""
    script = parse(TABLE.read_text())
    script.steps.append(Step(0, 'COMPARE', ''))
    life = Life(script, command, directory)
    return life, life.run()


def verdicts(book):
    """(operation, what is wrong with it), for each of the description."""
    for operation in book.description.operations:
        faults = list(book.faults[operation.id])
        if operation.id not in book.good:
            faults.append('has no good run: give it one in tests/conformance/good.txt')
        if not book.bad[operation.id]:
            faults.append('has no bad run')
        faults += [f'{status} is described and no run gets it' for status in
                   sorted(set(operation.good_statuses()) - book.seen[operation.id])]
        yield operation, faults
