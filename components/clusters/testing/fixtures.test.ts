import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateCluster } from "../../../server/services/clusters/schemas.ts";
import { wideLayout } from "../../topology/layout.ts";
import { headerActions } from "../model/actions.ts";
import { happened } from "../model/activity.ts";
import { headerCommands } from "../model/command.ts";
import { defaults, toCreate } from "../model/form.ts";
import { inOrder, openLabel, openState } from "../model/links.ts";
import { drawn, phaseNow } from "../model/node.ts";
import { phaseOrder } from "../model/phases.ts";
import { announce, badgeFact, tabTitle } from "../model/states.ts";
import { timeline } from "../model/timeline.ts";
import { activity, distributions, everyState, flavors, summary, volumes } from "./fixtures.ts";

const now = Date.parse("2026-03-01T12:00:00.000Z");
const views = everyState(now);

test("there is a cluster in every state but the ones that only pass by", () => {
  const shown = new Set(views.map((view) => view.state.phase));
  assert.deepEqual(
    phaseOrder.filter((phase) => !shown.has(phase)),
    ["stopping"],
  );
});

for (const view of views)
  test(`${view.name} (${view.state.phase}) says everything in words`, () => {
    const line = timeline(view.timeline, now, view.desired === "running");
    const said = [
      announce(view.name, view.state),
      badgeFact(view.state, now),
      tabTitle(view.name, view.state, "Logs"),
      phaseNow(view),
      summary(view).size,
      ...line.rows.map((row) => `${row.title} ${row.detail}`),
      ...headerActions(view).map((action) => `${action.label} ${action.reason}`),
      ...headerCommands(view).map((one) => one.command),
      ...inOrder(view.links).map((link) => openLabel(link, openState(link, view.state), true)),
      ...view.nodes.map(drawn).map((node) => `${node.word} ${node.ip}`),
    ];
    for (const words of said) assert.doesNotMatch(words, /undefined|NaN|\[object/);
    assert.ok(said.every((words) => words.trim() !== ""));
    assert.equal(wideLayout(view.nodes.map(drawn), 1120).hosts.length, new Set(view.nodes.map((node) => node.host)).size);
  });

test("nothing pretends to be under way once it is wanted stopped or gone", () => {
  for (const view of views) if (view.desired !== "running") assert.equal(timeline(view.timeline, now, false).live, false, view.name);
});

test("the form's first values are a creation that the API takes, with a kept volume too", () => {
  const offer = { flavors, distributions };
  for (const given of [{}, { type: "utility" as const }, { dataVolume: volumes[0]!.id }])
    assert.ok(CreateCluster.safeParse(toCreate("analytics", defaults(offer, "ada-2", given))).success);
});

test("every row of the activity is a sentence", () => {
  for (const row of activity(now)) assert.doesNotMatch(happened(row), /did:|do:/);
});
