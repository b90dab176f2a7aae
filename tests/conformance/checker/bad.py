"""Bad requests, each made of a good one by one change, as the description of its operation has it.
So an operation that is new is tried without a word about it."""
import copy
import json
from dataclasses import dataclass


BODY_BYTES = 70_000  # more than any JSON body may have
NOBODYS_TOKEN = 'scal_pat_' + 'a' * 40
NO_ID = 'a' * 26
OTHER_KINDS = {'string': [5, None, [], {}], 'boolean': ['true', 1, None], 'integer': ['1', 1.5, None],
               'array': ['x', {}, None], 'object': ['x', [], 7]}


@dataclass
class Bad:
    what: str        # in words, for whoever reads a failure
    request: object  # of the runner
    status: int
    problem: str


def bad_requests(description, operation, good):
    yield from strangers(operation, good)
    yield from places(description, operation, good)
    if operation.body_schema is not None:
        yield from forms(good)
        value = json.loads(good.body)
        for what, changed in spoiled(description, operation.body_schema, value):
            yield Bad(what, with_body(good, json.dumps(changed).encode()), 400, 'invalid')


def strangers(operation, good):
    """Who does not say who she is, or says it from elsewhere."""
    if operation.schemes:
        yield Bad('no session', with_header(good, 'Cookie', 'none'), 401, 'unauthenticated')
        yield Bad('a session that never was', with_header(good, 'Cookie', f'__Host-session={NO_ID}'),
                  401, 'unauthenticated')
        yield Bad('a token that never was',
                  with_header(good, 'Authorization', f'Bearer {NOBODYS_TOKEN}'),
                  401, 'unauthenticated')
    if operation.method not in ('GET', 'HEAD', 'OPTIONS'):
        for what, origin in (('no Origin', 'none'), ('a foreign Origin', 'https://elsewhere.example')):
            yield Bad(what, with_header(good, 'Origin', origin), 403, 'origin')


def places(description, operation, good):
    """A method that is not there, and ids of nothing in the path."""
    taken = description.methods(good.path)
    if 'GET' in taken:
        taken.add('HEAD')
    for method in sorted({'GET', 'POST', 'PUT', 'PATCH', 'DELETE'} - taken):
        wrong = copy.copy(good)
        wrong.method = method
        yield Bad(f'{method} instead', wrong, 405, 'method')
    if 404 not in operation.responses:
        return
    for name in operation.path_names:
        for value in ('x', NO_ID):
            unknown = copy.copy(good)
            unknown.path = operation.path.replace('{' + name + '}', value)
            yield Bad(f'{name} of nothing', unknown, 404, 'missing')


def forms(good):
    """Bodies that are no JSON object, or do not say that they are one."""
    for what, kind in (('no content type', 'none'), ('a body of text', 'text/plain'),
                       ('a form', 'application/x-www-form-urlencoded')):
        yield Bad(what, with_header(good, 'Content-Type', kind), 415, 'unsupported')
    whole = json.loads(good.body)
    name = next(iter(whole), 'x')
    twice = good.body.strip()[:-1] + b',' + json.dumps({name: 1}).encode()[1:]
    for what, body in (('nothing', b''), ('no JSON', b'{'), ('a cut body', good.body.strip()[:-1]),
                       ('a list', b'[]'), ('a text', b'"x"'), ('null', b'null'),
                       ('what is behind an object', good.body + b'{}'), ('a member twice', twice),
                       ('what is not UTF-8', b'{"' + name.encode() + b'": "\xff"}'),
                       ('NUL', b'{\0}')):
        yield Bad(what, with_body(good, body), 400, 'invalid')
    yield Bad('a body that is too large', with_body(good, good.body + b' ' * BODY_BYTES), 413,
              'too-large')


def spoiled(description, schema, value, where=''):
    """(in words, the value with one thing in it that its schema does not allow)."""
    schema = description.resolved(schema)
    for name in schema.get('required', []):
        yield f'no {where}{name}', {k: v for k, v in value.items() if k != name}
    if schema.get('additionalProperties') is False:
        yield f'a member of {where or "the body"} that is not known', {**value, 'zzz': 1}
    for name, one in schema.get('properties', {}).items():
        one = description.resolved(one)
        for what, wrong in spoiled_value(description, one):
            yield f'{where}{name}: {what}', {**value, name: wrong}
        if one.get('type') == 'object' and name in value:
            for what, wrong in spoiled(description, one, value[name], f'{where}{name}.'):
                yield what, {**value, name: wrong}


def spoiled_value(description, schema):
    kind = schema.get('type')
    for wrong in OTHER_KINDS[kind]:
        yield f'{json.dumps(wrong)}, which is no {kind}', wrong
    if 'enum' in schema:
        yield 'what is not in the list', 'zzz'
    if 'const' in schema:
        yield 'another than the one', (not schema['const'] if kind == 'boolean' else 'zzz')
    if schema.get('format') == 'email':
        yield 'no address', 'zzz'
    if 'maxLength' in schema:
        longer = 'Long ' * (schema['maxLength'] // 5 + 1)
        yield 'too long', longer[:schema['maxLength']].rstrip().ljust(schema['maxLength'] + 1, 'x')
    if schema.get('minLength'):
        yield 'too short', 'x' * (schema['minLength'] - 1)
    if 'maximum' in schema:
        yield 'too much', schema['maximum'] + 1
        yield 'far too much', 10 ** 40
    if 'minimum' in schema:
        yield 'too little', schema['minimum'] - 1
    if schema.get('minItems'):
        yield 'an empty list', []
    if kind == 'array':
        for what, wrong in spoiled_value(description, description.resolved(schema['items'])):
            yield f'a list with {what}', [wrong]


def with_header(good, name, value):
    changed = copy.copy(good)
    changed.headers = [(n, v) for n, v in good.headers if n.lower() != name.lower()]
    changed.headers.append((name, value))
    return changed


def with_body(good, body):
    changed = copy.copy(good)
    changed.body = body
    return changed
