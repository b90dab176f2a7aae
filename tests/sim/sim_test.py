"""The simulator as a command: the same seed is the same life, and what fails is told and made small."""
import json
import subprocess
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PROGRAM = TOP / 'build' / 'release' / 'scalign-sim'


def sim(*arguments):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120,
                          check=False)
    return done.returncode, done.stdout.splitlines()


def life(seed, *arguments):
    code, lines = sim('--seed', str(seed), '--json', *arguments)
    assert code == 0, lines
    return json.loads(lines[-1])


class Determinism(unittest.TestCase):
    # One of each kind of trouble: none, a rollback, single errors, a full disk, lies, flipped bits.
    SEEDS = (1, 7, 8, 9, 10, 11)

    def test_a_seed_is_one_life_in_any_process(self):
        for seed in self.SEEDS:
            with self.subTest(seed=seed):
                self.assertEqual(life(seed), life(seed))

    def test_seeds_differ(self):
        self.assertEqual(len({life(seed)['digest'] for seed in self.SEEDS}), len(self.SEEDS))

    def test_the_trace_tells_each_operation_and_changes_nothing(self):
        code, lines = sim('--seed', '1', '--trace', '--rounds', '1')
        self.assertEqual(code, 0)
        self.assertGreater(len(lines), 100)
        self.assertTrue(any(' sync data/store.db-wal ' in line for line in lines))
        self.assertEqual(lines[-1], sim('--seed', '1', '--rounds', '1')[1][-1])


class Failing(unittest.TestCase):
    def test_is_told_and_made_small(self):
        code, lines = sim('--range', '0..2', '--mutant', 'rekey_keeps_key')
        self.assertEqual(code, 1)
        self.assertTrue(lines[0].startswith('seed '), lines)
        smallest = [line for line in lines if line.startswith('smallest that still fails')]
        self.assertEqual(len(smallest), 1)
        words = smallest[0].split('scalign-sim ')[1].split()
        self.assertEqual(sim(*words)[0], 0)
        self.assertEqual(sim(*words, '--mutant', 'rekey_keeps_key')[0], 1)
        self.assertNotIn('violations 0', lines[-1])

    def test_figures_are_json_where_asked_for(self):
        code, lines = sim('--seeds', '1', '--json')
        self.assertEqual((code, json.loads(lines[-1])['violations']), (0, 0))

    def test_nonsense_is_refused(self):
        for words in (['--range', '5..5'], ['--range', 'x'], ['--mutant', 'none_such'],
                      ['--seed', '1', '--seeds', '2'], ['--trace'], ['--fibers', '0']):
            self.assertNotEqual(sim(*words)[0], 0, words)


if __name__ == '__main__':
    unittest.main()
