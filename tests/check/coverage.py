"""How much of keys, vault and ledger their own tests run: lines, and both outcomes of every
condition that stands in the source (clang's source-based coverage). What is left out is listed with
its reason in tests/coverage/reasons, and nothing else may be. docs/coverage.md says what counts."""
import json
import os
import re
import subprocess
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from report import BUILD, TOP, build, run, say

MODULES = ('keys', 'vault', 'ledger')
LEAST = 0.95
REASONS = TOP / 'tests' / 'coverage' / 'reasons'
TESTS = re.compile(r'(_test\.cc|testing\.h|_contract\.h)$')
# Left out: the failing side of an assertion ends the process; deliberate faults are constants
# outside the simulator; and a switch over all names of an enumeration has no other outcome.
CHECKED = re.compile(r'CHECK\(')
MUTANT = 'base::mutated('
NO_CODE = re.compile(r'\s*(//.*|[\s{}()\[\];,]*)$')

EXPANSION = 1  # kinds of regions in llvm-cov's JSON


@dataclass
class Outcome:
    """One outcome of one condition: not taken where `taken` is 0."""
    line: int
    column: int
    what: str
    taken: int


@dataclass
class File:
    lines: dict = field(default_factory=dict)  # number: how often it ran
    outcomes: list = field(default_factory=list)


def check_coverage(group, options):
    programs = [f'{module}_test' for module in MODULES]
    words = build('coverage', programs)
    if words is not None:
        group.fail('coverage build', words)
        return
    directory = BUILD / 'coverage'
    with ThreadPoolExecutor(options.jobs) as pool:
        for name, (code, output) in zip(programs, pool.map(
                lambda name: run_counted(directory, name), programs)):
            group.ok() if code == 0 else group.fail(name, output)
    judge(group, measure(directory, programs))


def run_counted(directory, name):
    # The tree of 17 million owners takes minutes and runs no line that others do not.
    return run([str(directory / 'src' / name), '--gtest_brief=1', '--gtest_filter=-DenseTree.*'],
               timeout=1800,
               env={'LLVM_PROFILE_FILE': str(directory / f'{name}.profraw')})


def measure(directory, programs):
    """What ran of each production source of the modules."""
    profile = directory / 'all.profdata'
    raw = [str(directory / f'{name}.profraw') for name in programs]
    run_or_raise(['llvm-profdata-19', 'merge', '-sparse', *raw, '-o', str(profile)])
    first, *others = [str(directory / 'src' / name) for name in programs]
    asked = [first, *[part for other in others for part in ('-object', other)],
             f'-instr-profile={profile}', *[str(TOP / 'src' / module) for module in MODULES]]
    files = {}
    exported = json.loads(run_or_raise(['llvm-cov-19', 'export', *asked]))
    read_lines(exported, files)
    read_outcomes(exported, files)
    return {path: files[path] for path in sorted(files)}


def run_or_raise(command):
    done = subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise RuntimeError(f'{command[0]}: {done.stderr.decode(errors="replace")}')
    return done.stdout.decode()


def counted(path):
    return any(path.startswith(f'src/{module}/') for module in MODULES) and not TESTS.search(path)


def read_lines(exported, files):
    """How often each line with code of its own ran: the count where its first character stands.
    (llvm-cov's own count of a line is 0 behind each TRY: it takes the gap behind the `return` that
    the macro holds for the line.)"""
    for one in exported['data'][0]['files']:
        path = os.path.relpath(one['filename'], TOP)
        if not counted(path):
            continue
        file = files.setdefault(path, File())
        segments = [segment[:6] for segment in one['segments']]
        at, here = 0, None
        for number, text in enumerate((TOP / path).read_text().splitlines(), 1):
            column = len(text) - len(text.lstrip()) + 1
            while at < len(segments) and tuple(segments[at][:2]) <= (number, column):
                here = segments[at]
                at += 1
            _, _, count, has_count, _, is_gap = here or (0, 0, 0, False, False, False)
            if has_count and not is_gap and not NO_CODE.match(text):
                file.lines[number] = count


def read_outcomes(exported, files):
    """Every condition once, however many functions were made of its source (templates)."""
    taken = defaultdict(lambda: [0, 0])
    for function in exported['data'][0]['functions']:
        path = os.path.relpath(function['filenames'][0], TOP)
        if not counted(path):
            continue
        sites = {region[6]: region for region in function['regions'] if region[7] == EXPANSION}
        for branch in function['branches']:
            within = branch[6]
            chain = [tuple(branch[:4])]
            while within != 0:  # in a macro: where it is used, outermost at last
                chain.insert(0, tuple(sites[within][:4]))
                within = sites[within][5]
            counts = taken[path, *chain]
            counts[0] += branch[4]
            counts[1] += branch[5]
    sources = {}
    for (path, site, *rest), counts in sorted(taken.items()):
        source = sources.setdefault(path, (TOP / path).read_text().splitlines())
        text = source[site[0] - 1][site[1] - 1:]
        line = source[site[0] - 1]
        if CHECKED.match(text) or MUTANT in line or line[:site[1] - 1].endswith('switch ('):
            continue
        macro = re.match(r'\w+', text).group() if rest else ''
        for value, count in zip(('true', 'false'), counts):
            what = ('error' if value == 'true' else 'success') if macro.startswith('TRY') else value
            files.setdefault(path, File()).outcomes.append(
                Outcome(site[0], site[1], what, count))


def judge(group, files):
    reasons = read_reasons(REASONS.read_text() if REASONS.exists() else '')
    left, used = unlisted(files, reasons)
    for module in MODULES:
        lines, outcomes = figures(files, f'src/{module}/')
        say(f'{module:<8} lines {shown(lines)}   branches {shown(outcomes)}')
        low = [name for name, (ran, all_of) in (('lines', lines), ('branches', outcomes))
               if all_of == 0 or ran / all_of < LEAST]
        group.fail(f'{module}: too few {" and ".join(low)} covered') if low else group.ok()
    for path, items in sorted(left.items()):
        group.fail(f'{path}: uncovered and not in {REASONS.relative_to(TOP)}', '\n'.join(items))
    for path, text in sorted(set(reasons) - set(used)):  # what threads do differs from run to run
        if path in files and text in stripped(path):
            say(f'covered, though a reason is listed: {path}: {text}')
            continue
        group.fail(f'{path}: a reason for a line that is not there', text)
    if not left:
        group.ok()


def shown(figure):
    ran, all_of = figure
    return f'{100 * ran / max(all_of, 1):6.2f} % ({ran} of {all_of})'


def figures(files, prefix):
    """Lines, then outcomes: how many ran, of how many."""
    mine = [file for path, file in files.items() if path.startswith(prefix)]
    lines = [count for file in mine for count in file.lines.values()]
    outcomes = [outcome.taken for file in mine for outcome in file.outcomes]
    return [(sum(count > 0 for count in counts), len(counts)) for counts in (lines, outcomes)]


def stripped(path):
    return {line.strip() for line in (TOP / path).read_text().splitlines()}


def read_reasons(text):
    """{(path, text of the source line): reason}. A path stands alone; below it, indented, lines
    `text of the source line  ## reason`."""
    reasons, path = {}, None
    for line in text.splitlines():
        if not line.strip() or line.startswith('#'):
            continue
        if not line.startswith(' '):
            path = line.strip()
            continue
        source, _, reason = line.strip().partition('  ## ')
        if not reason:
            raise RuntimeError(f'{path}: no reason for: {source}')
        reasons[path, source.strip()] = reason
    return reasons


def unlisted(files, reasons):
    """What is uncovered and has no reason, by path; and the reasons that were needed."""
    left, used = defaultdict(list), set()
    for path, file in files.items():
        source = (TOP / path).read_text().splitlines()
        missed = {number: 'line' for number, count in file.lines.items() if count == 0}
        for outcome in file.outcomes:
            if outcome.taken == 0:
                condition = source[outcome.line - 1][outcome.column - 1:][:24]
                missed.setdefault(outcome.line, f'never {outcome.what}: {condition}')
        for number, what in sorted(missed.items()):
            text = source[number - 1].strip()
            if (path, text) in reasons:
                used.add((path, text))
            else:
                left[path].append(f'{number}: {text}   [{what}]')
    return left, used
