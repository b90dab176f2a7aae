"""Whether the server's routes and the description are the same, and whether whatever anybody may read
without logging in is what was meant to be public."""
import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
# The clause test of SECU-1 holds this table against what the sources add.
TABLES = sorted((TOP / 'tests' / 'clause').glob('*.*'))
ROUTE = re.compile(r'Route\{"(\w+)",\s*"([^"]+)",\s*"([^"]+)",\s*Who::(\w+)')
KEPT = re.compile(r'kept\("(\w+)",\s*"([^"]+)",\s*"([^"]+)"')  # of what an account keeps: a person's
# Pages for people, which no program needs described: what is shown, and forms. Whatever else anybody
# may GET is in the description.
PAGES = {'/', '/notice', '/terms', '/receipt', '/assets/{}', '/signup', '/verify', '/login',
         '/recover', '/recover/password', '/address/confirm', '/address/undo', '/invitation',
         '/app', '/app/{}'}
# Where pages were that the application has alone: they lead there.
MOVED = {'/account/members', '/account/sessions', '/account/tokens', '/security'}
# What the description may open to anybody: the service about itself, its log, and no person's data.
PUBLIC = {'/v1/openapi.json', '/notice.json', '/log/checkpoint', '/log/key', '/log/keys',
          '/log/tile/{}', '/healthz', '/readyz', '/.well-known/gpc.json', '/problems/{}',
          '/.well-known/security.txt', '/.well-known/change-password',
          # And what somebody shared, with whoever has the link.
          '/v1/links/{}', '/v1/links/{}/files/{}'}
TEST_ALONE = {('POST', '/test/clock')}  # only with --test-clock


def nameless(path):
    return re.sub(r'\{[^}]*\}', '{}', path)


def known():
    """(method, pattern, example, who) of each route of the clause test's table."""
    found = []
    for text in (file.read_text() for file in TABLES):
        found += [match.groups() for match in ROUTE.finditer(text)]
        found += [(*match.groups(), 'person') for match in KEPT.finditer(text)]
    if len(found) < 100:
        raise RuntimeError('the table of routes was not found, or is written in another way')
    return found


def faults(description, ask):
    """In words, what does not fit. `ask` GETs a path as nobody."""
    described = {(one.method, nameless(one.path)): one for one in description.operations}
    routes = {(method, nameless(pattern)): (example, who)
              for method, pattern, example, who in known()}
    for method, path in sorted(set(described) - set(routes)):
        yield f'{method} {path} is described, and no route'
    for (method, path), (example, who) in sorted(routes.items()):
        if (method, path) in described or (method, path) in TEST_ALONE:
            continue
        if path in MOVED:
            yield from moved_faults(path, ask(example))
        elif path.startswith(('/v1/', '/log/')) or (method == 'GET' and who == 'anybody'
                                                  and path not in PAGES):
            yield f'{method} {path} is a route, and not described'
        elif method == 'GET' and who == 'anybody' and path != '/assets/{}':
            yield from page_faults(path, ask(example))
    for (method, path), one in described.items():
        if method == 'GET' and not one.schemes and path not in PUBLIC:
            yield f'{method} {path} is open to anybody, which was not meant'


def page_faults(path, answer):
    kind = answer.header('Content-Type') or ''
    if answer.status != 200 or not kind.startswith('text/html'):
        yield f'{path} is no page: {answer.status} {kind}'


def moved_faults(path, answer):
    location = answer.header('Location') or ''
    if answer.status != 303 or not location.startswith('/app/'):
        yield f'{path} does not lead into the application: {answer.status} {location}'
