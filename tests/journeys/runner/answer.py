"""What a step gave (a response, a mail, a command's output), and the expectations held against it."""
import json
import re
from dataclasses import dataclass, field

from .script import Wrong, seconds, size


class Failed(Exception):
    """An expectation that does not hold."""

    def __init__(self, line, what):
        super().__init__(what)
        self.line = line


@dataclass
class Answer:
    status: int | None = None                     # of a response; None where the peer dropped
    headers: list = field(default_factory=list)   # (name, value)
    body: bytes = b''
    exit: int | None = None                       # of a command
    out: str = ''
    err: str = ''
    seconds: float = 0.0

    def header(self, name):
        found = [v for n, v in self.headers if n.lower() == name.lower()]
        return ', '.join(found) if found else None

    def json(self, path):
        """The value at `a.b[0].c`; KeyError where there is none."""
        value = json.loads(self.body)
        for part in re.findall(r'[^.\[\]]+|\[\d+\]', path):
            key = int(part[1:-1]) if part.startswith('[') else part
            if not isinstance(value, (dict, list)) or isinstance(value, list) != isinstance(key, int):
                raise KeyError(path)
            try:
                value = value[key]
            except (IndexError, KeyError):
                raise KeyError(path) from None
        return value

    def brief(self):
        if self.exit is not None:
            return f'exit {self.exit}: {(self.out + self.err).strip()[-300:]}'
        if self.status is None:
            return 'no response'
        return f'{self.status} {self.body[:300].decode(errors="replace").strip()}'


KINDS = {'number': (int, float), 'string': str, 'object': dict, 'array': list, 'boolean': bool,
         'null': type(None)}


class Checks:
    """Holds one step's `->` lines against its answer. `names` are the values kept so far."""

    def __init__(self, answer, names, line):
        self.answer, self.names, self.line = answer, names, line

    def hold(self, check):
        for pattern, method in RULES:
            found = re.fullmatch(pattern, check, re.DOTALL)
            if found:
                method(self, *found.groups())
                return
        raise Wrong(self.line, f'unknown expectation: {check}')

    def fail(self, what):
        raise Failed(self.line, f'{what}; got {self.answer.brief()}')

    def text(self, value):
        """`{{name}}` replaced by what was kept."""
        return re.sub(r'\{\{(\w+)\}\}', lambda m: as_text(self.value(m[1])), value)

    def pattern(self, value):
        filled = re.sub(r'\{\{(\w+)\}\}', lambda m: re.escape(as_text(self.value(m[1]))), value)
        return re.compile(filled, re.DOTALL)

    def value(self, name):
        if name not in self.names:
            raise Wrong(self.line, f'nothing is kept under the name {name}')
        return self.names[name]

    def status(self, wanted):
        if self.answer.status not in [int(s) for s in wanted.split(' or ')]:
            self.fail(f'expected {wanted}')

    def dropped(self):
        if self.answer.status is not None:
            self.fail('expected the connection to be dropped')

    def any(self):
        pass

    def exit_code(self, wanted):
        if self.answer.exit != int(wanted):
            self.fail(f'expected exit {wanted}')

    def within(self, span):
        if self.answer.seconds > seconds(span, self.line):
            self.fail(f'took {self.answer.seconds:.2f} s, more than {span}')

    def header_is(self, name, wanted):
        if self.answer.header(name) != self.text(wanted):
            self.fail(f'expected {name}: {self.text(wanted)}, found {self.answer.header(name)}')

    def header_like(self, name, pattern):
        found = self.answer.header(name)
        if found is None or not self.pattern(pattern).search(found):
            self.fail(f'expected {name} like {pattern}, found {found}')

    def no_header(self, name):
        if self.answer.header(name) is not None:
            self.fail(f'expected no {name}')

    def json_at(self, path):
        try:
            return self.answer.json(path)
        except (KeyError, ValueError):
            self.fail(f'expected JSON with {path}')

    def json_is(self, path, wanted):
        filled = self.text(wanted)
        try:
            value = json.loads(filled)
        except ValueError:
            raise Wrong(self.line, f'not a JSON value: {filled}') from None
        found = self.json_at(path)
        if found != value or type(found) is not type(value):
            self.fail(f'expected {path} = {filled}, found {json.dumps(found)}')

    def json_like(self, path, pattern):
        found = self.json_at(path)
        if not self.pattern(pattern).search(found if isinstance(found, str) else json.dumps(found)):
            self.fail(f'expected {path} like {pattern}, found {json.dumps(found)}')

    def json_kind(self, path, kind):
        found = self.json_at(path)
        right = isinstance(found, KINDS[kind]) and (kind == 'boolean' or not isinstance(found, bool))
        if not right:
            self.fail(f'expected {path} to be a {kind}, found {json.dumps(found)}')

    def no_json(self, path):
        try:
            found = self.answer.json(path)
        except (KeyError, ValueError):
            return
        self.fail(f'expected no {path}, found {json.dumps(found)}')

    def problem(self, name):
        """RFC 9457, as every refusal answers: the type, the status twice, the title."""
        if self.answer.header('Content-Type') != 'application/problem+json':
            self.fail(f'expected application/problem+json, found {self.answer.header("Content-Type")}')
        self.json_kind('title', 'string')
        if self.json_at('status') != self.answer.status:
            self.fail('expected the status in the body to be that of the response')
        if name and not str(self.json_at('type')).endswith('/' + name):
            self.fail(f'expected the problem {name}, found {self.json_at("type")}')

    def body_is(self, name, start, end):
        wanted = self.value(name)
        wanted = wanted.encode() if isinstance(wanted, str) else wanted
        wanted = wanted[int(start) if start else None:int(end) if end else None]
        if self.answer.body != wanted:
            self.fail(f'expected the {len(wanted)} bytes of {name}, found {len(self.answer.body)}')

    def body_like(self, pattern):
        if not self.pattern(pattern).search(self.answer.body.decode(errors='replace')):
            self.fail(f'expected a body like {pattern}')

    def no_body_like(self, pattern):
        if self.pattern(pattern).search(self.answer.body.decode(errors='replace')):
            self.fail(f'expected no body like {pattern}')

    def body_empty(self):
        if self.answer.body:
            self.fail('expected an empty body')

    def body_size(self, wanted):
        if len(self.answer.body) != size(wanted, self.line):
            self.fail(f'expected {wanted}, found {len(self.answer.body)} B')

    def said(self, stream, pattern):
        if not self.pattern(pattern).search(getattr(self.answer, stream)):
            self.fail(f'expected {stream} like {pattern}')

    def not_said(self, stream, pattern):
        if self.pattern(pattern).search(getattr(self.answer, stream)):
            self.fail(f'expected {stream} not like {pattern}')

    def keep_json(self, name, path):
        self.names[name] = self.json_at(path)

    def keep_header(self, name, header):
        found = self.answer.header(header)
        if found is None:
            self.fail(f'expected {header}')
        self.names[name] = found

    def keep_body(self, name):
        self.names[name] = self.answer.body

    def keep_match(self, name, pattern):
        found = self.pattern(pattern).search(self.answer.body.decode(errors='replace'))
        if not found:
            self.fail(f'expected a body like {pattern}')
        self.names[name] = found[1] if found.re.groups else found[0]


def as_text(value):
    if isinstance(value, bytes):
        return value.decode(errors='replace')
    return value if isinstance(value, str) else json.dumps(value)


RULES = [
    (r'(\d{3}(?: or \d{3})*)', Checks.status),
    (r'dropped', Checks.dropped),
    (r'any', Checks.any),
    (r'exit (\d+)', Checks.exit_code),
    (r'within (.+)', Checks.within),
    (r'header ([\w-]+): (.*)', Checks.header_is),
    (r'header ([\w-]+) ~ (.+)', Checks.header_like),
    (r'no header ([\w-]+)', Checks.no_header),
    (r'json (\S+) = (.+)', Checks.json_is),
    (r'json (\S+) ~ (.+)', Checks.json_like),
    (r'json (\S+) is (number|string|object|array|boolean|null)', Checks.json_kind),
    (r'no json (\S+)', Checks.no_json),
    (r'problem ?([\w-]*)', Checks.problem),
    (r'body = (\w+)(?:\[(\d*):(\d*)\])?', Checks.body_is),
    (r'body ~ (.+)', Checks.body_like),
    (r'no body ~ (.+)', Checks.no_body_like),
    (r'body empty', Checks.body_empty),
    (r'body size (.+)', Checks.body_size),
    (r'(out|err) ~ (.+)', Checks.said),
    (r'no (out|err) ~ (.+)', Checks.not_said),
    (r'keep (\w+) = json (\S+)', Checks.keep_json),
    (r'keep (\w+) = header ([\w-]+)', Checks.keep_header),
    (r'keep (\w+) = body', Checks.keep_body),
    (r'keep (\w+) = body ~ (.+)', Checks.keep_match),
]
