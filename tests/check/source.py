"""Checks of the sources themselves: clang-format, clang-tidy, clang's static analyzer."""
import functools
import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor

from report import BUILD, RELEASE, TOP, lines_of, run, say

PASSED = BUILD / 'tidy-passed'  # one empty file for each state of a source that passed
ANALYZED = BUILD / 'analyzer-passed'
# Every checker, but the one that takes a value moved into a Result for lost, and the one that
# finds the template library's constructor to call its own virtual function (ours have none).
ANALYZER = ('-*,clang-analyzer-*,-clang-analyzer-cplusplus.NewDeleteLeaks,'
            '-clang-analyzer-optin.cplusplus.VirtualCall')
# The analyzer does not see how a coroutine's frame is resumed, and takes what Asio keeps in it for
# unset.
COROUTINES = ',-clang-analyzer-core.CallAndMessage,-clang-analyzer-core.NullDereference'
RECENT = 10  # commits whose changes a clean clone looks at


def check_format(group, _options):
    files = [f for f in lines_of(['git', 'ls-files', '*.cc', '*.h']) if (TOP / f).exists()]
    code, output = run(['clang-format-19', '--dry-run', '-Werror', *files])
    if code == 0:
        group.ok()
        return
    wrong = sorted({line.split(':')[0] for line in output.splitlines() if 'error:' in line})
    group.fail('clang-format', '\n'.join(f'clang-format-19 -i {name}' for name in wrong) or output)


def check_tidy(group, options):
    """A source is looked at again when it, a header of ours that it includes, or .clang-tidy has
    changed since it passed. A clean clone, where nothing has passed yet, begins with what the last
    commits changed and takes the rest as passed; --full looks at all."""
    parts = parts_by_source()
    states = {file: state_of(file, read) for file, read in parts.items()}
    due = [file for file in parts if options.full or not (PASSED / states[file]).exists()]
    if not PASSED.exists() and not options.full:
        # Without '.clang-tidy' itself, which would make it all of them: that is --full's part.
        changed = recently_changed() - {'.clang-tidy'}
        due = [file for file in due if not changed.isdisjoint(parts[file])]
        for file in parts.keys() - set(due):
            note_passed(PASSED, states[file])
    say(f'clang-tidy: {len(due)} of {len(parts)} sources')
    look_at(group, options, due, states, PASSED, tidy)


def check_analyzer(group, options):
    """What serves is followed path by path: the sources that are no tests, each when it or what it
    includes has changed since it passed."""
    parts = {file: names for file, names in parts_by_source().items()
             if file.startswith('src/') and not file.endswith('_test.cc')}
    states = {file: state_of(file, read) for file, read in parts.items()}
    due = [file for file in parts if not (ANALYZED / states[file]).exists()]
    say(f'analyzer: {len(due)} of {len(parts)} sources')
    look_at(group, options, due, states, ANALYZED, analyze)


def look_at(group, options, due, states, passed, look):
    with ThreadPoolExecutor(options.jobs) as pool:
        for file, (code, output) in zip(due, pool.map(look, due)):
            if code == 0:
                note_passed(passed, states[file])
            else:
                group.fail(file, '\n'.join(line for line in output.splitlines()
                                           if 'warnings generated' not in line))
    if not group.failures:
        group.ok()


def note_passed(passed, state):
    passed.mkdir(parents=True, exist_ok=True)
    (passed / state).touch()


@functools.cache
def recently_changed():
    """What the last commits changed; all of it where there are not that many."""
    code, _ = run(['git', 'rev-parse', '-q', '--verify', f'HEAD~{RECENT}'])
    changed = (['git', 'diff', '--name-only', f'HEAD~{RECENT}'] if code == 0
               else ['git', 'ls-files'])
    return frozenset(lines_of(changed))


def tidy(file, *more):
    return run(['clang-tidy-19', '--quiet', '-p', str(RELEASE), *more, str(TOP / file)],
               timeout=600)


def analyze(file):
    resumed = 'co_await' in (TOP / file).read_text()
    return tidy(file, f'--checks={ANALYZER}{COROUTINES if resumed else ""}')


def parts_by_source():
    """For each tracked source that the last build compiled, the files of ours that it is made of."""
    commands = json.loads((RELEASE / 'compile_commands.json').read_text())
    compiled = {os.path.relpath(command['file'], TOP) for command in commands}
    headers = headers_by_source()
    return {file: [part for part in ['.clang-tidy', file, *headers.get(file, [])]
                   if (TOP / part).exists()]
            for file in lines_of(['git', 'ls-files', '*.cc']) if file in compiled}


def headers_by_source():
    """Our own headers that each source includes, as the last build noted them."""
    found, current = {}, None
    for line in lines_of(['ninja', '-C', str(RELEASE), '-t', 'deps']):
        path = os.path.normpath(RELEASE / line.strip())
        if not line.startswith(' '):
            current = None
        elif path.startswith(f'{TOP}/') and not path.startswith(f'{BUILD}/'):
            name = os.path.relpath(path, TOP)
            if current is None:  # the first one is the source itself
                current = found.setdefault(name, [])
            else:
                current.append(name)
    return found


def state_of(file, parts):
    """A name for what clang-tidy would see."""
    total = hashlib.sha256(file.encode())
    for part in parts:
        total.update(part.encode() + b'\0' + (TOP / part).read_bytes())
    return total.hexdigest()
