import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { HostSpec } from "../../agents/protocol/spec.ts";
import { cardsFor, heard } from "../reconciler/testing/heard.ts";
import { cluster, flavor, rowsWith } from "../reconciler/testing/rows.ts";
import { apply } from "./apply.ts";
import { clusterPhase } from "./phase.ts";
import { plan } from "./plan.ts";
import type { Snapshot } from "./snapshot.ts";
import { hostSpec } from "./spec/host-spec.ts";

const now = Date.UTC(2026, 4, 1, 12);
const site = { origin: (endpoint: string, id: string) => `http://${endpoint}-${id}.example.com` };

const whole = fc.oneof(fc.constantFrom(0, -1, 1500, 2 ** 31, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER), fc.integer());
const any = fc.oneof(whole, fc.constantFrom(1e300, -1e300, 0.5));
const card = fc.constantFrom(...cardsFor(0, 2), ...cardsFor(1, 3));
const address = fc.constantFrom("192.0.2.1", "0.0.0.0", "255.255.255.255", "127.0.0.1", "10.35.192.2");
const facts = fc.record({
  ...{ cpus: whole, memoryMb: whole, diskFreeMb: any, diskTotalMb: any },
  links: fc.array(
    fc.record({ name: fc.constantFrom("eth0", "-x", "", "a b"), addresses: fc.array(address, { maxLength: 2 }), mtu: whole }),
    { maxLength: 3 },
  ),
  nvidia: fc.record({ toolkit: fc.boolean(), cards: fc.array(card, { maxLength: 6 }) }),
  abilities: fc.constant({ vlan: true, vxlan: true, lvm: false, rootQuota: false, plainBridges: false }),
});

test("whatever one host says of itself, plans are made, and every other host can be told what it has to be", () => {
  let serial = 0;
  const newId = (prefix: string): string => {
    serial += 1;
    return `${prefix}${String(serial).padStart(8, "0")}`;
  };
  const clusters = [cluster({ workerCount: 1 }), cluster({ id: "cpairs0", name: "pairs", masterFlavorId: "fpair", workerCount: 0 })];
  fc.assert(
    fc.property(facts, fc.array(card), whole, fc.constantFrom("none", "vlan", "vxlan"), (said, held, mtu, uplink) => {
      const rows = heard(rowsWith(clusters, 2), now, [{}, said]);
      const segments = rows.segments.map((row) => ({
        ...row,
        uplink,
        vlanId: uplink === "vlan" ? 100 : null,
        vni: uplink === "vxlan" ? 100 : null,
      }));
      const heldCards = held.map(({ id }) => id);
      const seen = segments.map(({ id }) => ({ id, state: "present" as const, fault: null, mtu }));
      const hosts = rows.hosts.map((host, index) =>
        index === 1 && host.observed ? { ...host, observed: { ...host.observed, heldCards, segments: seen } } : host,
      );
      let next: Snapshot = { ...rows, segments, hosts, flavors: [...rows.flavors, flavor("pair", 1, 2048, 5, 2)] };
      for (const at of [now, now + 1000]) next = apply(next, plan(next, at, newId).changes);
      for (const one of next.clusters) clusterPhase(next, one, now);
      const told = HostSpec.safeParse(hostSpec(next, "host0", 1, site));
      assert.ok(told.success, told.error?.message);
    }),
    { numRuns: 500 },
  );
});
