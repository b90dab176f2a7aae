"""Bodies by chance, from a seed: near to what a schema asks for, and then off in one or several places.
Each text and name in them has the canary in it."""
import copy
import json
import random

CANARY = 'zqkanarifugl'
NUMBER = 31415926535897932384626433832795  # a canary of digits
DEEP = 16_000  # just below what a body may have in bytes
ODD = ['', ' ', '\0', '\u202e', '\ud800', '\U0001f426', '"', '\\', '../', '%00', '\r\nX-A: b', '{{', "';--",
       '<script>', '\ufeff', '\x7f', 'Å' * 300]

# Nothing that any schema asks for. Each operation gets all of them.
HOSTILE = [b'\xff\xfe' + CANARY.encode('utf-16-le'), CANARY.encode(), b'\0' * 100,
           b'[' * DEEP, b'{"a":' * (DEEP // 5), b'[' * (DEEP // 2) + b']' * (DEEP // 2),
           *(b'{"' + CANARY.encode() + b'":' + value + b'}' for value in (
               b'9' * 5_000, b'1e99999', b'-0', b'[' * (DEEP // 3) + b']' * (DEEP // 3),
               b'"\\ud800"', b'"\\u0000"', b'"\xc0\x80"', b'NaN'))]


class Bodies:
    def __init__(self, description, seed):
        self.description, self.random = description, random.Random(seed)

    def body(self, schema, good):
        """Bytes. `good` is the operation's good request, whose members others are changed beside."""
        value = json.loads(good) if self.random.random() < 0.5 else self.near(schema)
        for _ in range(self.random.choice((0, 1, 1, 2, 4))):
            value = self.off(value)
        body = json.dumps(value, ensure_ascii=self.random.random() < 0.5)
        return self.torn(body.encode('utf-8', 'surrogatepass'))

    def torn(self, body):
        """The body, at times with a few bytes put out or in."""
        if self.random.random() < 0.8 or not body:
            return body
        at = self.random.randrange(len(body))
        return body[:at] + self.random.choice((b'', b'\xff', b'\0', b'\xc3', b'\xed\xa0\x80')) + \
            body[at + self.random.randrange(3):]

    def near(self, schema):
        schema = self.description.resolved(schema)
        kind = schema.get('type')
        if 'const' in schema or 'enum' in schema:
            return schema.get('const', self.random.choice(schema.get('enum', [None])))
        if kind == 'object':
            names = list(schema.get('properties', {}))
            kept = [n for n in names if n in schema.get('required', []) or self.random.random() < 0.3]
            return {name: self.near(schema['properties'][name]) for name in kept}
        if kind == 'array':
            return [self.near(schema['items']) for _ in range(self.random.randrange(4))]
        if kind == 'integer':
            return self.random.choice((schema.get('minimum', 0), 1, schema.get('maximum', 9)))
        if kind == 'boolean':
            return self.random.random() < 0.5
        return self.text(schema)

    def text(self, schema):
        if schema.get('format') == 'email':
            return f'{CANARY}.{self.random.randrange(10 ** 6)}@example.com'
        return CANARY + self.random.choice((' og en måke', '', self.random.choice(ODD)))

    def junk(self):
        return self.random.choice((
            None, True, NUMBER, -NUMBER, 1e308, 0.1, [], {}, [[[[[[CANARY]]]]]], CANARY * 500,
            {CANARY: {CANARY: [CANARY]}}, CANARY + self.random.choice(ODD),
            self.random.choice(ODD) + CANARY))

    def off(self, value):
        """The value with one thing in it made wrong, somewhere."""
        value = copy.deepcopy(value)
        if isinstance(value, dict) and value and self.random.random() < 0.9:
            name = self.random.choice(list(value))
            chance = self.random.random()
            if chance < 0.2:
                del value[name]
            elif chance < 0.3:
                value[CANARY + self.random.choice(ODD)] = self.junk()
            else:
                value[name] = self.off(value[name])
            return value
        return self.junk()
