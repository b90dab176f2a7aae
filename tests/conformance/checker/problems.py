"""Whether each type of problem that the sources can answer is explained under /problems, and described."""
import re
from pathlib import Path

TOP = Path(__file__).resolve().parents[3]
ANSWERED = re.compile(r'(?:problem\(\s*|return \{)(\d{3}),\s*"([a-z-]+)",\s*"([A-Z][^"]*)"')
EXPLAINED = re.compile(r'Explained\{\s*"([a-z-]+)",\s*"([^"]+)",\s*"(\d{3})"')


def answered():
    """{(status, type)} that the server's sources can answer."""
    files = [file for module in ('http', 'api', 'site', 'app')
             for file in (TOP / 'src' / module).glob('*.cc') if not file.stem.endswith('_test')]
    return {(int(status), name) for file in files
            for status, name, _ in ANSWERED.findall(file.read_text())}


def explained():
    text = (TOP / 'src' / 'pages' / 'problems.cc').read_text()
    return {(int(status), name) for name, _, status in EXPLAINED.findall(text)}


def faults(description, ask):
    sources, pages = answered(), explained()
    if len(sources) < 30:
        yield 'the problems were not found in the sources, or are answered in another way'
    for status, name in sorted(sources ^ pages):
        yield f'{name} ({status}) is {"not explained" if (status, name) in sources else "never answered"}'
    types = description.document['components']['schemas']['Problem']['properties']['type'].get('enum', [])
    for name in sorted({name for _, name in pages} ^ {type.rpartition('/')[2] for type in types}):
        yield f'{name} is either not described or not explained'
    for type in types:
        answer = ask(type)
        if answer.status != 200 or type.encode() not in answer.body:
            yield f'GET {type} answers {answer.status}'
