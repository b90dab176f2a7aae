"""Reads a journey: a text file of steps, each a keyword line, the lines that belong to it, and the
`->` lines that say what must come of it. README.md beside the journeys tells the language."""
import re
from dataclasses import dataclass, field

METHODS = {'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'}
KEYWORDS = METHODS | {'RAW', 'MAIL', 'NO', 'RUN', 'TAMPER', 'SAVE', 'COPY', 'BYTES', 'LET', 'AS', 'ACCOUNT',
                      'CLOCK', 'CODE', 'PASSKEY', 'WAIT', 'START', 'STOP', 'KILL', 'CANARIES', 'FOR', 'END'}


class Wrong(Exception):
    """The script itself is wrong."""

    def __init__(self, line, what):
        super().__init__(what)
        self.line = line


@dataclass
class Step:
    line: int
    keyword: str
    rest: str
    lines: list = field(default_factory=list)   # what belongs to the step, as written
    checks: list = field(default_factory=list)  # (line number, text after the arrow)


@dataclass
class Script:
    title: str
    steps: list


def parse(text):
    """The script's title (its first comment) and its steps, loops unrolled."""
    lines = text.splitlines()
    title = next((line.lstrip('# ').strip() for line in lines if line.startswith('#')), '')
    steps, step = [], None
    for number, line in enumerate(lines, 1):
        word = line.split(' ', 1)[0]
        in_raw = step is not None and step.keyword == 'RAW' and not step.checks
        if line.startswith('#'):
            continue
        if line.startswith('->'):
            if step is None:
                raise Wrong(number, 'an expectation before any step')
            step.checks.append((number, line[2:].strip()))
        elif word in KEYWORDS and not in_raw and not line.startswith('KILL AFTER '):
            step = Step(number, word, line[len(word):].strip())
            steps.append(step)
        elif line.strip() == '' and not in_raw:
            if step is not None and step.keyword in METHODS and not step.checks:
                step.lines.append('')  # may be one within a body
        elif step is None or step.checks:
            raise Wrong(number, f'neither a step nor part of one: {line[:60]}')
        else:
            step.lines.append(line)
    return Script(title, unroll(steps))


def unroll(steps):
    """Replaces FOR name IN a b c … END by the steps between, once for each value."""
    done, position = [], 0
    while position < len(steps):
        step = steps[position]
        if step.keyword == 'END':
            raise Wrong(step.line, 'END without FOR')
        if step.keyword != 'FOR':
            done.append(step)
            position += 1
            continue
        end = matching_end(steps, position)
        head = re.fullmatch(r'(\w+) IN (.+)', step.rest)
        if not head:
            raise Wrong(step.line, 'FOR name IN value value …')
        body = unroll(steps[position + 1:end])
        for value in head[2].split():
            done += [replaced(each, head[1], value) for each in body]
        position = end + 1
    return done


def matching_end(steps, start):
    depth = 0
    for position in range(start, len(steps)):
        depth += {'FOR': 1, 'END': -1}.get(steps[position].keyword, 0)
        if depth == 0:
            return position
    raise Wrong(steps[start].line, 'FOR without END')


def replaced(step, name, value):
    def put(text):
        return text.replace('{{' + name + '}}', value)
    return Step(step.line, step.keyword, put(step.rest), [put(line) for line in step.lines],
                [(number, put(check)) for number, check in step.checks])


HEADER = re.compile(r'([A-Za-z][A-Za-z0-9-]*): (.*)')
SIZES = {'B': 1, 'KiB': 1 << 10, 'MiB': 1 << 20, 'GiB': 1 << 30}


def size(text, line):
    """`5 MiB` in bytes."""
    found = re.fullmatch(r'(\d+) ?(B|KiB|MiB|GiB)', text)
    if not found:
        raise Wrong(line, f'not a size: {text}')
    return int(found[1]) * SIZES[found[2]]


SPANS = {'ms': 0.001, 's': 1, 'minutes': 60, 'hours': 3600, 'days': 86400}


def seconds(text, line):
    """`20 ms`, `91 days` in seconds."""
    found = re.fullmatch(r'(\d+) ?(ms|s|minutes|hours|days)', text)
    if not found:
        raise Wrong(line, f'not a span of time: {text}')
    return int(found[1]) * SPANS[found[2]]
