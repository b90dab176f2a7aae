"""Checks of the client and of the application: types, form, unit tests."""
from report import run
from served import node_environment

CHECKS = {
    'client/schema.ts is what the description says': ['node', 'client/generate.mjs', '--check'],
    'types': ['svelte-check', '--workspace', 'web/app', '--tsconfig', './tsconfig.json',
              '--fail-on-warnings'],
    'form (prettier --write mends it)': ['prettier', '--check', 'client', 'web/app',
                                         '!client/schema.ts'],
    'unit tests': ['vitest', 'run', '--root', 'web/app'],
}


def check_web(group, _options):
    for name, command in CHECKS.items():
        code, output = run(command, env=node_environment(), timeout=300)
        group.ok() if code == 0 else group.fail(name, output)
