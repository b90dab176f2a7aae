"""Tests the counting: a failure must never get lost between a test program and the last line."""
import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import coverage  # noqa: E402
import fuzz  # noqa: E402
import report  # noqa: E402
import served  # noqa: E402
import source  # noqa: E402
import unit  # noqa: E402


def quietly(function, *arguments):
    """What the function gave, and what it printed."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        given = function(*arguments)
    return given, said.getvalue()


GOOGLE_TEST = {'testsuites': [{'name': 'Vault', 'testsuite': [
    {'name': 'Keeps', 'result': 'COMPLETED'},
    {'name': 'Opens', 'result': 'COMPLETED', 'failures': [{'failure': 'a.cc:4 expected'}]},
    {'name': 'Later', 'result': 'SKIPPED'}]}]}


class Counting(unittest.TestCase):
    def count(self, ran_well, said, results=None):
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory, 'vault_test.json')
            if results:
                file.write_text(json.dumps(results))
            group = report.Group('unit')
            quietly(unit.count_program, group, 'vault', file, ran_well, said)
        return group.passed, group.failures

    def test_cases_of_a_program(self):
        self.assertEqual((1, ['Vault.Opens']), self.count(False, '', GOOGLE_TEST))

    def test_what_is_skipped_is_neither_and_has_its_reason(self):
        skipped = {'testsuites': [{'name': 'Disk', 'testsuite': [
            {'name': name, 'result': result} for name, result in
            (('Full', 'SKIPPED'), ('Keeps', 'COMPLETED'), ('Broken', 'SKIPPED'))]}]}
        said = ('a.cc:2: Skipped\nonly root\nmay mount\n\nb.cc:9: Skipped\n\n'
                '[==========] 3 tests\n')
        with tempfile.TemporaryDirectory() as directory:
            file = Path(directory, 'faults_test.json')
            file.write_text(json.dumps(skipped))
            group = report.Group('unit')
            _, printed = quietly(unit.count_program, group, 'faults', file, True, said)
        self.assertEqual((1, []), (group.passed, group.failures))
        self.assertEqual(['Disk.Full: only root may mount', 'Disk.Broken: no reason is given'],
                         group.skipped)
        self.assertIn('skipped Disk.Full: only root may mount', printed)
        code, said = quietly(report.summary, [group])
        self.assertEqual((0, ['2 skipped', '1 passed, 0 failed']), (code, said.splitlines()[-2:]))
        self.assertIn('skipped unit: Disk.Full: only root may mount', said)

    def test_a_program_that_crashed_counts_as_failed(self):
        self.assertEqual((0, ['vault']), self.count(False, 'Segmentation fault'))

    def test_a_bad_end_after_good_cases_counts_as_failed(self):
        good = {'testsuites': [{'name': 'Vault', 'testsuite': [
            {'name': 'Keeps', 'result': 'COMPLETED'}]}]}
        self.assertEqual((1, ['vault']), self.count(False, 'leaked', good))

    def test_other_programs(self):
        self.assertEqual((7, []), self.count(True, 'x: 7 passed, 0 failed\n'))
        self.assertEqual((6, ['vault']), self.count(False, 'x: 6 passed, 1 failed\n'))
        self.assertEqual((1, []), self.count(True, 'done'))


class Runners(unittest.TestCase):
    def count(self, code, output):
        group = report.Group('journeys')
        _, said = quietly(served.count_lines, group, 'the journeys', code, output)
        return group.passed, group.failures, said

    def test_lines_of_a_runner(self):
        passed, failures, said = self.count(1, 'passed  a.txt\nFAILED  b: c\n    because\n'
                                               'passed  d\n1 passed, 1 failed\n')
        self.assertEqual((2, ['b: c']), (passed, failures))
        self.assertIn('because', said)

    def test_a_runner_that_broke_counts_as_failed(self):
        self.assertEqual((1, ['the journeys did not run']),
                         self.count(1, 'passed  a\nTraceback')[:2])
        self.assertEqual((1, []), self.count(0, 'passed  a\n')[:2])


class Summary(unittest.TestCase):
    def test_the_last_line(self):
        good, bad = report.Group('a', passed=3), report.Group('b', passed=2)
        code, said = quietly(report.summary, [good, bad])
        self.assertEqual((0, '5 passed, 0 failed'), (code, said.splitlines()[-1]))
        quietly(bad.fail, 'Some.Case')
        code, said = quietly(report.summary, [good, bad])
        self.assertEqual((1, '5 passed, 1 failed'), (code, said.splitlines()[-1]))
        self.assertIn('FAILED  b: Some.Case', said)


class Commands(unittest.TestCase):
    def test_a_command_that_hangs_is_ended(self):
        code, output = report.run(['sh', '-c', 'echo begun; sleep 60'], timeout=0.3)
        self.assertEqual(124, code)
        self.assertIn('begun', output)


class Fuzzing(unittest.TestCase):
    def test_a_target_without_corpus_fails(self):
        code, output = fuzz.check_target('there-is-no-such-target', 1)
        self.assertNotEqual(0, code)
        self.assertIn('holds no example', output)


class Tidy(unittest.TestCase):
    def test_a_changed_header_makes_its_sources_due(self):
        report.BUILD.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=report.BUILD) as directory:
            header = Path(directory, 'a.h')
            parts = [str(header.relative_to(report.TOP))]
            header.write_text('int a;')
            before = source.state_of('a.cc', parts)
            self.assertEqual(before, source.state_of('a.cc', parts))
            self.assertNotEqual(before, source.state_of('b.cc', parts))
            header.write_text('int b;')
            self.assertNotEqual(before, source.state_of('a.cc', parts))


class Coverage(unittest.TestCase):
    """On a made-up source: `TRY` is a macro of another file, as in llvm-cov's answers."""
    SOURCE = ['Result<int> f() {', '  const int a = TRY(g());', '  if (a > 1 && b) {', '    h();',
              '  }', '  CHECK(a);', '}']

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.top, coverage.TOP = coverage.TOP, Path(directory.name)
        self.addCleanup(lambda: setattr(coverage, 'TOP', self.top))
        self.path = 'src/keys/made_up.cc'
        file = Path(directory.name, self.path)
        file.parent.mkdir(parents=True)
        file.write_text('\n'.join(self.SOURCE))
        self.file = str(file)

    def measured(self, errors, ran):
        """`errors`: how often TRY failed; `ran`: how often h() was called."""
        exported = {'data': [{
            'files': [{'filename': self.file, 'segments': [
                [1, 17, 5, True, True, False], [2, 26, 0, True, False, True],
                [3, 3, 5, True, True, False], [4, 5, ran, True, True, False],
                [5, 4, 5, True, False, False], [7, 2, 0, False, False, False]]}],
            'functions': [{
                'filenames': [self.file, 'result.h', 'result.h'],
                'regions': [[2, 17, 2, 20, 5, 0, 1, 1], [6, 3, 6, 8, 5, 0, 2, 1]],
                'branches': [[9, 9, 9, 21, errors, 5, 1, 0, 4], [3, 7, 3, 12, ran, 4, 0, 0, 4],
                             [3, 16, 3, 17, ran, 1, 0, 0, 4], [7, 9, 7, 21, 0, 5, 2, 0, 4]]}]}]}
        files = {}
        coverage.read_lines(exported, files)
        coverage.read_outcomes(exported, files)
        return files

    def test_lines_and_both_outcomes_of_each_condition_count(self):
        self.assertEqual([(4, 4), (6, 6)], coverage.figures(self.measured(2, 1), 'src/keys/'))
        self.assertEqual([(3, 4), (3, 6)], coverage.figures(self.measured(0, 0), 'src/keys/'))

    def test_a_check_does_not_count(self):
        lines = [outcome.line for outcome in self.measured(1, 1)[self.path].outcomes]
        self.assertNotIn(6, lines)

    def test_what_is_uncovered_needs_a_reason(self):
        left, _ = coverage.unlisted(self.measured(0, 0), {})
        self.assertEqual(['2', '3', '4'], [item.split(':')[0] for item in left[self.path]])
        self.assertIn('never error', left[self.path][0])
        reasons = coverage.read_reasons(f'{self.path}\n  h();  ## nobody calls it\n')
        left, used = coverage.unlisted(self.measured(1, 0), reasons)
        self.assertEqual(1, len(left[self.path]))
        self.assertEqual({(self.path, 'h();')}, used)

    def judged(self, files, reasons):
        file = Path(coverage.TOP, 'reasons')
        file.write_text(reasons)
        before, coverage.REASONS = coverage.REASONS, file
        self.addCleanup(lambda: setattr(coverage, 'REASONS', before))
        group = report.Group('coverage')
        quietly(coverage.judge, group, files)
        return group.failures

    def test_too_little_and_reasons_for_nothing_fail(self):
        whole = self.measured(1, 1)
        others = {f'src/{name}/x.cc': whole[self.path] for name in ('vault', 'ledger')}
        for path in others:
            Path(coverage.TOP, path).parent.mkdir(parents=True, exist_ok=True)
            Path(coverage.TOP, path).write_text('\n'.join(self.SOURCE))
        self.assertEqual([], self.judged({**whole, **others}, ''))
        failures = self.judged({**self.measured(0, 1), **others}, '')
        self.assertIn('keys: too few branches covered', failures)
        self.assertIn(f'{self.path}: uncovered and not in reasons', failures)
        failures = self.judged({**whole, **others}, f'{self.path}\n  gone();  ## it was there\n')
        self.assertEqual([f'{self.path}: a reason for a line that is not there'], failures)

    def test_a_line_without_a_reason_is_refused(self):
        with self.assertRaises(RuntimeError):
            coverage.read_reasons('src/keys/a.cc\n  a();\n')


if __name__ == '__main__':
    unittest.main()
