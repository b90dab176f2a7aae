"""Walks the README's tour as it stands."""
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / 'journeys'), str(HERE / 'support')]
from examples import TOP, differs, steps, walk  # noqa: E402


class Readme(unittest.TestCase):
    def test_the_tour_works_as_written(self):
        tour = steps((TOP / 'README.md').read_text())
        self.assertGreater(len(tour), 10)
        with tempfile.TemporaryDirectory() as directory:
            said = walk(directory, [command for command, _ in tour])
        self.assertEqual(len(tour), len(said))
        for (command, shown), found in zip(tour, said):
            with self.subTest(command):
                self.assertIsNone(differs(shown, found))


if __name__ == '__main__':
    unittest.main()
