"""Shows that misuse does not compile: run.py COMPILER INCLUDE_DIRECTORY

Every case beside this file is compiled twice (-fsyntax-only): with -DCONTROL it must compile, without it
must not, and the compiler must say what the case's `// expect:` line says (alternatives behind `|`).
"""
import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile

COMPILER, INCLUDE = sys.argv[1], sys.argv[2]
HERE = pathlib.Path(__file__).parent
# Only one side of a case uses all parameters.
FLAGS = ['-std=c++23', '-Wall', '-Wextra', '-Werror', '-fno-caret-diagnostics', '-Wno-unused-parameter',
         '-Wno-gnu-statement-expression-from-macro-expansion', f'-I{INCLUDE}', f'-I{HERE}']


def precompile(cases, directory):
    """Every header that some case includes, read once for all of them."""
    headers = sorted({line for case in cases for line in case.read_text().splitlines()
                      if line.startswith('#include') and 'either.h' not in line})
    source, out = directory / 'headers.h', directory / 'headers.pch'
    source.write_text('\n'.join(headers) + '\n')
    subprocess.run([COMPILER, *FLAGS, '-fpch-instantiate-templates', '-x', 'c++-header', str(source),
                    '-o', str(out)], check=True)
    return out


def compile(case, headers, *more):
    command = [COMPILER, *FLAGS, '-fsyntax-only', '-include-pch', str(headers), *more, str(case)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def judge(case, headers):
    """Nothing, or what is wrong with the case."""
    expected = [line.removeprefix('// expect: ').split('|')
                for line in case.read_text().splitlines() if line.startswith('// expect: ')]
    if len(expected) != 1:
        return 'needs one line `// expect: ...`'
    control = compile(case, headers, '-DCONTROL')
    if control.returncode != 0:
        return f'the control does not compile:\n{control.stderr}'
    misuse = compile(case, headers)
    if misuse.returncode == 0:
        return 'the misuse compiles'
    errors = [line for line in misuse.stderr.splitlines() if 'error:' in line]
    if not any(text in error for text in expected[0] for error in errors):
        return f'fails for another reason than {expected[0]}:\n{misuse.stderr}'
    return None


cases = sorted(HERE.glob('*.cc'))
with tempfile.TemporaryDirectory() as directory, concurrent.futures.ThreadPoolExecutor(2) as pool:
    precompiled = precompile(cases, pathlib.Path(directory))
    verdicts = list(pool.map(lambda case: judge(case, precompiled), cases))
failed = [(case, verdict) for case, verdict in zip(cases, verdicts) if verdict]
for case, verdict in failed:
    print(f'{case.name}: {verdict}')
print(f'compile_fail: {len(cases) - len(failed)} passed, {len(failed)} failed')
sys.exit(1 if failed or not cases else 0)
