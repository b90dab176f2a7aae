"""GoogleTest programs by way of ctest, in one build or another, and the benchmarks."""
import json
import shutil
import sys
from pathlib import Path

from report import BUILD, RELEASE, TOP, build, run, say

SANITIZED = {
    'ASAN_OPTIONS': 'strict_string_checks=1:detect_stack_use_after_return=1',
    'UBSAN_OPTIONS': 'print_stacktrace=1',
    'TSAN_OPTIONS': 'halt_on_error=1:second_deadlock_stack=1',
}


def check_release(group, options):
    programs(group, RELEASE, options.jobs)
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
    """Runs all that ctest knows in `directory`. Cases are counted from GoogleTest's own results; a
    program without any (it crashed, or is none) counts as one case."""
    results = directory / 'results'
    shutil.rmtree(results, ignore_errors=True)
    junit = results / 'ctest.log'
    results.mkdir(parents=True)
    listing = ctest_listing(directory)
    limit = max((seconds for _, _, seconds in listing), default=120) * slower
    _, output = run(['ctest', '--test-dir', str(directory), '--output-on-failure', '-j', str(jobs),
                     '--timeout', str(limit), '--no-tests=error'],
                    env={**(env or {}), 'GTEST_OUTPUT': f'json:{results}/'})
    junit.write_text(output)
    if not listing:
        group.fail('ctest found no test')
    for name, program, _ in listing:
        ran_well = any(f' {name} ' in line and 'Passed' in line for line in output.splitlines())
        count_program(group, name, results / (program + '.json'), ran_well, output)


def ctest_listing(directory):
    """Name, program and time limit of each test."""
    _, output = run(['ctest', '--test-dir', str(directory), '--show-only=json-v1'])
    found = []
    for test in json.loads(output[output.index('{'):])['tests']:
        program = Path(test['command'][0]).name if test.get('command') else test['name']
        limit = {p['name']: p['value'] for p in test.get('properties', [])}.get('TIMEOUT', 120)
        found.append((test['name'], program, int(limit)))
    return found


def count_program(group, name, result, ran_well, output):
    if not result.exists():
        group.ok() if ran_well else group.fail(name, section(output, name))
        return
    failed = 0
    report = json.loads(result.read_text())
    for suite in report['testsuites']:
        for case in suite['testsuite']:
            if case.get('failures'):
                failed += 1
                group.fail(f'{suite["name"]}.{case["name"]}',
                           '\n'.join(f['failure'] for f in case['failures']))
            elif case.get('result') == 'COMPLETED':
                group.ok()
    if not ran_well and failed == 0:
        group.fail(f'{name} ended badly', section(output, name))


def section(output, name):
    """What ctest printed about one test, as far as it can be told apart."""
    lines = output.splitlines()
    starts = [i for i, line in enumerate(lines) if f': {name} ' in line or f' {name} .' in line]
    return '\n'.join(lines[starts[0]:starts[0] + 60]) if starts else output[-4000:]


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
    found = sorted((RELEASE / 'bench').glob('*_bench'))
    if not found:
        group.fail('no benchmark was built')
    for program in found:
        code, output = run([str(program), '--benchmark_repetitions=5',
                            '--benchmark_report_aggregates_only=true'], timeout=1800)
        say(output)
        group.ok() if code == 0 else group.fail(program.name, output)
