"""Walks each page of docs/api as it stands, after what it goes on from, and holds its tables against the
sources."""
import re
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / 'journeys'), str(HERE / 'support'), str(HERE / 'conformance')]
from checker.problems import EXPLAINED  # noqa: E402
from examples import TOP, differs, steps, walk  # noqa: E402

PAGES = TOP / 'docs' / 'api'
INDEX, FIRST = 'README.md', 'sign-up.md'  # what every page goes on from
IN_A_BROWSER = {'passkeys.md'}            # tests/browser/passkeys_page.mjs


def page(name):
    return (PAGES / name).read_text()


class Examples(unittest.TestCase):
    """One test for each page; the index links each."""

    def walk(self, name):
        before = [step for other in (INDEX, FIRST) if other != name for step in steps(page(other))]
        mine = steps(page(name))
        self.assertGreaterEqual(len(mine), 3, 'the page shows nothing')
        with tempfile.TemporaryDirectory() as directory:
            said = walk(directory, [command for command, _ in before + mine])
        self.assertEqual(len(before + mine), len(said))
        for (command, shown), found in zip(mine, said[len(before):]):
            with self.subTest(command):
                self.assertIsNone(differs(shown, found))
        self.assertGreater(sum(bool(shown) for _, shown in mine), len(mine) / 3)

    def test_the_index_has_all_pages(self):
        linked = set(re.findall(r'\]\(([a-z-]+\.md)\)', page(INDEX)))
        self.assertEqual({file.name for file in PAGES.glob('*.md')} - {INDEX}, linked)


for file in sorted(PAGES.glob('*.md')):
    if file.name not in IN_A_BROWSER | {INDEX}:
        setattr(Examples, f'test_{file.stem.replace("-", "_")}',
                lambda self, name=file.name: self.walk(name))


class Tables(unittest.TestCase):
    def test_all_types_of_problem(self):
        code = (TOP / 'src' / 'pages' / 'problems.cc').read_text()
        explained = [(name, status, heading) for name, heading, status in EXPLAINED.findall(code)]
        self.assertGreater(len(explained), 30)
        rows = re.findall(r'^\| `([a-z-]+)` \| (\d{3}) \| ([^|]+) \|', page('errors.md'), re.MULTILINE)
        self.assertEqual(explained, rows)

    def test_all_quotas(self):
        code = (TOP / 'src' / 'accounts' / 'throttle.h').read_text()
        quotas = {(name, tries, count, unit) for name, tries, unit, count in re.findall(
            r'\{"([a-z-]+)", Quota::Of::\w+, (\d+),\s*std::chrono::(minutes|hours)\((\d+)\)', code)}
        self.assertGreater(len(quotas), 15)
        rows = re.findall(r'^\| `([a-z-]+)` \| (\d+) \| (\d+) (minute|hour)s? \|', page('errors.md'),
                          re.MULTILINE)
        self.assertEqual(quotas, {(*row[:3], row[3] + 's') for row in rows})


if __name__ == '__main__':
    unittest.main()
