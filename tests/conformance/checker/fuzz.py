"""Sends each operation that takes JSON bodies by chance, to a server of its own: whatever comes, it
answers as it says it does, goes on, and writes down nothing of what was sent."""
from runner.answer import Failed
from runner.canaries import search
from runner.client import Jar
from runner.play import Play
from runner.script import Step, parse
from runner.server import ServerFailed

from .bad import with_body
from .exchange import answer_faults
from .random_body import CANARY, HOSTILE, NUMBER, Bodies

BODIES = 50  # beside those that are hostile
SEED = 20261127


class Chance(Play):
    """A server and people in it, as often as one is needed."""

    def __init__(self, command, directory, book):
        super().__init__(parse(''), command, directory)
        self.book, self.people = book, 0

    def log_in(self):
        """As somebody who has tried nothing yet."""
        self.jar, self.people = Jar(), self.people + 1
        self.step_account(Step(0, 'ACCOUNT', f'Kari Nordmann <kari{self.people}@example.com>'))

    def ask(self, method, path):
        request = next(iter(self.book.good.values()))
        request = with_body(request, None)
        request.method, request.path, request.headers = method, path, []
        return self.client.send(request, self.jar)

    def run(self):
        """(operation, what is wrong), for each that takes JSON; at last (None, what the log has)."""
        self.started(())
        try:
            for operation in self.book.description.operations:
                if operation.body_schema is not None and operation.id in self.book.good:
                    yield operation, self.operation_faults(operation)
            alive = self.ask('GET', '/healthz').status == 200
            self.server.stop()
            outbox = self.server.data / 'outbox'
            found = search([CANARY, str(NUMBER)], [self.server.log, self.server.out, self.server.data,
                                                   self.server.root], leave_out=[outbox])
            yield None, found + ([] if alive else ['the server does not answer any more'])
        except (Failed, ServerFailed) as wrong:
            yield None, [f'the server is not there any more: {wrong}']
        finally:
            self.server.kill()

    def operation_faults(self, operation):
        bodies = Bodies(self.book.description, f'{SEED} {operation.id}')
        good = self.book.good[operation.id]
        faults = []
        if operation.schemes:
            self.log_in()
        made = (bodies.body(operation.body_schema, good.body) for _ in range(BODIES))
        for number, body in enumerate([*HOSTILE, *made]):
            answer = self.client.send(with_body(good, body), self.jar)
            if operation.schemes and self.ask('GET', '/v1/account').status == 401:
                self.log_in()  # she has left
            faults += [f'body {number} ({body[:80]!r}…): {fault}' for fault in
                       answer_faults(self.book.description, operation, answer)]
        return faults[:5]
