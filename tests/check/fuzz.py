"""Fuzz targets: every tests/fuzz/NAME_fuzz.cc replays tests/fuzz/corpus/NAME, then runs on its own
for some seconds. What it finds is kept beside the build, never in the tree."""
from concurrent.futures import ThreadPoolExecutor

from report import BUILD, TOP, build, run, say

SOURCES = TOP / 'tests' / 'fuzz'
PROGRAMS = BUILD / 'fuzz' / 'fuzz'
FOUND = BUILD / 'fuzz' / 'findings'
GROWN = BUILD / 'fuzz' / 'corpus'


def check_fuzz(group, options):
    names = sorted(f.name.removesuffix('_fuzz.cc') for f in SOURCES.glob('*_fuzz.cc'))
    if not names:
        group.fail('no fuzz target found')
        return
    words = build('fuzz', ['fuzz_targets'])
    if words is not None:
        group.fail('fuzz build', words)
        return
    FOUND.mkdir(parents=True, exist_ok=True)
    say(f'{len(names)} targets, {options.fuzz_seconds} s each')
    with ThreadPoolExecutor(options.jobs) as pool:
        for name, (code, output) in zip(names, pool.map(
                lambda name: check_target(name, options.fuzz_seconds), names)):
            group.ok() if code == 0 else group.fail(f'{name}_fuzz', output)


def check_target(name, seconds):
    kept = SOURCES / 'corpus' / name
    if not kept.is_dir() or not any(kept.iterdir()):
        return 1, f'{kept.relative_to(TOP)} holds no example'
    grown = GROWN / name
    grown.mkdir(parents=True, exist_ok=True)
    program = str(PROGRAMS / f'{name}_fuzz')
    limits = ['-timeout=10', '-rss_limit_mb=2048', f'-artifact_prefix={FOUND}/{name}-']
    code, output = run([program, *limits, *map(str, sorted(kept.iterdir()))], timeout=300)
    if code != 0:
        return code, output
    return run([program, *limits, f'-max_total_time={seconds}', '-verbosity=1',
                str(grown), str(kept)], timeout=seconds + 120)
