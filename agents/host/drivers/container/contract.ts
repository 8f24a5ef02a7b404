/** What every container driver must do. Run against the real engine and against the fake. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { afterEach, beforeEach, describe, it } from "node:test";
import { HostError } from "../../../protocol/errors.ts";
import { label } from "../../../protocol/labels.ts";
import { differences } from "../../audit/shape.ts";
import type { ContainerDriver, ContainerRequest, EngineEvent, Shell } from "./port.ts";

export interface ContainerHarness {
  readonly driver: ContainerDriver;
  /** What another process of the same installation would have. */
  another(): ContainerDriver;
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

    it("opens a shell of the node's user, which knows its window and tells how it ended", async () => {
      const { id, shell } = await openIn(h);
      await told(shell, "id -u", /[^\d]1000\r\n/);
      await told(shell, "stty size", /24 80\r\n/);
      await shell.resize({ columns: 132, rows: 43 });
      await told(shell, "stty size", /43 132\r\n/);
      const end = over(shell);
      shell.stream.write("exit 3\n");
      assert.equal(await end, 3);
      await shell.end();
      assert.deepEqual(await states(h), { [h.request(1).name]: "running" });
      assert.equal(await h.another().endLeftShells(id), 0);
    });

    it("ends a shell that is hung up, and those of a process that was killed, and no other", async () => {
      const { id, shell } = await openIn(h);
      const second = await h.driver.shell(id, size);
      await told(shell, "id -u", /1000/);
      assert.equal(await h.driver.endLeftShells(id), 0, "its own go on");
      await shell.end();
      assert.equal(await h.another().endLeftShells(id), 1);
      await over(second);
      assert.equal(await h.another().endLeftShells(id), 0);
      await second.end();
    });

    it("ends the shells of a container that stops, and opens none there", async () => {
      const { id, shell } = await openIn(h);
      await told(shell, "id -u", /1000/);
      const end = over(shell);
      await h.driver.stop(id, 1);
      assert.notEqual(await end, 0);
      await shell.end();
      await assert.rejects(h.driver.shell(id, size), HostError);
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

const size = { columns: 80, rows: 24 };

async function openIn(h: ContainerHarness): Promise<{ id: string; shell: Shell }> {
  const id = await h.driver.create(h.request(1));
  await h.driver.start(id);
  return { id, shell: await h.driver.shell(id, size) };
}

/** Types a line and reads until the terminal shows what is looked for. */
async function told(shell: Shell, line: string, expected: RegExp): Promise<void> {
  let shown = "";
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const look = (chunk: unknown): void => {
    shown += String(chunk);
    if (expected.test(shown)) resolve();
  };
  const over = (): void => reject(new Error(`it ended without ${expected}: ${shown}`));
  shell.stream.on("data", look).once("end", over);
  shell.stream.write(`${line}\n`);
  await promise;
  shell.stream.off("data", look).off("end", over);
}

/** Reads until the shell has ended. */
async function over(shell: Shell): Promise<number | null> {
  if (!shell.stream.readableEnded && !shell.stream.destroyed) await once(shell.stream.resume(), "end");
  return shell.exitCode();
}

async function states(h: ContainerHarness): Promise<Record<string, string>> {
  return Object.fromEntries((await h.driver.list()).map((c) => [c.name, c.state]));
}
