/** What every container driver must do. Run against the real engine and against the fake. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { HostError } from "../../../protocol/errors.ts";
import { label } from "../../../protocol/labels.ts";
import { differences } from "../../audit/shape.ts";
import type { ContainerDriver, ContainerRequest, EngineEvent } from "./port.ts";

export interface ContainerHarness {
  readonly driver: ContainerDriver;
  /** A request that the engine accepts; every call with the same number means the same node. */
  request(number: number, config?: string): ContainerRequest;
  /** Makes a container of that name which this installation did not make. */
  foreign(name: string): Promise<void>;
  /** Gives the container more memory, behind the driver's back. */
  alter(id: string): Promise<void>;
  dispose(): Promise<void>;
}

export function containerContract(name: string, make: () => Promise<ContainerHarness>): void {
  describe(`container driver: ${name}`, () => {
    let h: ContainerHarness;
    beforeEach(async () => {
      h = await make();
    });
    afterEach(() => h.dispose());

    it("creates, starts, stops and removes, and every verb may be repeated", async () => {
      const request = h.request(1);
      const id = await h.driver.create(request);
      assert.deepEqual(await states(h), { [request.name]: "created" });
      await h.driver.start(id);
      await h.driver.start(id);
      assert.deepEqual(await states(h), { [request.name]: "running" });
      await h.driver.stop(id, 2);
      await h.driver.stop(id, 2);
      assert.deepEqual(await states(h), { [request.name]: "exited" });
      await h.driver.remove(id);
      await h.driver.remove(id);
      await h.driver.stop(id, 2);
      assert.deepEqual(await states(h), {});
    });

    it("finds its own container again when the answer to a creation was lost", async () => {
      const id = await h.driver.create(h.request(1));
      assert.equal(await h.driver.create(h.request(1)), id);
      assert.equal((await h.driver.list()).length, 1);
    });

    it("does not take its own container of another configuration for the new one", async () => {
      await h.driver.create(h.request(1, "old"));
      await assert.rejects(
        h.driver.create(h.request(1, "new")),
        (error) => error instanceof HostError && error.fault.code === "name_conflict" && error.fault.retryable,
      );
    });

    it("neither adopts nor lists what others made, and says whose name it is", async () => {
      const request = h.request(1);
      await h.foreign(request.name);
      await assert.rejects(
        h.driver.create(request),
        (error) =>
          error instanceof HostError &&
          error.fault.code === "name_conflict" &&
          !error.fault.retryable &&
          error.message.includes(request.name),
      );
      assert.deepEqual(await h.driver.list(), []);
    });

    it("removes a container that runs", async () => {
      const id = await h.driver.create(h.request(1));
      await h.driver.start(id);
      await h.driver.remove(id);
      assert.equal(await h.driver.inspect(id), null);
    });

    it("tells when it started and where its network is, while it runs only", async () => {
      const id = await h.driver.create(h.request(1));
      assert.equal((await h.driver.inspect(id))?.startedAt, null);
      await h.driver.start(id);
      const running = await h.driver.inspect(id);
      assert.ok(running?.startedAt && !Number.isNaN(Date.parse(running.startedAt)));
      assert.ok(running.sandbox);
      assert.ok((await h.driver.usage(id))?.memoryMb !== undefined);
      await h.driver.stop(id, 2);
      assert.deepEqual(await h.driver.inspect(id).then((i) => [i?.startedAt, i?.sandbox]), [null, null]);
      assert.equal(await h.driver.inspect("0123456789abcdef"), null);
    });

    it("lays what was approved beside what the engine says", async () => {
      const request = h.request(1);
      const id = await h.driver.create(request);
      await h.driver.start(id);
      const look = async () => {
        const seen = await h.driver.examine(id, request);
        assert.ok(seen);
        return differences(seen.approved, seen.engine);
      };
      assert.deepEqual(await look(), []);
      await h.alter(id);
      assert.deepEqual(
        (await look()).map(({ what }) => what),
        ["memory"],
      );
      await h.driver.remove(id);
      assert.equal(await h.driver.examine(id, request), null);
    });

    it("reports what happens, with labels", async () => {
      const stop = new AbortController();
      const seen: string[] = [];
      const request = h.request(1);
      await new Promise<void>((resolve, reject) => {
        const listen = (event: EngineEvent) => {
          if (event.kind === "connected") act().catch(reject);
          if (!("labels" in event)) return;
          seen.push(`${event.kind} ${event.labels[label.node]}`);
          if (event.kind === "destroyed") resolve();
        };
        async function act(): Promise<void> {
          const id = await h.driver.create(request);
          await h.driver.start(id);
          await h.driver.stop(id, 2);
          await h.driver.remove(id);
        }
        h.driver.watch(stop.signal, listen);
      }).finally(() => stop.abort());
      const node = request.labels[label.node];
      assert.deepEqual(seen, [`created ${node}`, `started ${node}`, `died ${node}`, `destroyed ${node}`]);
    });
  });
}

async function states(h: ContainerHarness): Promise<Record<string, string>> {
  return Object.fromEntries((await h.driver.list()).map((c) => [c.name, c.state]));
}
