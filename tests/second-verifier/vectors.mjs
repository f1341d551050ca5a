// Holds the second verifier to the golden vectors: node vectors.mjs DIRECTORY. It ends with 0 and a line a file, or says what differs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Fields, LiveSums, Tree, commitment, leafHash, pae, readHead, readItems, readLeaf, readManifest, readOpenings, readReceipt, readSeal, readStatement,
  rootByInclusion, rootsByConsistency, sha256, signedBy,
} from './verify.mjs';

const directory = process.argv[2];
const bytes = text => Buffer.from(text, 'hex');
const part = text => BigInt('0x' + text);
// Times and sizes beyond 2^53 would lose their last digits as numbers.
const exact = text => text.replace(/: (\d{16,})/g, ': "$1"');
const leaves = Array.from({ length: 300 }, (_, i) => { const b = Buffer.alloc(8); b.writeBigUInt64BE(BigInt(i)); return sha256(Buffer.of(0), b); });
const rootOf = list => { const tree = new Tree(); list.forEach(leaf => tree.append(0, leaf)); return tree.root; };
const each = (name, check) => {
  const cases = JSON.parse(exact(readFileSync(join(directory, `${name}.json`), 'utf8')));
  assert.ok(cases.length > 0);
  cases.forEach(check);
  console.log(`${name}: ${cases.length}`);
};

each('leaf', c => {
  const leaf = readLeaf(new Fields(bytes(c.bytes)));
  assert.deepEqual([leaf.op, `${leaf.seq}`, leaf.origin, leaf.record, leaf.vrev], [c.operation, c.seq, c.origin, c.record, c.vrev]);
  assert.deepEqual([leaf.statementHash, leafHash(bytes(c.ledger), leaf)], [bytes(c.statement_hash), bytes(c.hash)]);
});
each('head', c => {
  const head = readHead(bytes(c.bytes));
  assert.deepEqual([head.ledger, head.incarnation, `${head.size}`, head.root], [bytes(c.ledger), c.incarnation, c.size, bytes(c.root)]);
  assert.deepEqual([`${head.timeMs}`, head.flags === 1, head.manifestNo, `${head.liveCount}`], [`${c.time_ms}`, c.tip, c.manifest_no, `${c.live_count}`]);
  assert.deepEqual(head.liveDigest, bytes(c.live_digest));
});
each('receipt', c => {
  const receipt = readReceipt(bytes(c.bytes));
  assert.deepEqual([receipt.ledger, receipt.incarnation, `${receipt.size}`, receipt.root], [bytes(c.ledger), c.incarnation, c.size, bytes(c.root)]);
  assert.deepEqual([`${receipt.timeMs}`, receipt.liveDigest], [`${c.time_ms}`, bytes(c.live_digest)]);
});
each('seal', c => {
  const seal = readSeal(bytes(c.bytes));
  assert.deepEqual([seal.ledger, seal.incarnation, `${seal.entries}`, `${seal.timeMs}`], [bytes(c.ledger), c.incarnation, c.entries, `${c.time_ms}`]);
  assert.deepEqual(seal.digest, bytes(c.digest));
});
each('statement', c => {
  const statement = readStatement(bytes(c.bytes));
  assert.deepEqual([statement.origin, statement.record, statement.kind, statement.schema], [c.origin, c.record, c.kind, c.schema]);
  assert.deepEqual(statement.parts, c.parts.map(p => ({ part: part(p.part), changedMs: BigInt(p.changed_ms), commitment: bytes(p.commitment) })));
  assert.deepEqual(sha256(bytes(c.bytes)), bytes(c.hash));
});
each('openings', c => assert.deepEqual(
  readOpenings(bytes(c.bytes)), c.openings.map(o => ({ part: part(o.part), salt: bytes(o.salt), value: bytes(o.value) }))));
each('commitment', c => assert.deepEqual(
  commitment(c.origin, c.record, part(c.part), BigInt(c.changed_ms), bytes(c.salt), bytes(c.value)), bytes(c.commitment)));
each('inclusion_proof', c => assert.deepEqual(
  rootByInclusion(c.index, c.size, leaves[c.index], c.proof.map(bytes)), rootOf(leaves.slice(0, c.size))));
each('consistency_proof', c => {
  const [older, newer] = [c.old_size, c.new_size].map(size => rootOf(leaves.slice(0, size)));
  if (c.old_size === 0) assert.deepEqual(c.proof, []);
  else assert.deepEqual(rootsByConsistency(c.old_size, c.new_size, older, c.proof.map(bytes)), [older, newer]);
});
each('compact_range', c => assert.deepEqual(rootOf(leaves.slice(0, c.size)), bytes(c.root)));
each('subtree_cover', c => {
  const tree = new Tree();
  leaves.slice(0, c.start).forEach(leaf => tree.append(0, leaf));
  c.cover.forEach(s => tree.append(s.level, bytes(s.hash)));
  assert.deepEqual([tree.size, tree.root], [c.end, rootOf(leaves.slice(0, c.end))]);
});
each('live_set', c => {
  const live = new LiveSums();
  c.live.forEach(entry => live.change(entry.record, bytes(entry.leaf_hash), 1));
  assert.deepEqual([live.buckets, live.digest], [bytes(c.buckets), bytes(c.digest)]);
});
each('pae', c => assert.deepEqual(pae(c.type, bytes(c.payload)), bytes(c.bytes)));
each('signature', c => {
  assert.ok(signedBy(bytes(c.spki), c.type, bytes(c.payload), bytes(c.bytes)));
  assert.ok(!signedBy(bytes(c.spki), c.type, Buffer.concat([bytes(c.payload), Buffer.of(0)]), bytes(c.bytes)));
});
each('manifest', c => assert.equal(readManifest(bytes(c.bytes)).no, c.number));
each('ledger', c => readItems(bytes(c.items)));
