"""Tests the counting: a failure must never get lost between a test program and the last line."""
import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import fuzz  # noqa: E402
import report  # noqa: E402
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


if __name__ == '__main__':
    unittest.main()
