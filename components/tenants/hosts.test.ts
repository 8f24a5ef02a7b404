import assert from "node:assert/strict";
import { test } from "node:test";
import type { TenantHostView } from "../../server/services/tenants/schemas.ts";
import { givenWords, hostChoices } from "./hosts.ts";

const host = (part: Partial<TenantHostView>): TenantHostView => ({
  ...{ name: "host-2", state: "ready", mode: "active", lostAt: null, reason: null, memoryMb: { used: 0, total: 0 } },
  ...{ keptFor: null, nodes: 0, others: 0, lacks: [] },
  ...part,
});

test("giving a tenant a host says whose nodes stay, what it lacks and who has it now", () => {
  const research = { slug: "research", name: "Research" };
  const all = givenWords(host({ others: 2, lacks: ["ssd"], keptFor: research }), "Finance").join(" ");
  assert.match(all, /2 nodes of other tenants stay there until stopped, deleted or moved/);
  assert.match(all, /lacks the tag ssd that nodes of Finance ask for/);
  assert.match(all, /Until now it is kept for Research/);
  const plain = givenWords(host({}), "Finance").join(" ");
  assert.match(plain, /No node of another tenant is there/);
  assert.doesNotMatch(plain, /lacks|Until now/);
  assert.deepEqual(
    hostChoices(
      [host({ name: "host-10", keptFor: research }), host({ name: "host-9" }), host({ keptFor: { slug: "finance", name: "Finance" } })],
      "finance",
    ),
    [
      { value: "host-9", label: "host-9" },
      { value: "host-10", label: "host-10, now only for Research" },
    ],
  );
});
