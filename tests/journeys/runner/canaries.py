"""The search for personal data where none may be: every byte and every name under some directories,
in the plain and in the shapes that an encoding would give it."""
import base64
import os
import urllib.parse
from pathlib import Path


def shapes(canary):
    """The canary, in lower case, as bytes that a program might have written for it."""
    plain = canary.encode()
    found = {'plain': plain, 'UTF-16': canary.encode('utf-16-le'),
             'hexadecimal': plain.hex().encode(),
             'percent': urllib.parse.quote(canary, safe='').encode(),
             'form': urllib.parse.quote_plus(canary).encode()}
    exact = {}
    for shift in range(3):  # base64 looks different at each place within three bytes
        # Characters that also depend on the neighbours are cut off at both ends.
        coded = base64.b64encode(b'\0' * shift + plain)
        first = (shift * 8 + 5) // 6
        whole = (shift + len(plain)) * 8 // 6
        exact[f'base64 at {shift}'] = coded[first:whole]
        exact[f'base64url at {shift}'] = coded[first:whole].translate(bytes.maketrans(b'+/', b'-_'))
    return {name: bytes_.lower() for name, bytes_ in found.items()}, exact


def search(canaries, places, leave_out=()):
    """Each place is a directory or a file; gives `what in where` for all that is found."""
    wanted = {canary: shapes(canary) for canary in canaries}
    found = []
    for place in map(Path, places):
        for file in files_under(place, set(map(Path, leave_out))):
            try:
                content = file.read_bytes() + b'\0' + os.fsencode(file.name)
            except FileNotFoundError:
                continue  # the server removed it meanwhile
            lower = content.lower()
            for canary, (folded, exact) in wanted.items():
                for name, shape in folded.items():
                    if shape in lower:
                        found.append(f'"{canary}" ({name}) in {file}')
                for name, shape in exact.items():
                    if len(shape) >= 6 and shape in content:
                        found.append(f'"{canary}" ({name}) in {file}')
    return found


def files_under(place, leave_out):
    if place.is_file():
        yield place
    for directory, names, files in os.walk(place):
        names[:] = [n for n in names if Path(directory, n) not in leave_out]
        for name in files:
            path = Path(directory, name)
            if path.is_file() and not path.is_symlink():
                yield path
