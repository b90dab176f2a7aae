"""A second reader of key trees, written from docs/formats/key-tree.md alone.

Opens the vectors beside it and compares every owner's subkey; says nothing where all is well.
"""

import hashlib
import json
import pathlib
import struct
import sys

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PAGE = 4096
HEADER = 64
SLOT = 56
EMPTY, LIVE, ERASED = 0, 1, 2


class Corrupt(Exception):
    pass


def parse_record(record):
    """Epoch, key and page; nothing where the slot is empty, destroyed or torn."""
    epoch, key, page = struct.unpack(">Q32sQ", record[:48])
    if epoch == 0 or hashlib.sha256(record[:48]).digest() != record[48:]:
        return None
    return epoch, key, page


def newest_root(holder):
    """The record with the higher epoch."""
    found = [parse_record(holder[start : start + 80]) for start in (0, PAGE)]
    found = [root for root in found if root]
    if not found:
        raise Corrupt("no root")
    return max(found)


def unwrap(holder, passphrase):
    """A root's file without its wrapping."""
    plain = bytearray(len(holder))
    for start in (0, PAGE):
        record = holder[start : start + 192]
        if record[:8] != b"KTWRAP1\n" or hashlib.sha256(record[:160]).digest() != record[160:]:
            continue
        passes, memory_kib = struct.unpack(">II", record[8:16])
        key = hash_secret_raw(passphrase, record[16:32], passes, memory_kib, 1, 32, Type.ID)
        info = b"root record wrap 1"
        of_record = HKDF(algorithm=SHA256(), length=32, salt=record[32:64], info=info).derive(key)
        try:
            opened = AESGCM(of_record).decrypt(bytes(12), record[64:160], record[:64])
        except InvalidTag:
            raise Corrupt("passphrase") from None
        plain[start : start + 80] = opened
    return bytes(plain)


def join(rotating, resting):
    """The root's file that two shares make."""
    share = parse_record(resting[:80])
    joined = bytearray(len(rotating))
    for start in (0, PAGE):
        root = parse_record(rotating[start : start + 80])
        if not root:
            continue
        key = bytes(a ^ b for a, b in zip(root[1], share[1]))
        record = struct.pack(">Q32sQ", root[0], key, root[2])
        joined[start : start + 80] = record + hashlib.sha256(record).digest()
    return bytes(joined)


def open_page(tree, number, key):
    """Level, index, tree id and the 64 slots {key, target, generation, flags}."""
    image = tree[number * PAGE : (number + 1) * PAGE]
    if len(image) != PAGE:
        raise Corrupt("no such page")
    header = image[:HEADER]
    magic, level, index, tree_id, rest = struct.unpack(">4sBQ16s35s", header)
    if magic != b"KTN1" or level > 10 or any(rest):
        raise Corrupt("header")
    try:
        body = AESGCM(key).decrypt(bytes(12), image[HEADER:], header)
    except InvalidTag:
        raise Corrupt("seal") from None
    slots = [struct.unpack(">32sQQQ", body[at : at + SLOT]) for at in range(0, 64 * SLOT, SLOT)]
    if any(body[64 * SLOT :]):
        raise Corrupt("reserved bytes")
    for key, target, generation, flags in slots:
        empty = flags == EMPTY and not any(key) and target == generation == 0
        erased = flags == ERASED and level == 0 and not any(key)
        if not (empty or erased or flags == LIVE):
            raise Corrupt("slot")
    return (level, index, tree_id), slots


def find(tree, holder, number):
    """The leaf slot of that number."""
    _, key, page = newest_root(holder)
    (level, index, tree_id), slots = open_page(tree, page, key)
    if index != 0:
        raise Corrupt("root")
    if number >> (6 * (level + 1)):
        return (bytes(32), 0, 0, EMPTY)
    while True:
        slot = slots[(number >> (6 * level)) % 64]
        if level == 0 or slot[3] == EMPTY:
            return slot
        level -= 1
        name, slots = open_page(tree, slot[1], slot[0])
        if name != (level, number >> (6 * (level + 1)), tree_id):
            raise Corrupt("place")


def subkey(master, label, owner, generation):
    info = label.encode() + b"\0" + owner + struct.pack(">Q", generation)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(master)


def compare(tree, holder, expected):
    if newest_root(holder)[0] != expected["epoch"]:
        raise Corrupt("epoch")
    for entry in expected["owners"]:
        owner = bytes.fromhex(entry["owner"])
        key, tag, generation, flags = find(tree, holder, entry["slot"])
        state = {EMPTY: "empty", LIVE: "live", ERASED: "erased"}[flags]
        if state != entry["state"] or generation != entry["generation"]:
            raise Corrupt("state")
        if state != "empty" and tag != struct.unpack(">Q", owner[:8])[0]:
            raise Corrupt("tag")
        if state == "live":
            found = subkey(key, expected["label"], owner, generation)
            if found.hex() != entry["subkey"]:
                raise Corrupt("subkey")


def main():
    here = pathlib.Path(__file__).parent
    tree = (here / "tree.ktn").read_bytes()
    holder = (here / "root.ktn").read_bytes()
    expected = json.loads((here / "expected.json").read_text())
    compare(tree, holder, expected)
    # The same root wrapped in a passphrase, and as two shares.
    wrapped = (here / "wrapped.ktn").read_bytes()
    rotating = (here / "rotating.ktn").read_bytes()
    resting = (here / "resting.ktn").read_bytes()
    passphrase = b"correct horse battery staple"
    if unwrap(wrapped, passphrase) != holder or join(rotating, resting) != holder:
        sys.exit("another root")
    compare(tree, unwrap(wrapped, passphrase), expected)
    for opened in (lambda: unwrap(wrapped, passphrase + b"s"), lambda: newest_root(wrapped)):
        try:
            opened()
        except Corrupt:
            continue
        sys.exit("a wrapped root opens without its passphrase")
    # The reader itself must notice: a bit in the root page, and in the root.
    damaged = bytearray(tree)
    damaged[newest_root(holder)[2] * PAGE + 100] ^= 1
    other = bytearray(holder)
    other[10] ^= 1
    other[PAGE + 10] ^= 1
    for bad_tree, bad_holder in ((bytes(damaged), holder), (tree, bytes(other))):
        try:
            compare(bad_tree, bad_holder, expected)
        except Corrupt:
            continue
        sys.exit("damage was not noticed")


if __name__ == "__main__":
    main()
