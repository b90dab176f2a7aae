"""An OpenAPI 3.1 description as the checks ask it: which operation a request is, what it may say, and
what may be answered."""
import copy
import re
from dataclasses import dataclass, field

from jsonschema import Draft202012Validator, FormatChecker, RefResolver

METHODS = ('get', 'head', 'put', 'post', 'patch', 'delete', 'options')
JSON = 'application/json'
FORMATS = FormatChecker(formats=())


@FORMATS.checks('date-time')
def is_time(value):
    return not isinstance(value, str) or bool(
        re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', value))


@FORMATS.checks('date')
def is_date(value):
    return not isinstance(value, str) or bool(re.fullmatch(r'\d{4}-\d\d-\d\d', value))


@FORMATS.checks('email')
def is_address(value):
    return not isinstance(value, str) or bool(re.fullmatch(r'[^@\s]+@[^@\s]+', value))


@dataclass
class Operation:
    id: str
    method: str                 # GET, ...
    path: str                   # /v1/passkeys/{id}
    pattern: re.Pattern
    schemes: list               # who may ask: 'session', 'token'; nobody in particular where empty
    path_names: list
    query_names: set
    bodies: dict                # media type -> schema
    responses: dict = field(default_factory=dict)  # status -> response object, without references
    put_makes: set = field(default_factory=set)  # names in the path that PUT may make
    bytes_max: int = 0          # of a body, where its description says so

    @property
    def body_schema(self):
        """Of a JSON body; nothing where it takes none."""
        return self.bodies.get(JSON)

    def named(self, target, name, value):
        """What a request asks for, with another name in that place."""
        parts, place = target.split('?')[0].split('/'), self.path.split('/').index('{' + name + '}')
        return '/'.join([*parts[:place], value, *parts[place + 1:]])

    def good_statuses(self):
        return [status for status in self.responses if status < 400]

    def __str__(self):
        return f'{self.id} ({self.method} {self.path})'


class Description:
    def __init__(self, document):
        self.document = document
        # What is answered has no member that is not described, whether or not others may come later.
        self.strict = closed(copy.deepcopy(document))
        self.operations = [self.operation(path, item, method)
                           for path, item in document['paths'].items()
                           for method in METHODS if method in item]

    def resolved(self, value):
        while isinstance(value, dict) and '$ref' in value:
            at = self.document
            for part in value['$ref'].removeprefix('#/').split('/'):
                at = at[part.replace('~1', '/').replace('~0', '~')]
            value = at
        return value

    def operation(self, path, item, method):
        said = item[method]
        parameters = [self.resolved(p) for p in item.get('parameters', []) + said.get('parameters', [])]
        wide = {p['name'] for p in parameters if p.get('x-slashes')}
        schemes = [name for one in said['security'] for name in one]
        body = self.resolved(said.get('requestBody', {}))
        return Operation(
            said['operationId'], method.upper(), path, pattern_of(path, wide), schemes,
            [p['name'] for p in parameters if p['in'] == 'path'],
            {p['name'] for p in parameters if p['in'] == 'query'},
            {kind: one.get('schema', {}) for kind, one in body.get('content', {}).items()},
            {int(status): self.resolved(one) for status, one in said['responses'].items()},
            {p['name'] for p in parameters if p.get('x-put-makes-it')}, body.get('x-bytes-max', 0))

    def find(self, method, target):
        """The operation that a request is, or None; a literal path goes before one with names."""
        path = target.split('?')[0]
        found = [one for one in self.operations
                 if one.method == method and one.pattern.fullmatch(path)]
        return min(found, key=lambda one: one.path.count('{'), default=None)

    def methods(self, target):
        """All that are described for what a request asks for."""
        path = target.split('?')[0]
        return {one.method for one in self.operations if one.pattern.fullmatch(path)}

    def faults(self, schema, value, answered):
        """What is wrong with a value, by its schema."""
        document = self.strict if answered else self.document
        validator = Draft202012Validator(schema, resolver=RefResolver('', document),
                                         format_checker=FORMATS)
        return [f'{"/".join(map(str, fault.absolute_path)) or "the body"}: {shortly(fault)}'
                for fault in validator.iter_errors(value)]


def shortly(fault):
    return fault.message if len(fault.message) < 200 else f'{fault.message[:200]}…'


def pattern_of(path, wide):
    parts = re.split(r'\{(\w+)\}', path)
    return re.compile(''.join(
        re.escape(part) if place % 2 == 0 else '.*' if part in wide else '[^/]+'
        for place, part in enumerate(parts)))


def closed(value):
    """With `additionalProperties: false` in each schema that names properties and does not say."""
    if isinstance(value, dict):
        for item in value.values():
            closed(item)
        if value.get('type') == 'object' and isinstance(value.get('properties'), dict):
            value.setdefault('additionalProperties', False)
    elif isinstance(value, list):
        for item in value:
            closed(item)
    return value
