"""Checks of the sources themselves: clang-format, clang-tidy."""
import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from report import BUILD, RELEASE, TOP, lines_of, run, say

PASSED = BUILD / 'tidy-passed'  # one empty file for each state of a source that passed


def check_format(group, _options):
    files = [f for f in lines_of(['git', 'ls-files', '*.cc', '*.h']) if (TOP / f).exists()]
    code, output = run(['clang-format-19', '--dry-run', '-Werror', *files])
    if code == 0:
        group.ok()
        return
    wrong = sorted({line.split(':')[0] for line in output.splitlines() if 'error:' in line})
    group.fail('clang-format', '\n'.join(f'clang-format-19 -i {name}' for name in wrong) or output)


def check_tidy(group, options):
    """A source is looked at again only when it, a header of ours that it includes, or .clang-tidy
    has changed since it passed."""
    PASSED.mkdir(parents=True, exist_ok=True)
    commands = json.loads((RELEASE / 'compile_commands.json').read_text())
    tracked = set(lines_of(['git', 'ls-files', '*.cc']))
    headers = headers_by_source()
    settings = digest_of([TOP / '.clang-tidy'], clang_tidy_version())
    due = []
    for command in commands:
        file = os.path.relpath(command['file'], TOP)
        if file not in tracked:
            continue
        state = digest_of([TOP / file, *headers.get(file, [])], settings + command['command'])
        if not (PASSED / state).exists():
            due.append((file, state))
    say(f'clang-tidy: {len(due)} of {len(tracked)} sources changed')
    with ThreadPoolExecutor(options.jobs) as pool:
        for (file, state), (code, output) in zip(due, pool.map(lambda d: tidy(d[0]), due)):
            if code == 0:
                (PASSED / state).touch()
            else:
                group.fail(file, '\n'.join(line for line in output.splitlines()
                                           if 'warnings generated' not in line))
    if not group.failures:
        group.ok()


def tidy(file):
    return run(['clang-tidy-19', '--quiet', '-p', str(RELEASE), str(TOP / file)], timeout=600)


def clang_tidy_version():
    return ' '.join(lines_of(['clang-tidy-19', '--version']))


def headers_by_source():
    """Our own files that each source includes, as the last build noted them."""
    found, current = {}, None
    for line in lines_of(['ninja', '-C', str(RELEASE), '-t', 'deps']):
        if not line.startswith(' '):
            current = None
        elif line.strip():
            path = Path(os.path.normpath(RELEASE / line.strip()))
            if not path.is_relative_to(TOP) or path.is_relative_to(BUILD):
                continue
            name = str(path.relative_to(TOP))
            if current is None:  # the first one is the source itself
                current = found.setdefault(name, [])
            else:
                current.append(path)
    return found


def digest_of(files, extra):
    total = hashlib.sha256(extra.encode())
    for file in files:
        total.update(str(file.relative_to(TOP)).encode() + b'\0')
        total.update(file.read_bytes() if file.exists() else b'')
    return total.hexdigest()
