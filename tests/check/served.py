"""Checks that need the finished server: the journeys, and what it says of its own interface."""
import os
import re
import sys
import tempfile
import urllib.request

from report import BUILD, RELEASE, TOP, run

JOURNEYS = TOP / 'tests' / 'journeys'
sys.path.insert(0, str(JOURNEYS))
from runner.server import Server, ServerFailed  # noqa: E402


def check_journeys(group, options):
    count_lines(group, 'the journeys', *run([str(JOURNEYS / 'run'), '--jobs', str(options.jobs)]))


def check_conformance(group, _options):
    """All that /v1/openapi.json describes, good, bad and by chance, and nothing else."""
    count_lines(group, 'the conformance test',
                *run([str(TOP / 'tests' / 'conformance' / 'run')], timeout=600))


def count_lines(group, what, code, output):
    """Of a runner that prints `passed …` and `FAILED …`, with indented lines behind it that say why."""
    found = len(group.failures)
    for verdict in re.findall(r'^(?:passed|FAILED) .*\n?(?:^ +.*\n?)*', output, re.MULTILINE):
        line, _, detail = verdict.partition('\n')
        if line.startswith('passed '):
            group.ok()
        else:
            group.fail(line.removeprefix('FAILED').strip(), detail)
    if code != 0 and len(group.failures) == found:
        group.fail(f'{what} did not run', output)


def check_openapi(group, _options):
    served = RELEASE / 'openapi.json'
    try:
        with tempfile.TemporaryDirectory() as directory:
            server = Server([RELEASE / 'scalign'], directory)
            server.start()
            try:
                address = f'http://127.0.0.1:{server.port}/v1/openapi.json'
                with urllib.request.urlopen(address, timeout=10) as response:
                    served.write_bytes(response.read())
            finally:
                server.kill()
    except (OSError, ServerFailed) as wrong:
        group.fail('GET /v1/openapi.json', str(wrong))
        return
    code, output = run(['redocly', 'lint', str(served)], env=node_environment())
    group.ok() if code == 0 else group.fail('redocly lint of /v1/openapi.json', output)


def check_browser(group, _options):
    """What a person walks through, in Chromium (screenshots are left in build/shots), and passkeys
    beside another implementation and as docs/api says."""
    for walk in ('thread', 'factors', 'changes', 'members', 'oracle', 'passkeys_page',
                 'app_files', 'app_places', 'app_shares', 'app_account', 'app_doors', 'app_mailed', 'app_several',
                 'app_sight', 'app_sight_files', 'app_sight_deeds'):
        walk_browser(group, walk)


def walk_browser(group, walk):
    shots = BUILD / 'shots'
    with tempfile.TemporaryDirectory() as directory:
        server = Server([RELEASE / 'scalign'], directory)
        try:
            server.start()
            code, output = run(
                ['node', str(TOP / 'tests' / 'browser' / f'{walk}.mjs'),
                 f'http://localhost:{server.port}', str(server.data / 'outbox'), str(shots),
                 str(RELEASE / 'scalign')],
                env=node_environment(), timeout=300)
        except ServerFailed as wrong:
            group.fail('the browser\'s server', str(wrong))
            return
        finally:
            server.kill()
    count_lines(group, f'the browser walk {walk}', code, output)


def node_environment():
    """The tools of the lock file, with the Node of the lock file before any other."""
    modules = TOP / 'node_modules'
    path = [str(found.parent) for found in modules.glob('node-linux-*/bin/node')]
    return {'PATH': os.pathsep.join([*path, str(modules / '.bin'), os.environ['PATH']]),
            'REDOCLY_TELEMETRY': 'off', 'REDOCLY_SUPPRESS_UPDATE_NOTICE': 'true'}
