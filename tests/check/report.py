"""What the groups of checks share: running commands, counting cases, the summary."""
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
BUILD = TOP / 'build'
RELEASE = BUILD / 'release'
JOBS = os.cpu_count() or 2


def say(text):
    print(text, flush=True)


@dataclass
class Group:
    """The cases of one group of checks. A failure is said at once and again at the end."""
    name: str
    passed: int = 0
    failures: list = field(default_factory=list)
    skipped: list = field(default_factory=list)  # with their reasons
    seconds: float = 0.0

    def ok(self, count=1):
        self.passed += count

    def skip(self, what, why):
        self.skipped.append(f'{what}: {why}')
        say(f'skipped {what}: {why}')

    def fail(self, what, detail=''):
        self.failures.append(what)
        say(f'FAILED  {what}')
        for line in detail.strip().splitlines()[-60:]:
            say('    ' + line)


def run(command, *, env=None, timeout=None, cwd=TOP):
    """Runs a command quietly; gives its exit code and all that it printed."""
    try:
        done = subprocess.run(command, cwd=cwd, timeout=timeout, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env={**os.environ, **(env or {})})
    except subprocess.TimeoutExpired as expired:
        return 124, (expired.output or b'').decode(errors='replace') + '\ntimed out'
    return done.returncode, done.stdout.decode(errors='replace')


def lines_of(command):
    """The lines that a command must be able to print."""
    code, output = run(command)
    if code != 0:
        raise RuntimeError(f'{" ".join(map(str, command))}: {output}')
    return output.splitlines()


def build(preset, targets=()):
    """Configures where it is needed and builds; gives the compiler's words on failure, or None."""
    directory = BUILD / preset
    started = time.monotonic()
    say(f'building {" ".join(targets) or "everything"} ({preset})')
    if not (directory / 'build.ninja').exists():
        code, output = run(['cmake', '--preset', preset])
        if code != 0:
            return output
    # A terminal sees ninja's own progress; a log gets a line each half minute.
    command = ['ninja', '-C', str(directory), '-k', '20', *targets]
    code, output = (run_with_progress(command) if not sys.stdout.isatty()
                    else (subprocess.run(command, cwd=TOP, stdin=subprocess.DEVNULL).returncode,
                          'see above'))
    if code != 0:
        return '\n'.join(line for line in output.splitlines() if not line.startswith('['))
    say(f'built in {time.monotonic() - started:.0f} s')
    return None


def run_with_progress(command, every_seconds=30):
    said, output = time.monotonic(), []
    with subprocess.Popen(command, cwd=TOP, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors='replace') as process:
        for line in process.stdout:
            output.append(line)
            if line.startswith('[') and time.monotonic() - said > every_seconds:
                said = time.monotonic()
                say('    ' + line.rstrip()[:110])
    return process.returncode, ''.join(output)


def summary(groups):
    """The table, what was skipped and why, the failures once more, and the one line that machines
    read. What was skipped is in neither of its numbers."""
    say('')
    say(f'{"group":<12}{"passed":>8}{"failed":>8}{"skipped":>9}{"seconds":>9}')
    for group in groups:
        say(f'{group.name:<12}{group.passed:>8}{len(group.failures):>8}{len(group.skipped):>9}'
            f'{group.seconds:>9.1f}')
    for group in groups:
        for what in group.skipped:
            say(f'skipped {group.name}: {what}')
    for group in groups:
        for what in group.failures:
            say(f'FAILED  {group.name}: {what}')
    failed = sum(len(group.failures) for group in groups)
    if skipped := sum(len(group.skipped) for group in groups):
        say(f'{skipped} skipped')
    say(f'{sum(group.passed for group in groups)} passed, {failed} failed')
    return 1 if failed else 0
