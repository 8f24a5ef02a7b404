import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { asOnlyBuilder } from "./one-builder.ts";

test("the second builder waits for the first, says so, and has its turn also when the first fails", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "kindling-lock-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "lock");
  const told: string[] = [];
  const inside = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const waits = Promise.withResolvers<void>();
  const first = asOnlyBuilder(
    async () => {
      told.push("first begins");
      inside.resolve();
      await gate.promise;
      told.push("first fails");
      throw new Error("no");
    },
    () => told.push("first waits"),
    file,
  );
  await inside.promise;
  const second = asOnlyBuilder(
    async () => void told.push("second begins"),
    () => {
      told.push("second waits");
      waits.resolve();
    },
    file,
  );
  await waits.promise;
  gate.resolve();
  await assert.rejects(first, /no/);
  await second;
  assert.deepEqual(told, ["first begins", "second waits", "first fails", "second begins"]);
});

test("a lock that cannot be made is an error", async () => {
  await assert.rejects(
    asOnlyBuilder(
      async () => undefined,
      () => undefined,
      "/nowhere/at/all/lock",
    ),
    /could not be taken/,
  );
});
