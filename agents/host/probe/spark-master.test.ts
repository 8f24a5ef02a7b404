import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { NodeObservation } from "../../protocol/observed.ts";
import { readMaster } from "./spark-master.ts";

const master = {
  url: "spark://m:7077",
  workers: [
    { id: "w1", state: "ALIVE" },
    { id: "w2", state: "DEAD" },
    { id: "w3", state: "ALIVE" },
  ],
  cores: 4,
  coresused: 2,
  activeapps: [{ id: "app-1", name: "Flights\nby hour", cores: 2, state: "RUNNING", starttime: 1_700_000_000_000 }],
  status: "ALIVE",
};

describe("a Spark master's JSON", () => {
  it("tells alive workers, cores and applications", () => {
    assert.deepEqual(readMaster(JSON.stringify(master)), {
      aliveWorkers: 2,
      cores: 4,
      coresUsed: 2,
      applications: [{ id: "app-1", name: "Flights by hour", cores: 2, state: "RUNNING", startedAt: "2023-11-14T22:13:20.000Z" }],
    });
  });

  it("is no master unless it says that it is alive", () => {
    for (const text of ["", "{}", "null", JSON.stringify({ ...master, status: "STANDBY" }), JSON.stringify({ ...master, cores: "many" })])
      assert.equal(readMaster(text), null);
  });

  it("never makes a picture that the other side must refuse: one node would hide its host's whole state", () => {
    const schema = NodeObservation.shape.sparkMaster;
    const [app] = master.activeapps;
    const hostile = [
      { ...master, cores: 1e300 },
      { ...master, coresused: Number.MAX_SAFE_INTEGER + 1 },
      { ...master, activeapps: [{ ...app, starttime: 8.64e15 }] },
      { ...master, activeapps: [{ ...app, name: `${"a".repeat(199)}\u{1f600}`, id: "\ud800" }] },
    ].map((value) => readMaster(JSON.stringify(value)));
    for (const value of hostile) {
      assert.ok(schema.safeParse(value).success, JSON.stringify(value));
      assert.ok((value?.applications ?? []).every(({ id, name }) => id.isWellFormed() && name.isWellFormed()));
    }
  });

  it("gives what the protocol can carry, or nothing, whatever a node answers", () => {
    const schema = NodeObservation.shape.sparkMaster;
    const app = fc.record({
      id: fc.string({ maxLength: 300 }),
      name: fc.string({ maxLength: 500 }),
      cores: fc.double(),
      state: fc.string(),
      starttime: fc.double({ noNaN: true }),
    });
    const any = fc.record({
      status: fc.constantFrom("ALIVE", "x"),
      cores: fc.integer(),
      coresused: fc.integer(),
      workers: fc.array(fc.record({ state: fc.string() })),
      activeapps: fc.array(app),
    });
    fc.assert(
      fc.property(fc.oneof(any, fc.anything()), (value) => assert.ok(schema.safeParse(readMaster(JSON.stringify(value) ?? "")).success)),
    );
  });
});
