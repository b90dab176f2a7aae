"""A client that holds each exchange to the description. Before the first request of an operation it
sends the bad ones, in the same situation: what is refused is then refused for what is bad in it, and
the good one behind them shows that they changed nothing."""
import copy
from collections import Counter, defaultdict

from runner.client import Client, Jar, Request
from runner.script import Step

from .bad import bad_requests
from .description import Description
from .exchange import answer_faults, refusal_faults, request_faults


class Book:
    """What was seen of each operation, and what was wrong."""

    def __init__(self, document):
        self.description = Description(document)
        self.good = {}                    # operation id -> its first good request
        self.bad = Counter()              # operation id -> how many
        self.seen = defaultdict(set)      # operation id -> statuses
        self.faults = defaultdict(list)   # operation id -> in words
        self.routes = self.types = ('were not looked at',)  # what is wrong with them

    def fault(self, operation, what, faults):
        for one in faults:
            if len(self.faults[operation.id]) < 20:
                self.faults[operation.id].append(f'{what}: {one}')

    def take(self, operation, request, answer):
        self.seen[operation.id].add(answer.status)
        faults = answer_faults(self.description, operation, answer)
        if answer.status is not None and answer.status < 400:
            faults += request_faults(self.description, operation, request)
            self.good.setdefault(operation.id, request)
        self.fault(operation, 'in the table', faults)

    def take_bad(self, operation, bad, answer):
        self.bad[operation.id] += 1
        faults = refusal_faults(answer, bad.status, bad.problem)
        if bad.status == 405:  # of no operation; it names those that there are
            allowed = set((answer.header('Allow') or '').split(', '))
            wanted = self.description.methods(bad.request.path) | {'OPTIONS'}
            wanted |= {'HEAD'} & allowed if 'GET' in wanted else set()
            if allowed != wanted:
                faults.append(f'allows {answer.header("Allow")}')
        else:
            self.seen[operation.id].add(answer.status)
            faults += answer_faults(self.description, operation, answer)
        self.fault(operation, bad.what, faults)


class Watched(Client):
    book = None

    def send(self, request, jar):
        operation = self.book and self.book.description.find(request.method, request.path)
        if not operation:
            return super().send(request, jar)
        if not self.book.bad[operation.id]:
            for bad in bad_requests(self.book.description, operation, request):
                self.book.take_bad(operation, bad, super().send(bad.request, copy.deepcopy(jar)))
        answer = super().send(request, jar)
        self.book.take(operation, request, answer)
        return answer

    def get(self, path):
        return super().send(Request(Step(0, 'GET', path), str, {}), Jar())
