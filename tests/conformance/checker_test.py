"""Tests the checks: what is as described passes, and whatever is not is found."""
import copy
import json
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / 'journeys')]
from checker.bad import bad_requests, with_body  # noqa: E402
from checker.description import Description  # noqa: E402
from checker.exchange import answer_faults, refusal_faults, request_faults  # noqa: E402
from checker.life import verdicts  # noqa: E402
from checker.random_body import CANARY, Bodies  # noqa: E402
from checker.watch import Book  # noqa: E402
from runner.answer import Answer  # noqa: E402
from runner.client import Request  # noqa: E402
from runner.script import Step  # noqa: E402

PROBLEM = {'description': 'No.', 'content': {'application/problem+json': {
    'schema': {'$ref': '#/components/schemas/Problem'}}}}
DOCUMENT = {
    'paths': {'/birds/{id}': {'put': {
        'operationId': 'ringBird', 'security': [{'session': []}],
        'parameters': [{'name': 'id', 'in': 'path', 'schema': {'type': 'string'}}],
        'requestBody': {'content': {'application/json': {
            'schema': {'$ref': '#/components/schemas/Bird'}}}},
        'responses': {'200': {'description': 'Ringed.', 'content': {'application/json': {
            'schema': {'$ref': '#/components/schemas/Ring'}}}, 'headers': {
                'ETag': {'required': True, 'schema': {'type': 'string'}}}},
            '204': {'description': 'It was.'}, '400': PROBLEM, '404': PROBLEM}}}},
    'components': {'schemas': {
        'Bird': {'type': 'object', 'additionalProperties': False, 'required': ['name', 'nest'],
                 'properties': {'name': {'type': 'string', 'maxLength': 9},
                                'eggs': {'type': 'integer', 'minimum': 1, 'maximum': 12},
                                'nest': {'type': 'object', 'required': ['tree'],
                                         'properties': {'tree': {'enum': ['oak'], 'type': 'string'}}},
                                'mates': {'type': 'array', 'minItems': 1,
                                          'items': {'type': 'string'}}}},
        'Ring': {'type': 'object', 'required': ['ring'], 'properties': {
            'ring': {'type': 'string'}, 'since': {'type': 'string', 'format': 'date-time'}}},
        'Problem': {'type': 'object', 'properties': {
            'type': {'type': 'string', 'enum': ['/problems/invalid']}, 'status': {'type': 'integer'}}}}}}
GOOD = {'name': 'gull', 'nest': {'tree': 'oak'}}


def request(value, path='/birds/7'):
    made = Request(Step(0, 'PUT', path), str, {})
    made.headers = [('Content-Type', 'application/json')]
    return with_body(made, json.dumps(value).encode())


def answer(status=200, body=b'{"ring": "r1"}', kind='application/json', etag='"1"', **more):
    headers = [('Content-Type', kind), ('ETag', etag), *((k.replace('_', '-'), v)
                                                         for k, v in more.items())]
    return Answer(status, [(k, v) for k, v in headers if v], body)


class Checks(unittest.TestCase):
    def setUp(self):
        self.book = Book(copy.deepcopy(DOCUMENT))
        self.description = self.book.description
        self.operation = self.description.operations[0]

    def found(self, said):
        return ' '.join(answer_faults(self.description, self.operation, said))


class Answers(Checks):
    def test_what_is_described_passes(self):
        for said in (answer(), answer(204, b'', '', ''),
                     answer(body=b'{"ring": "r1", "since": "2026-01-02T03:04:05Z"}')):
            self.assertEqual('', self.found(said))

    def test_what_is_not_described_is_found(self):
        for said, what in (
                (Answer(), 'no response'),
                (answer(201), 'answers 201, which is not described'),
                (answer(500), 'answers 500'),
                (answer(kind='text/html'), 'as text/html'),
                (answer(body=b'{"ring": 5}'), "5 is not of type 'string'"),
                (answer(body=b'{}'), "'ring' is a required property"),
                (answer(body=b'{'), 'what is not JSON'),
                (answer(body=b'{"ring": "r1", "email": "x"}'), "'email' was unexpected"),
                (answer(body=b'{"ring": "r1", "since": "now"}'), "is not a 'date-time'"),
                (answer(etag=''), 'without ETag'),
                (answer(RateLimit='"a";r=1;t=1'), 'with RateLimit, which is not described'),
                (answer(204, b'x', '', ''), 'with a body that is not described')):
            self.assertIn(what, self.found(said))

    def test_a_refusal_is_that_refusal(self):
        problem = {'type': '/problems/invalid', 'status': 400}
        kind = 'application/problem+json'

        def found(status=400, **changed):
            said = answer(status, json.dumps({**problem, **changed}).encode(), kind, '')
            return refusal_faults(said, 400, 'invalid')

        self.assertEqual([], found())
        for faults in (found(200), found(409), found(type='/problems/denied'), found(status=409),
                       refusal_faults(answer(400), 400, 'invalid'),
                       refusal_faults(answer(401, b'', kind), 401, 'unauthenticated')):
            self.assertNotEqual([], faults)


class Requests(Checks):
    def taken(self, value, path='/birds/7'):
        return ' '.join(request_faults(self.description, self.operation, request(value, path)))

    def test_what_is_taken_is_described(self):
        self.assertEqual('', self.taken(GOOD))
        self.assertIn("'name' is a required property", self.taken({'nest': {'tree': 'oak'}}))
        self.assertIn("'x' was unexpected", self.taken({**GOOD, 'x': 1}))
        self.assertIn('query parameter', self.taken(GOOD, '/birds/7?x=1'))

    def test_each_member_is_spoiled_in_each_way(self):
        bad = list(bad_requests(self.description, self.operation, request(GOOD)))
        whats = [one.what for one in bad]
        for what in ('no session', 'no Origin', 'a foreign Origin', 'GET instead', 'id of nothing',
                     'no content type', 'no JSON', 'a member twice', 'a body that is too large',
                     'no name', 'no nest', 'no nest.tree', 'a member of the body that is not known',
                     'name: too long', 'name: 5, which is no string', 'eggs: too much',
                     'eggs: too little', 'nest.tree: what is not in the list',
                     'mates: an empty list', 'mates: a list with 5, which is no string'):
            self.assertIn(what, whats)
        for one in bad:  # each is one that the description does not allow
            if one.problem == 'invalid' and one.request.body.startswith(b'{"') and ': ' in one.what:
                faults = request_faults(self.description, self.operation, one.request)
                self.assertNotEqual([], faults, one.what)


class Places(Checks):
    def bad_paths(self, put_makes):
        document = copy.deepcopy(DOCUMENT)
        item = document['paths'].pop('/birds/{id}')
        item['put']['parameters'] = [
            {'name': 'wood', 'in': 'path', 'schema': {'type': 'string'}},
            {'name': 'id', 'in': 'path', 'schema': {'type': 'string'}, 'x-put-makes-it': put_makes}]
        item['put']['requestBody']['x-bytes-max'] = 100_000
        document['paths']['/woods/{wood}/birds/{id}'] = item
        description = Description(document)
        bad = list(bad_requests(description, description.operations[0],
                                request(GOOD, '/woods/north/birds/7')))
        self.assertTrue(any(len(one.request.body) > 100_000 for one in bad))
        return {one.request.path for one in bad if one.status == 404}

    def test_each_name_in_a_path_is_tried_alone_but_what_put_makes(self):
        nothing = 'a' * 26
        wood = {'/woods/x/birds/7', f'/woods/{nothing}/birds/7'}
        bird = {'/woods/north/birds/x', f'/woods/north/birds/{nothing}'}
        self.assertEqual(self.bad_paths(put_makes=True), wood)
        self.assertEqual(self.bad_paths(put_makes=False), wood | bird)


class Runs(Checks):
    def faults(self):
        return ' '.join(next(verdicts(self.book, {'ringBird': {404}}))[1])

    def test_an_operation_needs_a_good_and_a_bad_run_and_each_success(self):
        self.assertIn('has no good run', self.faults())
        self.assertIn('has no bad run', self.faults())
        self.book.take(self.operation, request(GOOD), answer())
        self.assertNotIn('has no good run', self.faults())
        self.assertIn('400 is described and no run gets it', self.faults())
        self.assertNotIn('404', self.faults())
        self.book.take(self.operation, request(GOOD), answer(404))
        self.assertIn('404 is in unseen, and a run gets it', self.faults())
        self.assertIn('204 is described and no run gets it', self.faults())
        self.book.take(self.operation, request(GOOD), answer(204, b'', '', ''))
        bad = next(bad_requests(self.description, self.operation, request(GOOD)))
        self.book.take_bad(self.operation, bad, answer())
        self.assertIn('no session: answers 200 and not 401', self.faults())


class Chance(Checks):
    def test_bodies_are_the_same_for_the_same_seed_and_often_not_allowed(self):
        def bodies(seed):
            made = Bodies(self.description, seed)
            return [made.body(self.operation.body_schema, json.dumps(GOOD)) for _ in range(200)]
        self.assertEqual(bodies('a'), bodies('a'))
        self.assertNotEqual(bodies('a'), bodies('b'))
        self.assertGreater(sum(CANARY.encode() in body for body in bodies('a')), 100)
        self.assertGreater(sum(b'\xff' in body or b'\0' in body for body in bodies('a')), 3)


if __name__ == '__main__':
    unittest.main()
