"""Whether one exchange is as the description says: the request, where it was taken, and the answer."""
import json
import re
from urllib.parse import parse_qsl

from .description import JSON

PROBLEM = 'application/problem+json'
# Headers that say something to a program: an answer with one that is not described is as wrong as
# one without one that is. (Set-Cookie is not among them: any answer may renew a session's cookie.)
TELLING = {'Allow', 'Content-Range', 'ETag', 'Last-Modified', 'Location', 'RateLimit',
           'RateLimit-Policy', 'Retry-After', 'WWW-Authenticate'}


def media_type(text):
    return (text or '').split(';')[0].strip().lower()


def request_faults(description, operation, request):
    """Of a request that was taken: it must be one that the description allows."""
    target, _, query = request.path.partition('?')
    unknown = {name for name, _ in parse_qsl(query)} - operation.query_names
    faults = [f'takes a query parameter that is not described: {name}' for name in unknown]
    if not operation.bodies:
        return faults + (['takes a body that is not described'] if request.body else [])
    kind = media_type(next((v for n, v in request.headers if n.lower() == 'content-type'), None))
    if not covered(operation.bodies, kind) and (kind or request.body):
        return [*faults, f'takes a body of a type that is not described: {kind or "none"}']
    if operation.body_schema is not None and kind == JSON:
        value = json.loads(request.body or b'null')
        faults += ['takes what is not described: ' + fault for fault in
                   description.faults(operation.body_schema, value, answered=False)]
    return faults


def answer_faults(description, operation, answer):
    if answer.status is None:
        return ['no response']
    response = operation.responses.get(answer.status)
    if response is None:
        return [f'answers {answer.status}, which is not described']
    faults = header_faults(description, response, answer)
    if operation.method == 'HEAD':
        return faults + (['HEAD has a body'] if answer.body else [])
    return faults + body_faults(description, response, answer)


def body_faults(description, response, answer):
    content = response.get('content')
    kind = media_type(answer.header('Content-Type'))
    if not content:
        return [f'answers {answer.status} with a body that is not described'] if answer.body else []
    schema = covered(content, kind)
    if schema is None:
        return [f'answers {answer.status} as {kind or "nothing"}, which is not described']
    if kind not in (JSON, PROBLEM):
        return []
    try:
        value = json.loads(answer.body)
    except ValueError:
        return [f'answers {answer.status} with what is not JSON']
    return [f'answers {answer.status}: {fault}' for fault in
            description.faults(schema.get('schema', {}), value, answered=True)]


def covered(content, kind):
    """What is described for a media type: by itself, or by a range such as text/*."""
    for said in (kind, kind.split('/')[0] + '/*', '*/*'):
        if said in content:
            return content[said]
    return None


def header_faults(description, response, answer):
    faults = []
    described = {name: description.resolved(one) for name, one in
                 response.get('headers', {}).items()}
    for name, one in described.items():
        value = answer.header(name)
        if value is None:
            if one.get('required'):
                faults.append(f'answers {answer.status} without {name}')
            continue
        if one['schema'].get('type') == 'integer':
            value = int(value) if re.fullmatch(r'\d+', value) else value
        faults += [f'answers {answer.status} with {name}: {fault}' for fault in
                   description.faults(one['schema'], value, answered=True)]
    names = {name.lower() for name in described}
    faults += [f'answers {answer.status} with {name}, which is not described' for name in TELLING
               if answer.header(name) is not None and name.lower() not in names]
    return faults


def refusal_faults(answer, status, name):
    """Of the answer to a bad request: that status and that problem, and nothing done."""
    if answer.status != status:
        return [f'answers {answer.status} and not {status}: {answer.body[:200]!r}']
    if answer.header('Set-Cookie') and status != 401:
        return ['refuses and sets a cookie']
    if status == 401 and not answer.header('WWW-Authenticate'):
        return ['answers 401 and names no way to authenticate (RFC 9110, 15.5.2)']
    if media_type(answer.header('Content-Type')) != PROBLEM:
        return [f'refuses as {answer.header("Content-Type")}']
    if not answer.body:
        return []  # HEAD
    said = json.loads(answer.body)
    if said.get('type') != f'/problems/{name}' or said.get('status') != status:
        return [f'refuses as {said.get("type")} and not as {name}: {said.get("detail")}']
    return []
