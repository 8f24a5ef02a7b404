import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type NodeReality, type NodeStep, nextStep } from "./decide.ts";

type Desired = "running" | "stopped" | "deleted";
type Mutable = { -readonly [K in keyof NodeReality]: NodeReality[K] };

const container = fc.record({
  id: fc.uuid(),
  state: fc.constantFrom("created" as const, "running" as const, "exited" as const),
  config: fc.constantFrom("new", "old"),
  bound: fc.boolean(),
});
const reality: fc.Arbitrary<NodeReality> = fc.record({
  image: fc.boolean(),
  segment: fc.boolean(),
  volume: fc.boolean(),
  secrets: fc.boolean(),
  files: fc.boolean(),
  directory: fc.boolean(),
  containers: fc.uniqueArray(container, { maxLength: 3, selector: (c) => c.id }),
  config: fc.constant("new"),
  keepsData: fc.boolean(),
});

/** What a step does to the world when it succeeds. */
function apply(real: Mutable, step: NodeStep): void {
  const change = (id: string, part: Partial<NodeReality["containers"][number]>) => {
    real.containers = real.containers.map((c) => (c.id === id ? { ...c, ...part } : c));
  };
  if (step.do === "write") Object.assign(real, { files: true, directory: true });
  if (step.do === "create") real.containers = [...real.containers, { id: "made", state: "created", config: "new", bound: false }];
  if (step.do === "start") change(step.id, { state: "running", bound: false });
  if (step.do === "bind") change(step.id, { bound: true });
  if (step.do === "stop") change(step.id, { state: "exited", bound: false });
  if (step.do === "remove") real.containers = real.containers.filter((c) => c.id !== step.id);
  if (step.do === "forget") Object.assign(real, { directory: false, files: false });
  // Others bring about what is waited for.
  if (step.do === "wait") Object.assign(real, { image: true, segment: true, volume: true, secrets: true });
}

function run(desired: Desired, start: NodeReality): { end: Mutable; steps: NodeStep[] } {
  const real: Mutable = { ...start };
  const steps: NodeStep[] = [];
  for (let i = 0; i < 20; i += 1) {
    const step = nextStep(desired, real);
    steps.push(step);
    if (step.do === "done") return { end: real, steps };
    apply(real, step);
  }
  throw new Error(`not done after 20 steps: ${steps.map((s) => s.do).join(", ")}`);
}

describe("the next step of a node", () => {
  it("leads from anywhere to what is wanted, and then to nothing more", () => {
    fc.assert(
      fc.property(fc.constantFrom<Desired>("running", "stopped", "deleted"), reality, (desired, start) => {
        const { end } = run(desired, start);
        if (desired === "running")
          assert.deepEqual(
            end.containers.map((c) => [c.state, c.config, c.bound]),
            [["running", "new", true]],
          );
        if (desired === "stopped") assert.ok(end.containers.every((c) => c.state !== "running"));
        if (desired === "deleted") assert.deepEqual([end.containers.length, end.directory], [0, false]);
      }),
    );
  });

  it("never has two containers of a node running, and never starts one without its disk, network and files", () => {
    fc.assert(
      fc.property(reality, (start) => {
        fc.pre(start.containers.filter((c) => c.state === "running").length <= 1);
        const real: Mutable = { ...start };
        for (let step = nextStep("running", real); step.do !== "done"; step = nextStep("running", real)) {
          if (step.do === "start" || step.do === "create")
            assert.ok(real.image && real.segment && real.volume && real.files && real.secrets);
          apply(real, step);
          assert.ok(real.containers.filter((c) => c.state === "running").length <= 1);
        }
      }),
    );
  });

  it("does not touch a node that runs as wanted although its image is gone", () => {
    const real = {
      image: false,
      segment: true,
      volume: true,
      secrets: true,
      files: true,
      directory: true,
      config: "new",
      keepsData: true,
      containers: [{ id: "a", state: "running" as const, config: "new", bound: true }],
    };
    assert.deepEqual(nextStep("running", real), { do: "done" });
  });

  it("keeps an old container running until its successor's image is there", () => {
    const real = {
      image: false,
      segment: true,
      volume: true,
      secrets: true,
      files: true,
      directory: true,
      config: "new",
      keepsData: true,
      containers: [{ id: "a", state: "running" as const, config: "old", bound: true }],
    };
    assert.deepEqual(nextStep("running", real), { do: "wait", for: "image" });
  });

  it("ends services cleanly when the disk is kept, and at once when it goes too", () => {
    const base = {
      image: true,
      segment: true,
      volume: true,
      secrets: true,
      files: true,
      directory: true,
      config: "new",
      containers: [{ id: "a", state: "running" as const, config: "new", bound: true }],
    };
    assert.deepEqual(nextStep("deleted", { ...base, keepsData: true }), { do: "remove", id: "a", clean: true });
    assert.deepEqual(nextStep("deleted", { ...base, keepsData: false }), { do: "remove", id: "a", clean: false });
  });
});
