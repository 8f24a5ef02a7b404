import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Probe } from "../../protocol/bundle.ts";
import type { Answer } from "../probe/probe.ts";
import { installation, type Pretended, pretend } from "../testing/fakes.ts";
import { hostSpec, net, node } from "../testing/specs.ts";
import type { World } from "../world.ts";
import { firstAnswers } from "./first-answers.ts";
import { watchNode } from "./watcher.ts";

const segment = { ...net("tenantone", "segmentone").segment, subnet: "10.1.1.0/24", gateway: "10.1.1.254" };
const member = (n: number) => ({ ip: `10.1.1.${n}`, name: `n${n}`, cluster: "clusterone", via: null, remote: false });
const one = node({ id: "nodeone", ip: "10.1.1.1", segment: "segmentone", volume: "v", image: "image", tenant: "tenantone" });
const service = (id: string, probe: Probe) => ({ ...one.services[0]!, id, probe });
const services = [
  service("early", { kind: "tcp", port: 1 }),
  service("late", { kind: "tcp", port: 2 }),
  service("master", { kind: "spark-master", port: 3 }),
];

let p: Pretended;
before(async () => {
  p = await pretend();
  const spec = hostSpec({
    installation,
    host: "testhost",
    generation: 1,
    segments: [segment],
    volumes: [],
    nodes: [{ ...one, services }],
    images: [{ bundle: "bundle", tag: "image" }],
  });
  await p.agent().world.store.accept({ ...spec, segments: [{ ...segment, members: [member(1), member(2)] }] });
});
after(() => p.dispose());

/** Lets a node start by a clock of the test's own; gives the seconds at which each port was asked, and what people see. */
async function starting(
  seconds: number,
  answer: (port: number, passed: number) => Answer,
  t: { mock: typeof import("node:test").mock },
  clock = (ms: number): number => ms,
  first = firstAnswers(),
) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 1_000_000;
  const asked = new Map<number, number[]>();
  const { world } = p.agent();
  const running = services.map(({ id }) => ({ name: id, state: 20, start: 1, stop: 0, pid: 7, spawnerr: "", description: "" }));
  const watched: World = {
    ...world,
    now: () => clock(now),
    changed: () => undefined,
    drivers: {
      ...world.drivers,
      supervisorAt: (path) => ({ ...world.drivers.supervisorAt(path), processes: async () => running }),
      probe: async (_, { port }) => {
        asked.set(port, [...(asked.get(port) ?? []), (now - 1_000_000) / 1000]);
        return answer(port, (now - 1_000_000) / 1000);
      },
    },
  };
  const watcher = watchNode(watched, "nodeone", "containerone", first);
  for (; now < 1_000_000 + seconds * 1000; now += 50) {
    await setImmediate();
    t.mock.timers.tick(50);
  }
  const view = watcher.view();
  watcher.stop();
  t.mock.timers.reset();
  return { asked: (port: number) => asked.get(port) ?? [], view };
}

const master = (aliveWorkers: number): Answer => ({
  healthy: true,
  sparkMaster: { aliveWorkers, cores: 1, coresUsed: 0, applications: [] },
});
const yes: Answer = { healthy: true, sparkMaster: null };
const no: Answer = { healthy: false, sparkMaster: null };

test("what is awaited is asked often, what answers already once a second", async (t) => {
  const { asked, view } = await starting(
    6,
    (port, passed) => (port === 1 ? yes : port === 2 ? (passed > 5 ? yes : no) : master(passed > 3 ? 2 : 1)),
    t,
  );
  assert.ok(asked(2).length >= 18, `the late one: ${asked(2).length}`);
  assert.ok(asked(1).length <= 8, `the early one: ${asked(1).length}`);
  const [before, afterwards] = [asked(3).filter((at) => at <= 3), asked(3).filter((at) => at > 3.5)];
  assert.ok(
    before.length >= 10 && afterwards.length <= 4,
    `the master, while a worker is missing: ${before.length}, then: ${afterwards.length}`,
  );
  assert.deepEqual([view.services.map((s) => s.healthy), view.sparkMaster?.aliveWorkers], [[true, true, true], 2]);
});

test("a service that falls silent while another is awaited is noticed within a second or so", async (t) => {
  const { view } = await starting(4.5, (port, passed) => (port === 1 && passed < 3 ? yes : port === 3 ? master(2) : no), t);
  assert.deepEqual(
    view.services.map((s) => s.healthy),
    [false, false, true],
  );
});

test("a clock that is set back does not keep answers that are no longer true", async (t) => {
  const { view } = await starting(
    4.5,
    (port, passed) => (port === 1 && passed < 3 ? yes : port === 3 ? master(2) : no),
    t,
    (ms) => (ms < 1_002_000 ? ms : ms - 900_000),
  );
  assert.deepEqual(
    view.services.map((s) => s.healthy),
    [false, false, true],
  );
});

test("a service is not asked long before it ever answered, nor is a quicker start missed", async (t) => {
  const first = firstAnswers();
  const startsAfter = (seconds: number) => (port: number, passed: number) =>
    port === 3 ? master(2) : port === 1 || passed >= seconds ? yes : no;
  const before = await starting(5, startsAfter(4), t, undefined, first);
  assert.ok((before.asked(2)[0] ?? 9) < 0.1, "nothing is known yet");
  const next = await starting(5, startsAfter(2), t, undefined, first);
  const asked = next.asked(2)[0] ?? 9;
  assert.ok(asked >= 3 && asked < 3.5, `first asked after ${asked} s`);
  assert.ok(next.view.services.every((s) => s.healthy));
  const third = await starting(5, startsAfter(4), t, undefined, first);
  const earlier = third.asked(2)[0] ?? 9;
  assert.ok(earlier > 2.2 && earlier < 2.9, `then after ${earlier} s`);
  assert.ok(third.asked(1)[0] === 0, "what answers at once is always asked at once");
});

test("a service that took an hour once keeps no later one waiting", () => {
  const first = firstAnswers();
  first.note("image jupyter", 3_600_000);
  assert.equal(first.tooEarly("image jupyter", 3_100), false);
});
