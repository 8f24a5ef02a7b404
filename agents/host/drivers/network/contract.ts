/** What every network driver must do. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { HostError } from "../../../protocol/errors.ts";
import type { SegmentSpec } from "../../../protocol/spec.ts";
import type { NetworkDriver } from "./port.ts";

export interface NetworkHarness {
  readonly driver: NetworkDriver;
  /** A segment whose subnet nothing else on the machine uses. */
  segment(number: number): SegmentSpec;
  dispose(): Promise<void>;
}

export function networkContract(name: string, make: () => Promise<NetworkHarness>): void {
  describe(`network driver: ${name}`, () => {
    let h: NetworkHarness;
    beforeEach(async () => {
      h = await make();
    });
    afterEach(() => h.dispose());
    const code = (wanted: string, retryable: boolean) => (error: unknown) =>
      error instanceof HostError && error.fault.code === wanted && error.fault.retryable === retryable;

    it("makes a network once, lists and removes it, and every verb may be repeated", async () => {
      const spec = h.segment(1);
      const made = await h.driver.ensure(spec);
      assert.deepEqual(await h.driver.ensure(spec), made);
      assert.deepEqual(await h.driver.list(), [made]);
      assert.deepEqual([made.segment, made.subnet, made.bridge], [spec.id, spec.subnet, spec.bridge]);
      await h.driver.remove(made.id);
      await h.driver.remove(made.id);
      assert.deepEqual(await h.driver.list(), []);
    });

    it("refuses to take a network with another subnet for the wanted one", async () => {
      await h.driver.ensure(h.segment(1));
      await assert.rejects(
        h.driver.ensure({ ...h.segment(1), subnet: h.segment(2).subnet, gateway: h.segment(2).gateway }),
        code("segment_differs", false),
      );
    });

    it("says which subnet overlaps", async () => {
      const first = h.segment(1);
      await h.driver.ensure(first);
      const clash = { ...h.segment(2), subnet: first.subnet, gateway: first.gateway };
      await assert.rejects(h.driver.ensure(clash), (error) => code("subnet_overlap", false)(error) && String(error).includes(first.subnet));
    });
  });
}
