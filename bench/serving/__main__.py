"""How the finished server serves, over HTTP and against peers in the same run: logins against bare
Argon2id, an account's reading against /healthz and against Parse Server, records created and read
against Parse Server, files against nginx and against a copy on the same disk, memory with many
connections. Everything is on loopback and ends with it."""
import argparse
import json
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TOP / 'tests' / 'journeys'), str(Path(__file__).parent)]
sys.dont_write_bytecode = True

from files import files  # noqa: E402
from measures import memory, logins, reads, records  # noqa: E402

MEASURES = {'logins': logins, 'reads': reads, 'records': records, 'files': files, 'memory': memory}


def arguments():
    parser = argparse.ArgumentParser(prog='bench/serving', description=__doc__)
    parser.add_argument('--only', metavar='MEASURE,…', default=','.join(MEASURES),
                        help='of ' + ', '.join(MEASURES))
    parser.add_argument('--seconds', type=int, default=5, help='for each pass (%(default)s)')
    parser.add_argument('--passes', type=int, default=5,
                        help='of which the median counts (%(default)s)')
    parser.add_argument('--json', action='store_true', help='one object instead of lines')
    options = parser.parse_args()
    wanted = options.only.split(',')
    for name in wanted:
        if name not in MEASURES:
            parser.error(f'no measure {name}; there are: {", ".join(MEASURES)}')
    return options, wanted


def main():
    options, wanted = arguments()
    figures = {}
    for name in wanted:
        if not options.json:
            print(f'== {name}', flush=True)
        with tempfile.TemporaryDirectory(prefix='serving-') as directory:
            for what, value in MEASURES[name](Path(directory), options).items():
                figures[what] = value
                if not options.json:
                    print(f'{what:<58} {value:>12}', flush=True)
    if options.json:
        print(json.dumps(figures, indent=2))
    return 0


if __name__ == '__main__':
    sys.exit(main())
