"""A second reader of logs, written from docs/formats/ledger.md and the C2SP pages that it names.

Verifies the log beside it from its files alone: the chain of keys, the signed tree, every tile and
bundle, the handover's entry, and one proof. Says nothing where all is well.
"""

import base64
import hashlib
import pathlib
import shutil
import struct
import sys
import tempfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256
ED25519 = b"\x01"
DASH = "\u2014 "


class Bad(Exception):
    pass


def sha256(data):
    return hashlib.sha256(data).digest()


def need(holds, what):
    if not holds:
        raise Bad(what)


class VerifierKey:
    """`name+id+base64`: c2sp.org/signed-note."""

    def __init__(self, line):
        self.line = line
        self.name, number, rest = line.split("+", 2)
        raw = base64.b64decode(rest, validate=True)
        need(raw[:1] == ED25519 and len(raw) == 33, "kind of key")
        self.id = sha256(self.name.encode() + b"\n" + raw)[:4]
        need(number == self.id.hex(), "id of key")
        self.key = Ed25519PublicKey.from_public_bytes(raw[1:])

    def verify(self, text, signatures):
        for name, raw in signatures:
            if name == self.name and raw[:4] == self.id:
                try:
                    return self.key.verify(raw[4:], text.encode())
                except InvalidSignature:
                    raise Bad("signature") from None
        raise Bad("not signed by this key")


def take_note(text):
    """The text of the note at the start of `text`, its signatures, and what stands behind them."""
    body, rest = text.split("\n\n", 1)
    signatures = []
    while rest.startswith(DASH):
        line, rest = rest.split("\n", 1)
        name, raw = line[len(DASH):].split(" ")
        signatures.append((name, base64.b64decode(raw, validate=True)))
    return body + "\n", signatures, rest


def read_head(size, root):
    return int(size), base64.b64decode(root, validate=True)


def read_checkpoint(text, key):
    body, signatures, rest = take_note(text)
    need(not rest, "something behind the checkpoint")
    key.verify(body, signatures)
    origin, size, root = body.splitlines()
    need(origin == key.name, "origin")
    return read_head(size, root)


def read_chain(text):
    """The handovers: key that ends, key that begins, and the tree between them."""
    handovers = []
    while text:
        body, signatures, text = take_note(text)
        kind, old, new, size, root = body.splitlines()
        need(kind == "log-key-handover/v1", "kind of statement")
        old, new = VerifierKey(old), VerifierKey(new)
        old.verify(body, signatures)
        new.verify(body, signatures)
        need(not handovers or handovers[-1][1].line == old.line, "chain")
        handovers.append((old, new, read_head(size, root)))
    return handovers


def tree_root(hashes):
    """RFC 6962, 2.1."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    half = 1
    while half * 2 < len(hashes):
        half *= 2
    return sha256(b"\x01" + tree_root(hashes[:half]) + tree_root(hashes[half:]))


def path_of(kind, index, width):
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{kind}/" + "/".join(groups) + ("" if width == WIDTH else f".p/{width}")


def pieces(count):
    for index in range((count + WIDTH - 1) // WIDTH):
        yield index, min(WIDTH, count - index * WIDTH)


def read_entries(log, size):
    entries = []
    for index, width in pieces(size):
        bundle = (log / path_of("entries", index, width)).read_bytes()
        for _ in range(width):
            need(len(bundle) >= 2, "length of a bundle")
            (length,) = struct.unpack(">H", bundle[:2])
            entries.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
        need(not bundle, "something behind the entries")
    for entry in entries:
        need(len(entry) == 65 and entry[0] == 1, "form of an entry")
    return entries


def check_tiles(log, row):
    level = 0
    while row:
        above = []
        for index, width in pieces(len(row)):
            part = row[index * WIDTH : index * WIDTH + width]
            need((log / path_of(level, index, width)).read_bytes() == b"".join(part), "tile")
            if width == WIDTH:
                above.append(tree_root(part))
        row, level = above, level + 1


def check_proof(text, key, leaves):
    """c2sp.org/tlog-proof: header, index, hashes, an empty line, the checkpoint."""
    head, checkpoint = text.split("\n\n", 1)
    kind, index, *hashes = head.splitlines()
    need(kind == "c2sp.org/tlog-proof@v1" and index.startswith("index "), "form of a proof")
    size, root = read_checkpoint(checkpoint, key)
    index = int(index[len("index ") :])
    need(index < size, "index")
    node, last, found = index, size - 1, leaves[index]
    for line in hashes:
        sibling = base64.b64decode(line, validate=True)
        need(last > 0, "length of the proof")
        if node & 1 or node == last:
            found = sha256(b"\x01" + sibling + found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + sibling)
        node, last = node >> 1, last >> 1
    need(last == 0 and found == root, "proof")


def handover_entry(old, new):
    keys = f"{old.line}\n{new.line}\n".encode()
    label = sha256(b"log-key-handover/v1 label\n" + keys)
    return b"\x01" + label + sha256(b"log-key-handover/v1 commit\n" + keys)


def verify(log):
    key = VerifierKey((log / "key").read_text().rstrip("\n"))
    size, root = read_checkpoint((log / "checkpoint").read_text(), key)
    entries = read_entries(log, size)
    leaves = [sha256(b"\x00" + entry) for entry in entries]
    need(tree_root(leaves) == root, "root")
    check_tiles(log, leaves)
    handovers = read_chain((log / "keys").read_text())
    need(handovers[-1][1].line == key.line, "the chain ends with another key")
    for old, new, (ended_at, ended_root) in handovers:
        need(tree_root(leaves[:ended_at]) == ended_root, "tree of a handover")
        need(entries[ended_at - 1] == handover_entry(old, new), "entry of a handover")
    check_proof((log / "77.tlog-proof").read_text(), key, leaves)


def main():
    here = pathlib.Path(__file__).parent
    verify(here)
    # The reader itself must notice a changed byte in the middle of any file.
    files = [path for path in sorted(here.rglob("*")) if path.is_file() and path.suffix != ".py"]
    for path in files:
        if path.relative_to(here).as_posix() in OF_SMALLER_TREES:
            continue
        with tempfile.TemporaryDirectory() as other:
            log = pathlib.Path(other) / "log"
            shutil.copytree(here, log)
            damaged = bytearray(path.read_bytes())
            damaged[len(damaged) // 2] ^= 1
            (log / path.relative_to(here)).write_bytes(damaged)
            try:
                verify(log)
            except (Bad, ValueError):
                continue
            sys.exit(f"damage in {path.relative_to(here)} was not noticed")


# Partial tiles may stand beside those of the newest tree.
OF_SMALLER_TREES = {f"tile/{kind}/001.p/{width}" for kind in ("0", "entries") for width in (24, 25)}

if __name__ == "__main__":
    main()
