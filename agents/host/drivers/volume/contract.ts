/** What every volume driver must do. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { HostError } from "../../../protocol/errors.ts";
import { type Content, decode, encode } from "../../copy/frames.ts";
import type { VolumeDriver } from "./port.ts";

export interface VolumeHarness {
  driver: VolumeDriver;
  /** Another driver on the same disks, as after a restart of the agent. */
  reopen(): VolumeDriver;
  /** Unmounts everything behind the driver's back, as a reboot does. */
  reboot(): Promise<void>;
  write(id: string, text: string): Promise<void>;
  read(id: string): Promise<string>;
  dispose(): Promise<void>;
}

/** `budgetMb` of the harness's driver must be 300. */
export function volumeContract(name: string, make: () => Promise<VolumeHarness>): void {
  describe(`volume driver: ${name}`, () => {
    let h: VolumeHarness;
    beforeEach(async () => {
      h = await make();
    });
    afterEach(() => h.dispose());
    const stateOf = async (id: string) => (await h.driver.list()).find((v) => v.id === id)?.state ?? "absent";

    it("makes and mounts a disk, and says so", async () => {
      const { path, sizeMb } = await h.driver.ensure({ id: "volumeone", sizeMb: 64 });
      assert.equal(sizeMb, 64);
      assert.equal(await h.driver.mounted("volumeone"), path);
      assert.deepEqual(await h.driver.list(), [{ id: "volumeone", state: "mounted", sizeMb: 64 }]);
      assert.ok((await h.driver.usage("volumeone"))?.sizeMb);
      assert.equal(await h.driver.usage("volumetwo"), null);
    });

    it("keeps the data through repetition, the agent's restart and a reboot", async () => {
      await h.driver.ensure({ id: "volumeone", sizeMb: 64 });
      await h.write("volumeone", "precious");
      await h.driver.ensure({ id: "volumeone", sizeMb: 64 });
      h.driver = h.reopen();
      assert.equal(await stateOf("volumeone"), "mounted");
      await h.reboot();
      assert.equal(await stateOf("volumeone"), "present");
      assert.equal(await h.driver.mounted("volumeone"), null);
      await h.driver.ensure({ id: "volumeone", sizeMb: 64 });
      assert.equal(await h.read("volumeone"), "precious");
    });

    it("grows while it is in use and never shrinks", async () => {
      await h.driver.ensure({ id: "volumeone", sizeMb: 64 });
      await h.write("volumeone", "precious");
      const before = (await h.driver.usage("volumeone"))?.sizeMb ?? 0;
      assert.equal((await h.driver.ensure({ id: "volumeone", sizeMb: 128 })).sizeMb, 128);
      assert.ok(((await h.driver.usage("volumeone"))?.sizeMb ?? 0) > before + 32, "the file system did not grow");
      assert.equal((await h.driver.ensure({ id: "volumeone", sizeMb: 64 })).sizeMb, 128);
      assert.equal(await h.read("volumeone"), "precious");
    });

    it("puts a disk aside without losing its data, and brings it back", async () => {
      await h.driver.ensure({ id: "volumeone", sizeMb: 64 });
      await h.write("volumeone", "precious");
      await h.driver.quarantine("volumeone");
      await h.driver.quarantine("volumeone");
      assert.equal(await stateOf("volumeone"), "quarantined");
      assert.equal(await h.driver.mounted("volumeone"), null);
      await h.driver.ensure({ id: "volumeone", sizeMb: 64 });
      assert.equal(await h.read("volumeone"), "precious");
    });

    it("removes a disk for good, and again without complaint", async () => {
      await h.driver.ensure({ id: "volumeone", sizeMb: 64 });
      await h.driver.remove("volumeone");
      await h.driver.remove("volumeone");
      assert.equal(await stateOf("volumeone"), "absent");
    });

    it("is listed while disks go", async () => {
      const ids = Array.from({ length: 6 }, (_, n) => `volume${n}`);
      await Promise.all(ids.map((id) => h.driver.ensure({ id, sizeMb: 16 })));
      let going = ids.length;
      const gone = Promise.all(ids.map((id) => h.driver.remove(id).finally(() => (going -= 1))));
      while (going > 0) await h.driver.list();
      await gone;
      assert.deepEqual(
        await Promise.all(ids.map(stateOf)),
        ids.map(() => "absent"),
      );
    });

    const never = new AbortController().signal;
    const bytesOf = async (content: Content): Promise<Buffer> => {
      const parts: Buffer[] = [];
      for await (const part of encode(content)) parts.push(Buffer.from(part));
      return Buffer.concat(parts);
    };
    async function* cut(bytes: Buffer, pieces = 100_000): AsyncGenerator<Buffer> {
      for (let at = 0; at < bytes.length; at += pieces) yield bytes.subarray(at, at + pieces);
    }

    it("rests, and goes to another disk as it is, which takes its place only when all of it came", async () => {
      await h.driver.ensure({ id: "volumeone", sizeMb: 64 });
      await h.write("volumeone", "precious");
      await h.driver.rest("volumeone");
      await h.driver.rest("volumeone");
      assert.equal(await stateOf("volumeone"), "present");
      const sent = await bytesOf(await h.driver.send("volumeone"));
      assert.ok(sent.length < 20 * 1024 * 1024, `${sent.length} bytes of a disk that is nearly empty`);
      const spec = { id: "volumetwo", sizeMb: 64 };
      const half = await decode(cut(sent.subarray(0, sent.length - 40)), 64 * 1024 * 1024);
      await assert.rejects(h.driver.receive(spec, half, never), HostError);
      await assert.rejects(h.driver.receive(spec, await decode(cut(sent), 64 * 1024 * 1024), AbortSignal.abort()));
      assert.equal(await stateOf("volumetwo"), "absent");
      assert.deepEqual(await h.driver.receive(spec, await decode(cut(sent), 64 * 1024 * 1024), never), { sizeMb: 64 });
      assert.equal(await stateOf("volumetwo"), "present");
      await assert.rejects(h.driver.receive(spec, await decode(cut(sent), 64 * 1024 * 1024), never), HostError);
      await h.driver.discardPartial();
      for (const id of ["volumeone", "volumetwo"]) {
        await h.driver.ensure({ id, sizeMb: 64 });
        assert.equal(await h.read(id), "precious");
      }
      await h.driver.ensure({ id: "volumetwo", sizeMb: 96 });
      assert.equal(await h.read("volumetwo"), "precious");
    });

    it("refuses what its budget does not hold, and makes nothing", async () => {
      await h.driver.ensure({ id: "volumeone", sizeMb: 200 });
      await assert.rejects(
        h.driver.ensure({ id: "volumetwo", sizeMb: 200 }),
        (error) => error instanceof HostError && error.fault.code === "disk_full",
      );
      assert.equal(await stateOf("volumetwo"), "absent");
      await assert.rejects(
        h.driver.ensure({ id: "volumeone", sizeMb: 400 }),
        (error) => error instanceof HostError && error.fault.code === "disk_full",
      );
      assert.equal((await h.driver.list())[0]?.sizeMb, 200);
    });
  });
}
