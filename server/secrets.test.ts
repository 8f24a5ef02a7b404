import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import fc from "fast-check";
import { deriveKey, loadSiteKey, open, type SiteKey, seal } from "./secrets.ts";

describe("sealed secrets", () => {
  let home: string;
  let key: SiteKey;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "kindling-key-"));
    key = await loadSiteKey(join(home, "a"));
  });
  after(() => rm(home, { recursive: true }));

  it("come back as they were, and look different each time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const sealed = seal(key, text);
        assert.equal(open(key, sealed), Buffer.from(text, "utf8").toString("utf8"));
        assert.notEqual(seal(key, text), sealed);
      }),
    );
  });

  it("do not open when a single character was changed", () => {
    const sealed = seal(key, "the secret");
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), (at) => {
        const other = sealed[at] === "A" ? "B" : "A";
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
        // The last base64url characters carry unused bits: a change there may mean the same bytes.
        let opened: string | null = null;
        try {
          opened = open(key, changed);
        } catch {
          return;
        }
        assert.equal(opened, "the secret");
      }),
    );
  });

  it("open only with their installation's key", async () => {
    const other = await loadSiteKey(join(home, "b"));
    assert.throws(() => open(other, seal(key, "x")));
    assert.throws(() => open(key, "not sealed"), /not a sealed secret/);
  });

  it("have one key however many ask for it first, readable by its owner only", async () => {
    const place = join(home, "many");
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadSiteKey(place)));
    assert.equal(new Set(keys.map((one) => deriveKey(one, "test"))).size, 1);
    assert.equal((await stat(join(place, "site.key"))).mode & 0o777, 0o600);
  });

  it("are not sealed with a damaged key", async () => {
    await writeFile(join(home, "site.key"), "short");
    await assert.rejects(loadSiteKey(home), /does not hold a key of 32 bytes.*backup/);
  });

  it("use another key for each purpose", () => assert.notEqual(deriveKey(key, "a"), deriveKey(key, "b")));
});
