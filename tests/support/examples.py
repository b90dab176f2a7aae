"""Runs the commands of a Markdown page as it stands, in one shell, in the page's order, beside a server of
its own, and holds what they print against what the page shows: but for the ids, times, codes and keys of
that day. `<!-- 30 seconds later -->` moves the server's time, and that of `oathtool`."""
import os
import re
import subprocess
from pathlib import Path

from runner.server import Server

TOP = Path(__file__).resolve().parents[2]
PROGRAM = TOP / 'build' / 'release' / 'scalign'
MARK = '@@@ next @@@'
PIECES = re.compile(r'```(console|sh)\n(.*?)```|<!-- (\d+) (seconds|minutes) later -->', re.DOTALL)
# What is another one each day, and the word that stands for it on both sides.
OF_THE_DAY = [
    (r'\\"[a-z2-7]{26}\\"', '"TAG"'), (r'scal_pat_[a-z2-7]{40}', 'TOKEN'),
    (r'[a-z2-7]{26}', 'ID'), (r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', 'TIME'), (r'\d{4}-\d\d-\d\d', 'DAY'),
    (r'\+[0-9a-f]{8}\+\S{44}', '+KEY'), (r'"[A-Za-z0-9_-]{43,54}"', '"CODE"'),
    (r'\b[A-Z2-7]{32}\b', 'SECRET'), (r'\b[a-z2-7]{4}(-[a-z2-7]{4}){3}\b', 'RECOVERY'),
    (r'(?<=__Host-session=)[\w-]+', 'SESSION'), (r'(?<=__Host-device=)[\w-]+', 'DEVICE'),
    (r';t=\d+', ';t=SECONDS'), (r'(?<=Retry-After: )\d+', 'SECONDS'), (r'localhost:\d+', 'HOST')]
# Time as the server has it, and waiting for its mails.
ABOUT_THE_SERVER = r'''
AHEAD=0
later() {
  AHEAD=$((AHEAD + $1))
  curl -s -o /dev/null -H "Origin: http://localhost:8080" -H "Content-Type: application/json" \
    http://localhost:8080/test/clock -d "{\"now\":\"$(date -u -d "+$AHEAD seconds" +%FT%TZ)\"}"
}
arrived() {  # a mail with a code that was not there before
  for i in $(seq 100); do
    find data/outbox -name '*.eml' ${SEEN:+-newer .seen} 2>/dev/null |
      xargs -r grep -l token= | grep -q . && break
    sleep .05
  done
  touch .seen; SEEN=yes
}
oathtool() { command oathtool --now "$(date -u -d "+$AHEAD seconds" '+%F %T UTC')" "$@"; }
'''


def steps(text):
    """(command, what the page shows of it): the `$` lines of console blocks, and sh blocks whole, but
    for those that are about ./run and ./test."""
    found = []
    for kind, block, count, unit in PIECES.findall(text):
        if count:
            found.append((f'later {int(count) * (60 if unit == "minutes" else 1)}', []))
        elif kind == 'sh':
            found += [] if './run' in block else [(block.strip(), [])]
        else:
            console(block, found)
    return [(command, '\n'.join(shown)) for command, shown in found]


def console(block, found):
    for line in block.splitlines():
        if line.startswith('$ '):
            found.append((line[2:], []))
        elif unfinished(found[-1][0]):
            found[-1] = (found[-1][0] + '\n' + line, [])
        else:
            found[-1][1].append(line)


def unfinished(command):
    return command.endswith(('\\', ' |')) or command.count("'") % 2 == 1


def timeless(text):
    text = text.replace('\r\n', '\n')
    for pattern, word in OF_THE_DAY:
        text = re.sub(pattern, word, text)
    return text.strip()


def differs(shown, found):
    """None, or the two as they were compared: where the page ends in dots, it shows the beginning."""
    shown, found = timeless(shown), timeless(found)
    if shown.endswith('...'):
        found = found[:len(shown) - 3] + '...'
    return None if not shown or shown == found else (shown, found)


def walk(directory, commands):
    """What each command prints, in `directory`, where the server's data is."""
    for name in ('build', 'notice'):
        os.symlink(TOP / name, Path(directory, name))
    server = Server([PROGRAM], directory)
    server.start()
    try:
        # A person takes longer than a mail does.
        script = ABOUT_THE_SERVER + ''.join(('arrived\n' if waits_for_a_mail(command) else '')
                                 + f'{command}\necho "{MARK}"\n' for command in commands)
        script = script.replace('localhost:8080', f'localhost:{server.port}')
        done = subprocess.run(['bash', '-c', script], cwd=directory, text=True, timeout=120,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    finally:
        server.kill()
    return done.stdout.split(MARK + '\n')[:-1]


def waits_for_a_mail(command):
    return 'outbox/*.eml' in command.partition('()')[0] or '$(code)' in command
