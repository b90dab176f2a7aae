"""GoogleTest programs by way of ctest, in one build or another, and the benchmarks."""
import json
import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

from report import BUILD, RELEASE, TOP, build, run, say

SANITIZED = {
    # Debian's valijson gives to free() what its sets got from operator new, in every schema.
    'ASAN_OPTIONS': 'strict_string_checks=1:detect_stack_use_after_return=1'
                    ':alloc_dealloc_mismatch=0',
    'UBSAN_OPTIONS': 'print_stacktrace=1',
    'TSAN_OPTIONS': 'halt_on_error=1:second_deadlock_stack=1',
}


def check_release(group, options):
    many = {'FAULT_ROUNDS': '60'} if options.full else {}
    programs(group, RELEASE, options.jobs, env=many, slower=5 if options.full else 1)
    runner_tests(group)


def check_asan(group, options):
    sanitized(group, 'asan', options.jobs)


def check_tsan(group, options):
    sanitized(group, 'tsan', options.jobs)


def sanitized(group, preset, jobs):
    words = build(preset)
    if words is not None:
        group.fail(f'{preset} build', words)
        return
    programs(group, BUILD / preset, jobs, env=SANITIZED, slower=5)


def programs(group, directory, jobs, env=None, slower=1):
    """Runs all that ctest knows in `directory`. Cases are counted from GoogleTest's own results;
    where there are none, from a line `N passed, N failed`; a program without either is one case."""
    results = directory / 'results'
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    listing = ctest_listing(directory)
    limit = max((seconds for _, seconds in listing.values()), default=120) * slower
    _, output = run(['ctest', '--test-dir', str(directory), '-j', str(jobs), '--no-tests=error',
                     '--timeout', str(limit), '--output-junit', str(results / 'ctest.xml'),
                     '--test-output-size-passed', '100000', '--test-output-size-failed', '400000'],
                    env={**(env or {}), 'GTEST_OUTPUT': f'json:{results}/'})
    if not (results / 'ctest.xml').exists() or not listing:
        group.fail('ctest', output)
        return
    for test in ElementTree.parse(results / 'ctest.xml').iter('testcase'):
        name = test.get('name')
        reasons = [why.get('message') or '' for tag in ('failure', 'skipped')
                   for why in test.iter(tag)]
        count_program(group, name, results / (listing[name][0] + '.json'),
                      test.get('status') == 'run',
                      '\n'.join([test.findtext('system-out') or '', *reasons]))


def ctest_listing(directory):
    """Each test's program and time limit."""
    _, output = run(['ctest', '--test-dir', str(directory), '--show-only=json-v1'])
    found = {}
    for test in json.loads(output[output.index('{'):])['tests']:
        program = Path(test['command'][0]).name if test.get('command') else test['name']
        limit = {p['name']: p['value'] for p in test.get('properties', [])}.get('TIMEOUT', 120)
        found[test['name']] = (program, int(limit))
    return found


def count_program(group, name, result, ran_well, said):
    failures = len(group.failures)
    if result.exists():
        count_cases(group, json.loads(result.read_text()), skip_reasons(said))
    elif counted := re.findall(r'(\d+) passed, (\d+) failed', said):
        group.ok(int(counted[-1][0]))
    elif ran_well:
        group.ok()
    if not ran_well and len(group.failures) == failures:
        group.fail(name, said)


def count_cases(group, report, reasons):
    for suite in report['testsuites']:
        for case in suite['testsuite']:
            if case.get('failures'):
                group.fail(f'{suite["name"]}.{case["name"]}',
                           '\n'.join(f['failure'] for f in case['failures']))
            elif case.get('result') == 'COMPLETED':
                group.ok()
            elif case.get('result') == 'SKIPPED':
                group.skip(f'{suite["name"]}.{case["name"]}', next(reasons))


def skip_reasons(said):
    """What GTEST_SKIP() was given, case by case, as the program printed it behind `FILE:LINE:
    Skipped`; the results in JSON do not have it."""
    block = r'^\S+:\d+: Skipped\n((?:(?!\S+:\d+: |\[).+\n?)*)'
    for found in re.finditer(block, said, re.MULTILINE):
        yield ' '.join(found[1].split()) or 'no reason is given'
    while True:
        yield 'no reason is given'


def runner_tests(group):
    """The Python tools are tested too: tests/**/*_test.py, by unittest."""
    for file in sorted((TOP / 'tests').rglob('*_test.py')):
        code, output = run([sys.executable, '-B', str(file)], timeout=300)
        counted = [int(line.split()[1]) for line in output.splitlines()
                   if line.startswith('Ran ') and ' test' in line]
        if code == 0 and counted and counted[0] > 0:
            group.ok(counted[0])
        else:
            group.fail(str(file.relative_to(TOP)), output)


def check_bench(group, _options):
    programs = [[str(program), '--benchmark_repetitions=5', '--benchmark_report_aggregates_only=true']
                for program in sorted((RELEASE / 'bench').glob('*_bench'))]
    if not programs:
        group.fail('no benchmark was built')
    for command in [*programs, [sys.executable, '-B', str(TOP / 'bench' / 'serving')]]:
        code, output = run(command, timeout=1800)
        say(output)
        group.ok() if code == 0 else group.fail(' '.join(command), output)
