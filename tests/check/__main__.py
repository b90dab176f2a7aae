"""./test: one build, all checks, and a last line `N passed, N failed`."""
import argparse
import sys
import time

import coverage
import fuzz
import served
import source
import unit
import web
from report import JOBS, Group, build, say, summary

# Name, what it does, whether it runs without --full. In the order in which they run.
GROUPS = {
    'build': ('compiles everything with warnings as errors', True),
    'format': ('clang-format on the tracked sources', True),
    'web': ('client and application: made anew, types, form, unit tests', True),
    'unit': ('every GoogleTest program, and the runners\' own tests', True),
    'journeys': ('tests/journeys/*.txt against the finished server', True),
    'conformance': ('each described operation good, bad and by chance, and no other', True),
    'browser': ('walks the pages in Chromium, with axe', True),
    'openapi': ('lints the served /v1/openapi.json', True),
    'tidy': ('clang-tidy on what changed since it last passed', True),
    'fuzz': ('replays the kept corpora, then fuzzes each target', True),
    'analyzer': ("clang's static analyzer on what serves, once changed", False),
    'asan': ('every GoogleTest program under address and undefined sanitizers', False),
    'tsan': ('every GoogleTest program under the thread sanitizer', False),
    'coverage': ('what the tests of keys, vault and ledger leave uncovered', False),
    'bench': ('runs the benchmarks once and prints their figures', False),
}


def arguments():
    parser = argparse.ArgumentParser(
        prog='./test', description='One build, all checks.',
        epilog='groups: ' + '; '.join(f'{name} ({what})' for name, (what, _) in GROUPS.items()))
    parser.add_argument('--full', action='store_true',
                        help='also analyzer, asan, tsan, coverage, bench, and long fuzzing')
    parser.add_argument('--only', metavar='GROUP,…', help='these groups alone')
    parser.add_argument('--jobs', type=int, default=JOBS, help='how many at once (%(default)s)')
    parser.add_argument('--fuzz-seconds', type=int, metavar='N',
                        help='for each fuzz target (5; 300 with --full)')
    options = parser.parse_args()
    if options.fuzz_seconds is None:
        options.fuzz_seconds = 300 if options.full else 5
    wanted = options.only.split(',') if options.only else [
        name for name, (_, always) in GROUPS.items() if always or options.full]
    for name in wanted:
        if name not in GROUPS:
            parser.error(f'no group {name}; there are: {", ".join(GROUPS)}')
    return options, [name for name in GROUPS if name in wanted]


def check_build(group, _options):
    words = build('release')
    group.fail('release build', words) if words is not None else group.ok()


CHECKS = {
    'build': check_build,
    'format': source.check_format,
    'web': web.check_web,
    'unit': unit.check_release,
    'journeys': served.check_journeys,
    'conformance': served.check_conformance,
    'browser': served.check_browser,
    'openapi': served.check_openapi,
    'tidy': source.check_tidy,
    'fuzz': fuzz.check_fuzz,
    'analyzer': source.check_analyzer,
    'asan': unit.check_asan,
    'tsan': unit.check_tsan,
    'coverage': coverage.check_coverage,
    'bench': unit.check_bench,
}


def main():
    options, wanted = arguments()
    groups = []
    for name in wanted:
        say(f'== {name}: {GROUPS[name][0]}')
        group, started = Group(name), time.monotonic()
        CHECKS[name](group, options)
        group.seconds = time.monotonic() - started
        groups.append(group)
        if name == 'build' and group.failures:
            break  # nothing after it could mean anything
    return summary(groups)


if __name__ == '__main__':
    sys.exit(main())
