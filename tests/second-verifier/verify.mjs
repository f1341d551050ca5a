// A second verifier of ledger exports and evidence bundles. It shares no code with the first one: it was written from the description of
// the formats alone, with nothing but Node.js. It says in JSON what a file proves and ends with 0, or says what fails and ends with 4.
//
//   node verify.mjs [--all] FILE ROOT_FINGERPRINT [FOLLOWER_ROOT_FINGERPRINT]
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export class Fault extends Error {}
const need = (holds, what) => { if (!holds) throw new Fault(what); };
export const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const ascii = text => Buffer.from(text, 'latin1');
const hex = bytes => bytes.toString('hex');
export const number = big => { need(big <= BigInt(Number.MAX_SAFE_INTEGER), 'a number is too large for this verifier'); return Number(big); };

// Fixed binary formats: big-endian fields from front to back, and nothing left at the end.
export class Fields {
  constructor(bytes) { this.bytes = bytes; this.at = 0; }
  take(length) {
    need(length <= this.bytes.length - this.at, 'something is cut short');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  u8() { return this.take(1)[0]; }
  u16() { return this.take(2).readUInt16BE(); }
  u32() { return this.take(4).readUInt32BE(); }
  u64() { return this.take(8).readBigUInt64BE(); }
  word(text) { need(this.take(text.length).equals(ascii(text)), `${text} is missing`); }
  institute() {
    const text = this.take(16).toString('latin1').replace(/\0+$/, '');
    need(/^[a-z0-9-]{2,16}$/.test(text), 'an institute id is malformed');
    return text;
  }
  record() { return hex(this.take(16)).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'); }
  get done() { return this.at === this.bytes.length; }
  end() { need(this.done, 'bytes follow what should be the end'); }
}
const decode = (bytes, read) => { const fields = new Fields(bytes); const value = read(fields); fields.end(); return value; };

export const readLeaf = f => {
  const start = f.at;
  need(f.u8() === 1, 'the leaf has an unknown version');
  const leaf = { op: f.u8(), seq: f.u64(), origin: f.institute(), record: f.record(), vrev: f.u32(), statementHash: f.take(32) };
  need([1, 2, 3].includes(leaf.op) && leaf.vrev > 0, 'the leaf has an unknown operation or no revision');
  need(leaf.statementHash.equals(Buffer.alloc(32)) === (leaf.op !== 1), 'the leaf names a statement and discloses nothing, or the reverse');
  return { ...leaf, bytes: f.bytes.subarray(start, f.at) };
};
export const readHead = bytes => decode(bytes, f => {
  const head = { ledger: f.take(16), incarnation: f.u32(), size: f.u64(), root: f.take(32), timeMs: f.u64(), flags: f.u8(), manifestNo: f.u32(),
    liveCount: f.u64(), liveDigest: f.take(32) };
  need(head.flags <= 1 && head.liveCount <= head.size && head.timeMs >> 63n === 0n && head.size >> 63n === 0n, 'the head is malformed');
  need(head.flags === 1 || (head.liveCount === 0n && head.liveDigest.equals(Buffer.alloc(32))), 'the head gives live records off the tip');
  return head;
});
export const readReceipt = bytes => decode(bytes, f => {
  const receipt = { ledger: f.take(16), incarnation: f.u32(), size: f.u64(), root: f.take(32), timeMs: f.u64(), liveDigest: f.take(32) };
  need(receipt.timeMs >> 63n === 0n && receipt.size >> 63n === 0n, 'the receipt is malformed');
  return receipt;
});
export const readSeal = bytes => decode(bytes, f => {
  f.word('FED-SEAL/1');
  const seal = { ledger: f.take(16), incarnation: f.u32(), entries: f.u64(), timeMs: f.u64(), digest: f.take(32) };
  need(seal.timeMs >> 63n === 0n, 'the seal is malformed');
  return seal;
});
export const readStatement = bytes => decode(bytes, f => {
  f.word('FED-VIEW/1');
  const statement = { origin: f.institute(), record: f.record(), kind: f.u16(), schema: f.u16(), parts: [] };
  for (let n = f.u16(); n > 0; n--) statement.parts.push({ part: f.u64(), changedMs: f.u64(), commitment: f.take(32) });
  const { parts } = statement;
  need(parts.length >= 1 && parts.length <= 1001 && parts[0].part === 0n, 'a statement lists 1 to 1001 parts, the envelope first');
  need(parts.every((p, i) => p.changedMs >> 63n === 0n && (i === 0 || p.part > parts[i - 1].part)), 'the parts of a statement are out of order');
  return statement;
});
export const readOpenings = bytes => decode(bytes, f => {
  const openings = [];
  while (!f.done) openings.push({ part: f.u64(), salt: f.take(16), value: f.take(f.u32()) });
  need(openings.every(o => o.value.length <= 128 * 1024), 'an opened part is too long');
  return openings;
});
const u64 = value => { const bytes = Buffer.alloc(8); bytes.writeBigUInt64BE(value); return bytes; };
const u32 = value => { const bytes = Buffer.alloc(4); bytes.writeUInt32BE(value); return bytes; };
const padded = institute => Buffer.concat([ascii(institute), Buffer.alloc(16 - institute.length)]);
export const commitment = (origin, record, part, changedMs, salt, value) =>
  sha256(Buffer.of(0x10), padded(origin), Buffer.from(record.replaceAll('-', ''), 'hex'), u64(part), u64(changedMs), salt, u32(value.length), value);

// Trees (RFC 6962): a tree of n splits at the largest power of two below n.
export const leafHash = (ledger, leaf) => sha256(Buffer.of(0), ledger, leaf.bytes);
export const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);
const split = n => { let k = 1; while (2 * k < n) k *= 2; return k; };
export const rootByInclusion = (m, n, leaf, proof) => {
  need(m < n && (n === 1 ? proof.length === 0 : proof.length > 0), 'an inclusion proof has the wrong length');
  if (n === 1) return leaf;
  const [k, other, rest] = [split(n), proof.at(-1), proof.slice(0, -1)];
  return m < k ? nodeHash(rootByInclusion(m, k, leaf, rest), other) : nodeHash(other, rootByInclusion(m - k, n - k, leaf, rest));
};
export const rootsByConsistency = (m, n, oldRoot, proof) => {
  const walk = (m, n, whole) => {
    if (m === n) { need(whole || rest.length > 0, 'a consistency proof is too short'); const hash = whole ? oldRoot : rest.pop(); return [hash, hash]; }
    need(rest.length > 0, 'a consistency proof is too short');
    const [k, other] = [split(n), rest.pop()];
    const [older, newer] = m <= k ? walk(m, k, whole) : walk(m - k, n - k, false);
    return m <= k ? [older, nodeHash(newer, other)] : [nodeHash(other, older), nodeHash(other, newer)];
  };
  const rest = [...proof];
  const roots = walk(m, n, true);
  need(rest.length === 0, 'a consistency proof is too long');
  return roots;
};
// Hashes of perfect subtrees, each at its level; neighbours of one level merge.
export class Tree {
  constructor() { this.stack = []; this.size = 0; }
  append(level, hash) {
    need(level <= 48 && this.size % 2 ** level === 0, 'a subtree stands where none of its size can');
    this.size += 2 ** level;
    for (; this.stack.at(-1)?.level === level; level++) hash = nodeHash(this.stack.pop().hash, hash);
    this.stack.push({ level, hash });
  }
  get root() { return this.stack.length === 0 ? sha256() : this.stack.map(s => s.hash).reduceRight((right, left) => nodeHash(left, right)); }
}
export class LiveSums {
  constructor() { this.sums = Array(64).fill(0n); this.count = 0; }
  change(record, hash, sign) {
    const bucket = parseInt(record.slice(0, 2), 16) >> 2;
    this.sums[bucket] = BigInt.asUintN(256, this.sums[bucket] + BigInt(sign) * BigInt('0x' + hex(hash)));
    this.count += sign;
  }
  get buckets() { return Buffer.from(this.sums.map(s => s.toString(16).padStart(64, '0')).join(''), 'hex'); }
  get digest() { return sha256(this.buckets); }
}

// Keys: manifests lead to a root; a signature names its key, and the manifest says what the key is for.
const algorithms = { 1: { hash: 'sha256', size: 64, curve: 'prime256v1' }, 2: { hash: 'sha384', size: 96, curve: 'secp384r1' } };
export const pae = (type, payload) => Buffer.concat([ascii(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
const keyId = spki => hex(sha256(spki).subarray(0, 16));
const importKey = spki => { try { return createPublicKey({ key: spki, format: 'der', type: 'spki' }); } catch { return null; } };
export const signedBy = (spki, type, payload, frame) => {
  const [algorithm, key] = [algorithms[frame[0]], importKey(spki)];
  return algorithm !== undefined && key !== null && frame.length === 17 + algorithm.size && hex(frame.subarray(1, 17)) === keyId(spki)
    && key.asymmetricKeyDetails?.namedCurve === algorithm.curve
    && verifySignature(algorithm.hash, pae(type, payload), { key, dsaEncoding: 'ieee-p1363' }, frame.subarray(17));
};
export const readManifest = bytes => decode(bytes, f => {
  f.word('FED-KEYS/1');
  const manifest = { origin: f.institute(), no: f.u32(), previous: f.take(32), timeMs: f.u64(), root: f.take(f.u16()), keys: [] };
  for (let n = f.u16(); n > 0; n--) manifest.keys.push({ purpose: f.u8(), state: f.u8(), spki: f.take(f.u16()) });
  const ids = [manifest.root, ...manifest.keys.map(k => k.spki)].map(keyId);
  need(new Set(ids).size === ids.length && manifest.keys.length <= 256, 'a manifest lists a key twice, or too many');
  need(manifest.keys.every(k => k.purpose >= 1 && k.purpose <= 4 && k.state >= 1 && k.state <= 3), 'a manifest has a key of unknown purpose or state');
  return manifest;
});
export const readChain = (institute, fingerprint, manifests) => {
  need(manifests.length > 0, `there is no key manifest of ${institute}`);
  let [previous, latest] = [Buffer.alloc(32), null];
  const revoked = new Set();
  manifests.forEach(({ payload, signature }, index) => {
    latest = readManifest(payload);
    need(latest.origin === institute && latest.no === index + 1 && latest.previous.equals(previous), `the manifests of ${institute} are no chain`);
    fingerprint ??= hex(sha256(latest.root));
    need(hex(sha256(latest.root)) === fingerprint, `the manifests of ${institute} are not under the root that was named`);
    need(signedBy(latest.root, 'federation/manifest.v1', payload, signature), `a manifest of ${institute} is not signed by its root`);
    need(latest.keys.every(k => k.state === 3 || !revoked.has(keyId(k.spki))), `a manifest of ${institute} brings back a revoked key`);
    latest.keys.filter(k => k.state === 3).forEach(k => revoked.add(keyId(k.spki)));
    previous = sha256(payload);
  });
  const active = new Map(latest.keys.filter(k => k.state === 2).map(k => [keyId(k.spki), k]));
  return (purpose, type, signed, what) => {
    const key = signed && active.get(hex(signed.signature.subarray(1, 17)));
    need(key?.purpose === purpose && signedBy(key.spki, type, signed.payload, signed.signature), `${what} is not signed by an active key of ${institute}`);
    return keyId(key.spki);
  };
};

// Protobuf carries the signed bytes and is never hashed itself, but for the seal, which is over the bytes of the file.
const varint = (bytes, at) => {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    need(at < bytes.length, 'a number is cut short');
    value |= BigInt(bytes[at] & 0x7f) << shift;
    if (bytes[at++] < 0x80) return [BigInt.asUintN(64, value), at];
  }
  throw new Fault('a number is malformed');
};
const message = (bytes, names) => {
  const fields = Object.fromEntries(Object.values(names).map(name => [name, []]));
  for (let at = 0; at < bytes.length;) {
    let tag, value, end;
    [tag, at] = varint(bytes, at);
    const [field, wire] = [Number(BigInt.asUintN(32, tag) >> 3n), Number(tag & 7n)];
    need(field > 0 && [0, 1, 2, 5].includes(wire), 'a field is malformed');
    if (wire === 0 || wire === 2) [value, at] = varint(bytes, at);
    end = at + (wire === 2 ? number(value) : wire === 1 ? 8 : wire === 5 ? 4 : 0);
    need(end <= bytes.length, 'a field is cut short');
    const name = names[`${field}:${wire}`];
    if (name) fields[name].push(wire === 2 ? bytes.subarray(at, end) : value);
    at = end;
  }
  return fields;
};
const one = values => values.at(-1) ?? Buffer.alloc(0);
const int = values => values.at(-1) ?? 0n;
const text = values => one(values).toString('utf8');
const signed = bytes => { const m = message(bytes, { '1:2': 'payload', '2:2': 'signature' }); return { payload: one(m.payload), signature: one(m.signature) }; };
const optional = values => values.length === 0 ? null : signed(one(values));
const proof = hashes => { need(hashes.length <= 128 && hashes.every(h => h.length === 32), 'a proof is malformed'); return hashes; };
const ledgerHeader = { '1:2': 'origin', '2:2': 'follower', '3:2': 'ledger', '4:0': 'incarnation', '5:2': 'manifests' };
const parties = h => {
  const [origin, follower] = [text(h.origin), text(h.follower)];
  need([origin, follower].every(id => /^[a-z0-9-]{2,16}$/.test(id)) && one(h.ledger).length === 16, 'the header names no ledger between two institutes');
  return { origin, follower, ledger: one(h.ledger), incarnation: number(int(h.incarnation)) };
};
const ofLedger = (object, { ledger, incarnation }, what) =>
  need(object.ledger.equals(ledger) && object.incarnation === incarnation, `${what} is of another ledger`);

// Who stands for an entry: the ledger's keeper or, for a record that it passes on, the origin, if the file has its keys.
const signers = (who, check, origins) => {
  const others = new Map(origins.map(bytes => {
    const o = message(bytes, { '1:2': 'institute', '2:2': 'manifests' });
    return [text(o.institute), readChain(text(o.institute), undefined, o.manifests.map(signed))];
  }));
  return leaf => leaf.origin === who.origin ? check : others.get(leaf.origin) ?? null;
};
const checkView = (leaf, statementBytes, signature, openingBytes, check, own) => {
  need(sha256(statementBytes).equals(leaf.statementHash), `entry ${leaf.seq} carries another statement than its leaf names`);
  const [statement, openings] = [readStatement(statementBytes), readOpenings(openingBytes)];
  need(statement.origin === leaf.origin && statement.record === leaf.record, `entry ${leaf.seq} carries a statement about another record`);
  need(own ? openings.length === statement.parts.length : signature.length > 0, `entry ${leaf.seq} does not open every part, or is another's and not signed`);
  need(openings[0]?.part === statement.parts[0].part, `entry ${leaf.seq} does not open its envelope`);
  let next = 0;
  for (const o of openings) {
    while (next < statement.parts.length && statement.parts[next].part !== o.part) next++;
    const p = statement.parts[next++];
    need(p && commitment(leaf.origin, leaf.record, p.part, p.changedMs, o.salt, o.value).equals(p.commitment),
      `an opening of entry ${leaf.seq} does not match its commitment`);
  }
  if (signature.length > 0 && check !== null) check(3, 'federation/view.v1', { payload: statementBytes, signature }, `the statement of entry ${leaf.seq}`);
};
const checkRevision = (latest, leaf) => {
  const key = `${leaf.origin} ${leaf.record}`;
  const before = latest.get(key);
  need(before === undefined || leaf.vrev > before.vrev, `entry ${leaf.seq} has no later revision than the record's entry before`);
  latest.set(key, leaf);
  return before;
};
const facts = (kind, who, head, headKey, rest) => ({
  verified: true, kind, origin: who.origin, follower: who.follower, ledger: hex(who.ledger), incarnation: who.incarnation,
  treeRoot: hex(head.root), headKey, ...rest,
});

export const readItems = bytes => decode(bytes, f => {
  const items = [];
  for (let n = f.u16(); n > 0; n--) {
    const type = f.u8();
    need(type === 1 || type === 2, 'an item of a batch is of an unknown type');
    if (type === 2) items.push({ level: f.u8(), hash: f.take(32) });
    else items.push({ leaf: readLeaf(f), statement: f.take(f.u32()), signature: f.take(f.u16()), openings: f.take(f.u32()) });
  }
  return items;
});

function verifyLedger(first, pieces, root, followerRoot) {
  const h = message(one(message(first, { '1:2': 'header' }).header), { ...ledgerHeader, '6:2': 'receipt', '7:2': 'followers', '8:2': 'resets', '9:2': 'forwarded' });
  const who = parties(h);
  const check = readChain(who.origin, root, h.manifests.map(signed));
  const signerOf = signers(who, check, h.forwarded);
  const checkFollower = h.followers.length ? readChain(who.follower, followerRoot, h.followers.map(signed)) : null;
  const signedReceipt = optional(h.receipt);
  const receipt = signedReceipt && readReceipt(signedReceipt.payload);
  if (receipt) {
    need(checkFollower !== null, 'there is no key to check the receipt by');
    checkFollower(4, 'federation/receipt.v1', signedReceipt, 'the receipt');
    ofLedger(receipt, who, 'the receipt');
  }
  const [tree, live, latest] = [new Tree(), new LiveSums(), new Map()];
  let [head, headKey, shown, atReceipt] = [null, null, 0, receipt?.size === 0n ? sha256() : null];
  for (const { bytes } of pieces) {
    const batch = message(one(message(bytes, { '2:2': 'batch' }).batch), { '1:0': 'first', '2:2': 'items', '3:2': 'head' });
    need(number(int(batch.first)) === tree.size, 'a batch does not begin where the one before ended');
    for (const item of batch.items.length && one(batch.items).length ? readItems(one(batch.items)) : []) {
      if (item.leaf === undefined) tree.append(item.level, item.hash);
      else {
        need(number(item.leaf.seq) === tree.size, `entry ${tree.size} is not what stands in its place`);
        if (item.leaf.op === 1) checkView(item.leaf, item.statement, item.signature, item.openings, signerOf(item.leaf), item.leaf.origin === who.origin);
        else need(item.statement.length + item.signature.length + item.openings.length === 0, 'what discloses nothing has content');
        const [hash, before] = [leafHash(who.ledger, item.leaf), checkRevision(latest, item.leaf)];
        if (before?.op === 1) live.change(before.record, leafHash(who.ledger, before), -1);
        if (item.leaf.op === 1) live.change(item.leaf.record, hash, 1);
        tree.append(0, hash);
        shown++;
      }
      if (receipt && BigInt(tree.size) === receipt.size) atReceipt = tree.root;
    }
    const signedHead = optional(batch.head);
    if (signedHead === null) continue;
    headKey = check(2, 'federation/head.v1', signedHead, 'a head');
    const [next, earlier] = [readHead(signedHead.payload), head];
    ofLedger(next, who, 'a head');
    need(number(next.size) === tree.size && next.root.equals(tree.root), 'a head signs another tree than the entries give');
    need(earlier === null || next.timeMs >= earlier.timeMs, 'a head is older than the one before');
    need(next.flags === 0 || (number(next.liveCount) === live.count && next.liveDigest.equals(live.digest)), 'a head signs other live records');
    head = next;
  }
  need(head !== null && number(head.size) === tree.size, 'the last entries are under no signed head');
  if (receipt) {
    need(receipt.size <= head.size && (atReceipt === null || atReceipt.equals(receipt.root)), 'the receipt countersigns another history');
    need(receipt.size < head.size || receipt.liveDigest.equals(Buffer.alloc(32)) || receipt.liveDigest.equals(live.digest), 'the receipt countersigns other live records');
  }
  return facts('ledger', who, head, headKey, { entries: tree.size, shown, live: live.count, receipt: receipt ? number(receipt.size) : null });
}

function verifyEvidence(first, pieces, root, followerRoot) {
  const h = message(one(message(first, { '11:2': 'header' }).header), { ...ledgerHeader, '6:2': 'followers', '7:2': 'head', '8:2': 'exporter', '10:2': 'forwarded' });
  const who = parties(h);
  const byOrigin = text(h.exporter) === who.origin;
  need(byOrigin || text(h.exporter) === who.follower, 'the exporter is neither of the two institutes');
  const check = readChain(who.origin, root, h.manifests.map(signed));
  const signerOf = signers(who, check, h.forwarded);
  const checkFollower = h.followers.length ? readChain(who.follower, followerRoot, h.followers.map(signed)) : null;
  const signedHead = optional(h.head);
  const headKey = check(2, 'federation/head.v1', signedHead, 'the head');
  const head = readHead(signedHead.payload);
  ofLedger(head, who, 'the head');
  let [next, entries, shown, receipts, receiptSize] = [0n, 0, 0, 0, 0n];
  const [latest, policies] = [new Map(), new Set([0n])];
  for (const { bytes, hashBefore } of pieces) {
    const piece = message(bytes, { '12:2': 'policy', '13:2': 'receipt', '14:2': 'entry', '15:2': 'seal' });
    if (piece.entry.length) {
      const e = message(one(piece.entry), { '1:2': 'leaf', '2:2': 'statement', '3:2': 'signature', '4:2': 'openings', '5:2': 'proof', '6:2': 'decision' });
      const leaf = decode(one(e.leaf), readLeaf);
      need(leaf.seq >= next && leaf.seq < head.size, `entry ${leaf.seq} does not belong where it stands`);
      need(rootByInclusion(number(leaf.seq), number(head.size), leafHash(who.ledger, leaf), proof(e.proof)).equals(head.root), `entry ${leaf.seq} is not in the tree`);
      checkRevision(latest, leaf);
      const content = [one(e.statement), one(e.signature), one(e.openings)];
      if (leaf.op === 1 && content[0].length > 0) { checkView(leaf, ...content, signerOf(leaf), leaf.origin === who.origin); shown++; }
      else need(content.every(c => c.length === 0), `entry ${leaf.seq} has content that nothing explains`);
      need((e.decision.length > 0) === byOrigin, `entry ${leaf.seq} says what decided it, and should not, or the reverse`);
      if (byOrigin) need(policies.has(int(message(one(e.decision), { '1:0': 'epoch' }).epoch)), `entry ${leaf.seq} names a policy that is not shown`);
      [next, entries] = [leaf.seq + 1n, entries + 1];
    } else if (piece.receipt.length) {
      const r = message(one(piece.receipt), { '1:2': 'receipt', '2:2': 'proof' });
      need(checkFollower !== null, 'there is no key to check a receipt by');
      checkFollower(4, 'federation/receipt.v1', optional(r.receipt), 'a receipt');
      const receipt = readReceipt(optional(r.receipt).payload);
      ofLedger(receipt, who, 'a receipt');
      need(receipt.size > receiptSize && receipt.size <= head.size, 'a receipt stands in the wrong place');
      const [older, newer] = rootsByConsistency(number(receipt.size), number(head.size), receipt.root, proof(r.proof));
      need(older.equals(receipt.root) && newer.equals(head.root), 'a receipt countersigns another history than the head');
      [receiptSize, receipts] = [receipt.size, receipts + 1];
    } else if (piece.policy.length && byOrigin) {
      const epoch = int(message(one(piece.policy), { '1:0': 'epoch' }).epoch);
      need(!policies.has(epoch), 'a policy is shown twice');
      policies.add(epoch);
    } else {
      need(piece.seal.length, 'a piece is none that may stand there');
      const signedSeal = optional(piece.seal);
      need(byOrigin || checkFollower !== null, 'there is no key to check the seal by');
      (byOrigin ? check : checkFollower)(byOrigin ? 2 : 4, 'federation/evidence.v1', signedSeal, 'the seal');
      const seal = readSeal(signedSeal.payload);
      ofLedger(seal, who, 'the seal');
      need(seal.digest.equals(hashBefore) && number(seal.entries) === entries, 'the file was changed after it was sealed');
      need(pieces.next().done, 'something follows the seal');
      return facts('evidence', who, head, headKey, { exporter: text(h.exporter), size: number(head.size), entries, shown, receipts });
    }
  }
  throw new Fault('the file ends without a seal');
}

function* readPieces(file) {
  const running = createHash('sha256');
  for (let at = 0; at < file.length;) {
    const before = running.copy();
    const [length, start] = varint(file, at);
    need(length <= 4n * 1024n * 1024n && start + Number(length) <= file.length, 'the file ends within a piece');
    running.update(file.subarray(at, start + Number(length)));
    at = start + Number(length);
    yield { bytes: file.subarray(start, at), get hashBefore() { return before.digest(); } };
  }
}

export function verifyFile(file, root, followerRoot) {
  const pieces = readPieces(file);
  const first = pieces.next();
  need(!first.done, 'the file is empty');
  const isBundle = message(first.value.bytes, { '11:2': 'header' }).header.length > 0;
  return (isBundle ? verifyEvidence : verifyLedger)(first.value.bytes, pieces, root, followerRoot);
}

const verdictOf = (file, root, followerRoot) => {
  try {
    return verifyFile(file, root, followerRoot);
  } catch (fault) {
    if (fault instanceof Fault) return { verified: false, fault: fault.message };
    throw fault;
  }
};

// With --all a directory stands in the place of the file, and each file in it gets a line of its own.
if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const all = process.argv[2] === '--all';
  const [path, ...roots] = process.argv.slice(all ? 3 : 2);
  const fingerprints = roots.map(argument => argument.replace(/[-: ]/g, '').toLowerCase());
  const verdicts = (all ? readdirSync(path).sort().map(name => join(path, name)) : [path]).map(file => ({
    ...(all ? { file: basename(file) } : {}), ...verdictOf(readFileSync(file), ...fingerprints),
  }));
  verdicts.forEach(verdict => console.log(JSON.stringify(verdict)));
  process.exitCode = verdicts.every(verdict => verdict.verified) ? 0 : 4;
}
