import assert from "node:assert/strict";
import { createSecretKey, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { deriveKey, type Keys, loadPortalKey, loadSiteKeys } from "../secrets.ts";
import { clusterSecrets } from "./places.ts";
import { keyId, newKey, readRing, ringText } from "./ring.ts";
import { keyOf, openWith, type Place, sealWith } from "./seal.ts";

const place = clusterSecrets("cflights");

describe("sealed secrets", () => {
  let home: string;
  let keys: Keys;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "kindling-key-"));
    keys = await loadSiteKeys(join(home, "a"));
  });
  after(() => rm(home, { recursive: true }));

  it("come back as they were, and look different each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const sealed = keys.seal(place, text);
        assert.equal(keys.open(place, sealed), Buffer.from(text, "utf8").toString("utf8"));
        assert.notEqual(keys.seal(place, text), sealed);
      }),
    );
  });

  it("do not open when a single character was changed", () => {
    const sealed = keys.seal(place, "the secret");
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), (at) => {
        const other = sealed[at] === "A" ? "B" : "A";
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
        // The last base64url characters carry unused bits: a change there may mean the same bytes.
        let opened: string | null = null;
        try {
          opened = keys.open(place, changed);
        } catch {
          return;
        }
        assert.equal(opened, "the secret");
      }),
    );
  });

  it("open in their own place and in no other", () => {
    const sealed = keys.seal(place, "x");
    const others: Place[] = [
      clusterSecrets("cother"),
      { ...place, column: "name" },
      { ...place, table: "DirectorySettings" },
      { table: "Cluster.secrets", column: "", row: place.row },
    ];
    for (const other of others) assert.throws(() => keys.open(other, sealed), /changed or put in another's place/);
    // Nor do the halves of two values make a third.
    const [mark, id, wrapped] = sealed.split(".");
    const body = keys.seal(place, "y").split(".")[3];
    assert.throws(() => keys.open(place, [mark, id, wrapped, body].join(".")), /changed/);
  });

  it("open only with their installation's key, and say which one is missing", async () => {
    const other = await loadSiteKeys(join(home, "b"));
    const sealed = keys.seal(place, "x");
    assert.throws(() => other.open(place, sealed), new RegExp(`with the key ${keyOf(sealed)}, which site.key does not hold`));
    for (const text of ["not sealed", "", "v2", "v2...", "v1.a.b.c", `${sealed}.x`]) assert.throws(() => keys.open(place, text), text);
  });

  it("have one key however many ask for it first, readable by its owner only", async () => {
    const folder = join(home, "many");
    const all = await Promise.all(Array.from({ length: 8 }, () => loadSiteKeys(folder)));
    assert.equal(new Set(all.map((one) => keyOf(one.seal(place, "x")))).size, 1);
    assert.equal((await stat(join(folder, "site.key"))).mode & 0o777, 0o600);
  });

  it("open with the 32 bytes that an earlier version kept", async () => {
    const bytes = randomBytes(32);
    const folder = join(home, "earlier");
    await loadSiteKeys(folder);
    await writeFile(join(folder, "site.key"), bytes);
    const sealed = (await loadSiteKeys(folder)).seal(place, "x");
    assert.equal(keyOf(sealed), keyId(createSecretKey(bytes)));
  });

  it("are not sealed with a damaged key", async () => {
    const file = join(home, "site.key");
    const written = ringText({ keys: [newKey()] });
    for (const text of [
      "short",
      "{}",
      "x".repeat(33),
      written.replace(/"id": "..../, '"id": "0000'),
      written.replace(/"key": "..../, '"key": "'),
      "",
    ]) {
      await writeFile(file, text);
      await assert.rejects(loadSiteKeys(home), /does not hold keys of 32 bytes.*backup/, text);
    }
  });

  it("follow a key file that is replaced while they are used", async () => {
    const folder = join(home, "turning");
    const live = await loadSiteKeys(folder);
    const file = join(folder, "site.key");
    const former = readRing(file, await readFile(file));
    const turned = { keys: [...former.keys, newKey()] };
    const sealedBefore = live.seal(place, "old");
    await writeFile(`${file}.new`, ringText(turned));
    await rename(`${file}.new`, file);
    // Sealed by another part that has the new key already.
    assert.equal(live.open(place, sealWith(turned, place, "new")), "new");
    assert.equal(keyOf(live.seal(place, "x")), turned.keys[1]?.id);
    assert.equal(live.open(place, sealedBefore), "old");
    assert.equal(openWith(turned, place, live.seal(place, "mine")), "mine");
  });

  it("use another key for each purpose", async () => {
    const key = await loadPortalKey(join(home, "purposes"));
    assert.notEqual(deriveKey(key, "a"), deriveKey(key, "b"));
  });
});
