import { knowsCopies } from "../../../agents/protocol/copy.ts";
import { type FakeHost, makeFakeHost } from "../../hosts/fake/host.ts";
import { leastMoveAfterSeconds } from "../../planner/moves.ts";
import { plan as realPlan } from "../../planner/plan.ts";
import type { Snapshot } from "../../planner/snapshot.ts";
import { memoryStore } from "../store/memory.ts";
import { flavor, freshRows } from "../testing/rows.ts";
import { cardsOf, leaveBehind, withCards } from "./cards.ts";
import { checkAlways, checkConverged, Violation } from "./invariants.ts";
import { act, type People } from "./people.ts";
import { makeRandom, type Random } from "./random.ts";
import { makeWorld } from "./world.ts";

export interface RunOptions {
  readonly seed: number;
  /** Things that happen before peace comes. */
  readonly events?: number;
  /** A broken planner, to see that the checks see it. */
  readonly plan?: typeof realPlan;
}

export interface RunResult {
  readonly violation: string | null;
  readonly history: readonly string[];
  readonly events: number;
}

const start = Date.UTC(2026, 0, 1);

/** One life of an installation: real planner and reconciler, fake hosts, random people, faults and crashes; then peace, and a look around. */
export async function run({ seed, events = 150, plan = realPlan }: RunOptions): Promise<RunResult> {
  const random = makeRandom(seed);
  const history: string[] = [];
  let clock = start;
  let ids = 0;
  const now = (): number => clock;
  const newId = (prefix: string): string => {
    ids += 1;
    return `${prefix}${String(ids).padStart(5, "0")}`;
  };
  let wishes = 0;
  const counting: typeof realPlan = (...input) => {
    const result = plan(...input);
    wishes += result.changes.length;
    return result;
  };
  const store = memoryStore(siteOf(random, withCards(seed), withDrains(seed)));
  const hosts: FakeHost[] = store.rows().hosts.map(({ id }, index) =>
    makeFakeHost({
      id,
      installation: "isite",
      now,
      // Of every eighth life one agent is older than copies.
      facts: {
        understands: seed % 8 === 5 && index === 0 ? [] : [knowsCopies],
        memoryMb: random.pick([9_216, 17_408, 33_792]) ?? 9_216,
        cpus: 4,
        nvidia: cardsOf(seed, index),
      },
      peers: () => hosts,
    }),
  );
  if (withCards(seed)) for (const host of hosts) leaveBehind(host, random);
  const people: People = {
    hosts,
    store,
    random,
    now,
    newId,
    words: { copies: new Set(), condemned: new Set(), tenants: new Set() },
    tenantsGo: seed % 8 === 3,
    drains: withDrains(seed),
  };
  // A third of the lives are without storms: there other things happen more often.
  const calm = random.oneIn(3);
  const world = makeWorld({
    calm,
    drains: withDrains(seed),
    random,
    store,
    hosts,
    now,
    newId,
    plan: counting,
    history,
    cards: withCards(seed),
  });
  let happened = 0;
  let earlier = store.rows();
  const check = (): void => {
    checkAlways(earlier, store.rows(), hosts, people.words, clock);
    earlier = store.rows();
  };
  try {
    for (; happened < events; happened += 1) {
      clock += random.oneIn(people.drains ? 30 : 10) ? random.below(30_000) : random.below(500);
      if (random.oneIn(5)) {
        const words = act(people, calm);
        if (words) history.push(words);
      } else await world.event(check);
      check();
    }
    history.push("-- peace --");
    // Twice: addresses that rested meanwhile let waiting clusters in.
    for (const pause of [0, 120_000]) {
      clock += pause;
      for (let round = 0, quiet = 0; round < 60 && quiet < 3; round += 1) {
        clock += 2_000;
        wishes = 0;
        await world.peace(check);
        quiet = wishes === 0 ? quiet + 1 : 0;
      }
    }
    checkConverged(store.rows(), hosts, people.words);
    wishes = 0;
    await world.peace(check);
    if (wishes > 0) throw new Violation("it is never at rest: the planner still wants something");
    return { violation: null, history, events: happened };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const kind = error instanceof Violation ? "" : `${error.name}: `;
    return { violation: kind + (error instanceof Violation ? error.message : (error.stack ?? error.message)), history, events: happened };
  }
}

/** In another fourth hosts are drained all the time, which needs some to go to, and much that happens between two wishes. */
const withDrains = (seed: number): boolean => seed % 4 === 2;

/** Up to four hosts, few addresses or many, segments of every kind, and sometimes nodes that move without anybody's word. */
function siteOf(random: Random, cards: boolean, drains: boolean): Snapshot {
  const rows = freshRows((drains ? 2 : 1) + random.below(drains ? 3 : 4), random.oneIn(2) ? 5 : 248);
  return {
    ...rows,
    installation: {
      ...rows.installation,
      placement: random.oneIn(2) ? "spread" : "pack",
      moveAfterSeconds: random.oneIn(2) ? leastMoveAfterSeconds + random.below(60) : null,
    },
    flavors: cards ? [...rows.flavors, flavor("cards", 1, 4096, 4, 1), flavor("two-cards", 2, 4096, 5, 2)] : rows.flavors,
    segments: rows.segments.map((segment, index) => {
      const uplink = random.pick(["none", "vlan", "vxlan"] as const) ?? "none";
      return { ...segment, uplink, vlanId: uplink === "vlan" ? 100 + index : null, vni: uplink === "vxlan" ? 7000 + index : null };
    }),
  };
}
