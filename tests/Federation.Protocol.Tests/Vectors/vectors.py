#!/usr/bin/env python3
"""Writes the golden vectors beside this file.

A second implementation of what is on the wire, from the specification alone and with Python's standard library, so that the vectors say
what the protocol is and not what the C# code happens to do. Signatures are deterministic (RFC 6979); the keys are small numbers, for
tests only. Run it after a deliberate change of the protocol: python3 vectors.py
"""
import base64
import hashlib
import hmac
import json
import pathlib

HERE = pathlib.Path(__file__).parent


def sha256(data):
    return hashlib.sha256(data).digest()


def u(value, size):
    return value.to_bytes(size, "big")


def write(name, cases):
    (HERE / f"{name}.json").write_text(json.dumps(cases, indent=2) + "\n", encoding="utf-8")


# Ids

def institute(text):
    return text.encode().ljust(16, b"\0")


def record(text):
    return bytes.fromhex(text.replace("-", ""))


# Merkle trees (RFC 6962 section 2.1)

def split(count):
    k = 1
    while 2 * k < count:
        k *= 2
    return k


def node(left, right):
    return sha256(b"\x01" + left + right)


def root_of(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"")
    k = split(len(leaves))
    return node(root_of(leaves[:k]), root_of(leaves[k:]))


def inclusion(m, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return inclusion(m, leaves[:k]) + [root_of(leaves[k:])]
    return inclusion(m - k, leaves[k:]) + [root_of(leaves[:k])]


def consistency(m, leaves, whole=True):
    if m == len(leaves):
        return [] if whole else [root_of(leaves)]
    k = split(len(leaves))
    if m <= k:
        return consistency(m, leaves[:k], whole) + [root_of(leaves[k:])]
    return consistency(m - k, leaves[k:], False) + [root_of(leaves[:k])]


def compact_range(leaves):
    hashes, start = [], 0
    for bit in reversed(range(64)):
        if len(leaves) >> bit & 1:
            hashes.append(root_of(leaves[start:start + (1 << bit)]))
            start += 1 << bit
    return hashes


def cover(start, end):
    """The fewest perfect subtrees from one leaf to another, as (level, first leaf)."""
    subtrees = []
    while start < end:
        level = 0
        while start % 2 ** (level + 1) == 0 and start + 2 ** (level + 1) <= end:
            level += 1
        subtrees.append((level, start))
        start += 2 ** level
    return subtrees


# Statements

def salt(key, part, changed_ms):
    return hmac.new(key, u(part, 8) + u(changed_ms, 8), hashlib.sha256).digest()[:16]


def changed_ms(key, part, minute, value, used):
    counter = 0
    while True:
        mac = hmac.new(key, u(part, 8) + u(minute, 8) + u(counter, 4) + value, hashlib.sha256).digest()
        result = minute * 60000 + int.from_bytes(mac[:8], "big") % 60000
        if result not in used:
            return result
        counter += 1


def commitment(origin, rid, part, changed, salt16, value):
    return sha256(b"\x10" + institute(origin) + record(rid) + u(part, 8) + u(changed, 8) + salt16 + u(len(value), 4) + value)


def statement(origin, rid, kind, schema, parts):
    head = b"FED-VIEW/1" + institute(origin) + record(rid) + u(kind, 2) + u(schema, 2) + u(len(parts), 2)
    return head + b"".join(u(part, 8) + u(changed, 8) + c for part, changed, c in parts)


def openings(items):
    return b"".join(u(part, 8) + salt16 + u(len(value), 4) + value for part, salt16, value in items)


# Ledgers

def leaf(operation, seq, origin, rid, vrev, statement_hash):
    return b"\x01" + u(operation, 1) + u(seq, 8) + institute(origin) + record(rid) + u(vrev, 4) + statement_hash


def leaf_hash(ledger, leaf78):
    return sha256(b"\x00" + ledger + leaf78)


def head(ledger, incarnation, size, root, time_ms, tip, manifest_no, live_count, live_digest):
    return (ledger + u(incarnation, 4) + u(size, 8) + root + u(time_ms, 8) + u(1 if tip else 0, 1) + u(manifest_no, 4)
            + u(live_count, 8) + live_digest)


def receipt(ledger, incarnation, size, root, time_ms, live_digest):
    return ledger + u(incarnation, 4) + u(size, 8) + root + u(time_ms, 8) + live_digest


def seal(ledger, incarnation, entries, time_ms, digest):
    return b"FED-SEAL/1" + ledger + u(incarnation, 4) + u(entries, 8) + u(time_ms, 8) + digest


def live_buckets(live):
    sums = [0] * 64
    for rid, hash32 in live:
        bucket = record(rid)[0] >> 2
        sums[bucket] = (sums[bucket] + int.from_bytes(hash32, "big")) % 2 ** 256
    return b"".join(u(value, 32) for value in sums)


def entry_item(leaf78, statement_bytes=b"", signature=b"", opening_bytes=b""):
    return (b"\x01" + leaf78 + u(len(statement_bytes), 4) + statement_bytes + u(len(signature), 2) + signature
            + u(len(opening_bytes), 4) + opening_bytes)


def opaque_item(level, hash32):
    return b"\x02" + u(level, 1) + hash32


def batch(items):
    return u(len(items), 2) + b"".join(items)


# Signatures: ECDSA (FIPS 186-5), deterministic nonces (RFC 6979)

class Curve:
    def __init__(self, algorithm, size, p, n, b, gx, gy, digest, spki_prefix):
        self.algorithm, self.size, self.p, self.n, self.b = algorithm, size, p, n, b
        self.g, self.digest, self.spki_prefix = (gx, gy), digest, bytes.fromhex(spki_prefix)

    def add(self, left, right):
        if left is None or right is None:
            return left or right
        (x1, y1), (x2, y2) = left, right
        if x1 == x2 and (y1 + y2) % self.p == 0:
            return None
        if left == right:
            slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x = (slope * slope - x1 - x2) % self.p
        return x, (slope * (x1 - x) - y1) % self.p

    def multiply(self, scalar, point):
        result = None
        while scalar:
            if scalar & 1:
                result = self.add(result, point)
            point, scalar = self.add(point, point), scalar >> 1
        return result

    def spki(self, private):
        x, y = self.multiply(private, self.g)
        return self.spki_prefix + b"\x04" + u(x, self.size) + u(y, self.size)

    def sign(self, private, message):
        z = self.digest(message).digest()
        x = u(private, self.size) + u(int.from_bytes(z, "big") % self.n, self.size)
        v, k = b"\x01" * len(z), b"\x00" * len(z)
        for tag in b"\x00\x01":
            k = hmac.new(k, v + bytes([tag]) + x, self.digest).digest()
            v = hmac.new(k, v, self.digest).digest()
        while True:
            v = hmac.new(k, v, self.digest).digest()
            nonce = int.from_bytes(v, "big")
            if 0 < nonce < self.n:
                r = self.multiply(nonce, self.g)[0] % self.n
                s = pow(nonce, -1, self.n) * (int.from_bytes(z, "big") + r * private) % self.n
                if r and s:
                    return u(r, self.size) + u(s, self.size)
            k = hmac.new(k, v + b"\x00", self.digest).digest()
            v = hmac.new(k, v, self.digest).digest()


P256 = Curve(
    1, 32,
    0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
    hashlib.sha256, "3059301306072a8648ce3d020106082a8648ce3d030107034200")

P384 = Curve(
    2, 48,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
    0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
    hashlib.sha384, "3076301006072a8648ce3d020106052b81040022036200")


def pae(kind, payload):
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind.encode(), len(payload), payload)


def sign(curve, private, kind, payload):
    return u(curve.algorithm, 1) + sha256(curve.spki(private))[:16] + curve.sign(private, pae(kind, payload))


def der(raw):
    """r|s as ASN.1 DER: a sequence of two integers."""
    def integer(value):
        content = value.lstrip(b"\0") or b"\0"
        content = b"\0" + content if content[0] > 127 else content
        return b"\x02" + u(len(content), 1) + content
    both = integer(raw[:len(raw) // 2]) + integer(raw[len(raw) // 2:])
    return b"\x30" + u(len(both), 1) + both


def checkpoint(origin, ledger, incarnation, size, root, time_ms):
    """C2SP tlog-checkpoint.md: origin, size, root, and one extension line."""
    name = f"federation.example/{origin}/{ledger.hex()}/{incarnation}"
    return name, f"{name}\n{size}\n{base64.b64encode(root).decode()}\ntime_ms {time_ms}\n"


def note(name, text, private):
    """C2SP signed-note.md with an ECDSA signature (type 2): the key id is over the public key alone."""
    spki = P256.spki(private)
    line = base64.b64encode(sha256(spki)[:4] + der(P256.sign(private, text.encode()))).decode()
    key = f"{name}+{sha256(spki)[:4].hex()}+{base64.b64encode(bytes([2]) + spki).decode()}"
    return f"{text}\n\u2014 {name} {line}\n", key


def manifest(origin, number, previous, time_ms, root_spki, keys):
    listed = b"".join(u(purpose, 1) + u(state, 1) + u(len(spki), 2) + spki for purpose, state, spki in keys)
    return (b"FED-KEYS/1" + institute(origin) + u(number, 4) + previous + u(time_ms, 8) + u(len(root_spki), 2) + root_spki
            + u(len(keys), 2) + listed)


# The cases

ORIGIN = "alpha-lab"
LONGEST = "abcdefghij-45678"
RID = "0f8fad5b-d9cb-469f-a165-70867728950e"
RID2 = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
LEDGER = bytes.fromhex("00112233445566778899aabbccddeeff")
KEY = sha256(b"a record's secret")
MAX_PART = 2 ** 64 - 1
ROOT_KEY, TLS_KEY, HEAD_KEY, STATEMENT_KEY, RECEIPT_KEY, NEXT_KEY = 101, 102, 103, 104, 105, 106
VALUES = [(0, b"the envelope"), (0x1122334455667788, b""), (MAX_PART, bytes(range(256)) * 5)]


def view(origin, rid, values, minute):
    parts, opened = [], []
    for part, value in values:
        changed = changed_ms(KEY, part, minute, value, set())
        salt16 = salt(KEY, part, changed)
        parts.append((part, changed, commitment(origin, rid, part, changed, salt16, value)))
        opened.append((part, salt16, value))
    return parts, opened


def part_cases(parts):
    return [{"part": f"{part:016x}", "changed_ms": changed, "commitment": c.hex()} for part, changed, c in parts]


def opening_cases(items):
    return [{"part": f"{part:016x}", "salt": salt16.hex(), "value": value.hex()} for part, salt16, value in items]


def statements():
    salts, times, commitments, statement_cases, opened_cases = [], [], [], [], []
    for part, changed in [(0, 0), (0, 1700000012345), (MAX_PART, 2 ** 63 - 1)]:
        salts.append({"key": KEY.hex(), "part": f"{part:016x}", "changed_ms": changed, "salt": salt(KEY, part, changed).hex()})
    for part, minute, value in [(0, 28333333, b""), (7, 28333333, b"a value"), (MAX_PART, 0, b"x" * 3000)]:
        used = []
        for _ in range(3):
            result = changed_ms(KEY, part, minute, value, used)
            times.append({"key": KEY.hex(), "part": f"{part:016x}", "minute": minute, "value": value.hex(), "used": list(used),
                          "changed_ms": result})
            used.append(result)
    for origin, rid, values in [(ORIGIN, RID, VALUES), (LONGEST, RID2, VALUES[:1])]:
        parts, opened = view(origin, rid, values, 28333333)
        for (part, changed, c), (_, salt16, value) in zip(parts, opened):
            commitments.append({"origin": origin, "record": rid, "part": f"{part:016x}", "changed_ms": changed, "salt": salt16.hex(),
                                "value": value.hex(), "commitment": c.hex()})
        encoded = statement(origin, rid, 65535, 258, parts)
        statement_cases.append({"origin": origin, "record": rid, "kind": 65535, "schema": 258, "parts": part_cases(parts),
                                "bytes": encoded.hex(), "hash": sha256(encoded).hex()})
        opened_cases.append({"openings": opening_cases(opened), "bytes": openings(opened).hex()})
    opened_cases.append({"openings": [], "bytes": ""})
    write("salt", salts)
    write("changed_ms", times)
    write("commitment", commitments)
    write("statement", statement_cases)
    write("openings", opened_cases)


def ledgers():
    full, zero = sha256(b"a statement"), bytes(32)
    leaves = []
    for operation, seq, origin, rid, vrev, hash32 in [
            (1, 0, ORIGIN, RID, 1, full), (2, 1, LONGEST, RID2, 2, zero), (3, 2 ** 64 - 1, "ab", RID, 2 ** 32 - 1, zero)]:
        encoded = leaf(operation, seq, origin, rid, vrev, hash32)
        leaves.append({"ledger": LEDGER.hex(), "operation": operation, "seq": str(seq), "origin": origin, "record": rid, "vrev": vrev,
                       "statement_hash": hash32.hex(), "bytes": encoded.hex(), "hash": leaf_hash(LEDGER, encoded).hex()})
    write("leaf", leaves)

    heads, receipts = [], []
    for incarnation, size, time_ms, tip, number, count, digest in [
            (1, 0, 0, True, 1, 0, sha256(bytes(2048))), (2 ** 32 - 1, 2 ** 63 - 1, 2 ** 63 - 1, False, 2 ** 32 - 1, 0, zero),
            (3, 7, 1700000000001, True, 2, 5, full)]:
        root = sha256(u(size, 8))
        encoded = head(LEDGER, incarnation, size, root, time_ms, tip, number, count, digest)
        heads.append({"ledger": LEDGER.hex(), "incarnation": incarnation, "size": str(size), "root": root.hex(), "time_ms": time_ms,
                      "tip": tip, "manifest_no": number, "live_count": count, "live_digest": digest.hex(), "bytes": encoded.hex()})
        encoded = receipt(LEDGER, incarnation, size, root, time_ms, digest)
        receipts.append({"ledger": LEDGER.hex(), "incarnation": incarnation, "size": str(size), "root": root.hex(), "time_ms": time_ms,
                         "live_digest": digest.hex(), "bytes": encoded.hex(),
                         "signature": sign(P256, RECEIPT_KEY, "federation/receipt.v1", encoded).hex()})
    write("head", heads)
    write("receipt", receipts)

    seals = []
    for incarnation, entries, time_ms, digest in [(1, 0, 0, sha256(b"")), (2 ** 32 - 1, 2 ** 64 - 1, 2 ** 63 - 1, full)]:
        encoded = seal(LEDGER, incarnation, entries, time_ms, digest)
        seals.append({"ledger": LEDGER.hex(), "incarnation": incarnation, "entries": str(entries), "time_ms": time_ms, "digest": digest.hex(),
                      "bytes": encoded.hex(), "signature": sign(P256, HEAD_KEY, "federation/evidence.v1", encoded).hex()})
    write("seal", seals)

    checkpoints = []
    for incarnation, size, time_ms in [(1, 0, 0), (3, 20852163, 1700000000001)]:
        root = sha256(b"") if size == 0 else sha256(u(size, 8))
        name, text = checkpoint(ORIGIN, LEDGER, incarnation, size, root, time_ms)
        signed, key = note(name, text, HEAD_KEY)
        checkpoints.append({"institute": ORIGIN, "ledger": LEDGER.hex(), "incarnation": incarnation, "size": str(size), "root": root.hex(),
                            "time_ms": time_ms, "text": text, "spki": P256.spki(HEAD_KEY).hex(), "note": signed, "verifier_key": key})
    write("checkpoint", checkpoints)

    live = [(RID, full), (RID2, sha256(b"b")), (RID, b"\xff" * 32), ("00000000-0000-0000-0000-000000000000", b"\xff" * 32)]
    live += [(RID, sha256(u(i, 4))) for i in range(9)]
    write("live_set", [
        {"live": [{"record": rid, "leaf_hash": hash32.hex()} for rid, hash32 in live[:count]],
         "buckets": live_buckets(live[:count]).hex(), "digest": sha256(live_buckets(live[:count])).hex()}
        for count in (0, 1, 3, 4, 13)])


def trees():
    leaves = [sha256(b"\x00" + u(i, 8)) for i in range(300)]
    sizes = [0, 1, 2, 3, 7, 8, 13, 64, 100, 255, 256, 257, 300]
    write("compact_range", [
        {"size": size, "hashes": b"".join(compact_range(leaves[:size])).hex(), "root": root_of(leaves[:size]).hex()} for size in sizes])
    write("inclusion_proof", [
        {"index": index, "size": size, "proof": [h.hex() for h in inclusion(index, leaves[:size])]}
        for size in sizes for index in sorted({0, size // 3, size - 1}) if 0 <= index < size])
    write("consistency_proof", [
        {"old_size": old, "new_size": new, "proof": [h.hex() for h in consistency(old, leaves[:new])] if old else []}
        for new in sizes for old in sizes if old <= new])
    write("subtree_cover", [
        {"start": start, "end": end,
         "cover": [{"level": level, "hash": root_of(leaves[at:at + 2 ** level]).hex()} for level, at in cover(start, end)]}
        for start, end in [(0, 1), (0, 300), (1, 2), (1, 256), (3, 300), (5, 6), (7, 9), (64, 128), (100, 255), (255, 257), (256, 300), (299, 300)]])


def keys():
    payloads = [("", b""), ("federation/head.v1", b"\x00\xff"), ("federation/view.v1", b"hello world" * 20)]
    write("pae", [{"type": kind, "payload": payload.hex(), "bytes": pae(kind, payload).hex()} for kind, payload in payloads])
    write("signature", [
        {"algorithm": curve.algorithm, "spki": curve.spki(private).hex(), "key_id": sha256(curve.spki(private))[:16].hex(), "type": kind,
         "payload": payload.hex(), "bytes": sign(curve, private, kind, payload).hex()}
        for curve, private in [(P256, HEAD_KEY), (P384, ROOT_KEY)] for kind, payload in payloads])


def manifest_chain():
    root_spki = P384.spki(ROOT_KEY)
    first = [(purpose, 2, P256.spki(key)) for purpose, key in [(1, TLS_KEY), (2, HEAD_KEY), (3, STATEMENT_KEY), (4, RECEIPT_KEY)]]
    second = first + [(2, 1, P256.spki(NEXT_KEY))]
    third = [first[0], (2, 3, P256.spki(HEAD_KEY)), *first[2:], (2, 2, P256.spki(NEXT_KEY))]
    cases, previous = [], bytes(32)
    for number, listed in enumerate([first, second, third], 1):
        encoded = manifest(ORIGIN, number, previous, 1700000000000 + number, root_spki, listed)
        cases.append({
            "origin": ORIGIN, "number": number, "previous": previous.hex(), "time_ms": 1700000000000 + number, "root_spki": root_spki.hex(),
            "keys": [{"purpose": purpose, "state": state, "spki": spki.hex()} for purpose, state, spki in listed],
            "bytes": encoded.hex(), "signature": sign(P384, ROOT_KEY, "federation/manifest.v1", encoded).hex()})
        previous = sha256(encoded)
    write("manifest", cases)


def whole_ledger():
    """Two batches of one ledger, as a follower receives them: a forwardable view, a skipped subtree, a withdrawal, and the tip."""
    items, hashes, live = [], [], []
    for seq in range(8):
        rid = str(RID[:-1] + str(seq))
        parts, opened = view(ORIGIN, rid, VALUES[:1 + seq % 3], 28333333 + seq)
        encoded = statement(ORIGIN, rid, 1 + seq, 1, parts)
        signature = sign(P256, STATEMENT_KEY, "federation/view.v1", encoded) if seq == 5 else b""
        leaf78 = leaf(1, seq, ORIGIN, rid, 1, sha256(encoded))
        items.append(entry_item(leaf78, encoded, signature, openings(opened)))
        hashes.append(leaf_hash(LEDGER, leaf78))
        live.append((rid, hashes[-1]))
    leaf78 = leaf(2, 8, ORIGIN, live[6][0], 2, bytes(32))
    items.append(entry_item(leaf78))
    hashes.append(leaf_hash(LEDGER, leaf78))
    del live[6]
    cases = []
    for start, size, shown, tip in [
            (0, 5, [opaque_item(2, root_of(hashes[:4])), items[4]], False),
            (5, 9, [items[5], opaque_item(0, hashes[6]), items[7], items[8]], True)]:
        buckets = live_buckets(live)
        encoded = head(LEDGER, 1, size, root_of(hashes[:size]), 1700000000000 + size, tip, 1, len(live) if tip else 0,
                       sha256(buckets) if tip else bytes(32))
        cases.append({"from": start, "size": size, "items": batch(shown).hex(), "head": encoded.hex(),
                      "signature": sign(P256, HEAD_KEY, "federation/head.v1", encoded).hex()})
    write("ledger", cases)


if __name__ == "__main__":
    statements()
    ledgers()
    trees()
    keys()
    manifest_chain()
    whole_ledger()
