import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { apiOf, untilGone, untilImages, untilPhase } from "./lib/api.ts";
import { launchBrowser, signedIn } from "./lib/browser.ts";
import { type Installation, startInstallation } from "./lib/installation.ts";
import { nothingLeft } from "./lib/leftovers.ts";
import { openKernel } from "./lib/notebook.ts";

// A colleague comes into the tenant, is let into a cluster, works in its notebook, and is out again.
let installation: Installation;
let browser: Browser;
let dana: Page;
let rhea: Page;
let jupyter: Page;
let cluster: string;
const address = (): string => `${installation.portal}/t/analytics/clusters/${cluster}`;

before(
  async () => {
    installation = await startInstallation("10.78.0.0/18");
    browser = await launchBrowser();
    const api = await apiOf(installation, "dana");
    await untilImages(api, "analytics");
    cluster = (await api.clusters.create.mutate({ tenant: "analytics", name: "together", workerCount: 0 })).id;
    await untilPhase(api, { tenant: "analytics", cluster }, "ready");
    dana = (await signedIn(browser, installation, "dana")).page;
  },
  { timeout: 700_000 },
);
after(async () => {
  await browser?.close();
  await installation?.stop();
  await installation?.remove();
});

test("the tenant's administrator maps a group, and its people are in; a cluster that nobody shared is not there", async () => {
  const tina = (await signedIn(browser, installation, "tina")).page;
  await tina.goto(`${installation.portal}/t/analytics/people`);
  await tina.getByRole("row", { name: /Dana Moreau.*Signed in/ }).waitFor();
  await tina.getByRole("button", { name: "Map a group" }).click();
  const dialog = tina.getByRole("dialog", { name: "Map a group" });
  await dialog.getByLabel("Group").fill("cn=research-members,ou=groups,dc=kindling,dc=demo");
  await dialog.getByRole("button", { name: "Map" }).click();
  await tina.getByRole("row", { name: /research-members.*Member/ }).waitFor();
  await tina.close();
  rhea = (await signedIn(browser, installation, "rhea")).page;
  assert.equal((await rhea.goto(`${installation.portal}/t/analytics`))?.status(), 200);
  await rhea.getByText("No clusters yet").waitFor();
  assert.equal((await rhea.goto(address()))?.status(), 404);
});

test("who may view it sees it, and is offered nothing that would be refused", async () => {
  await dana.goto(address());
  await dana.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = dana.getByRole("dialog", { name: "Share together" });
  await dialog.getByLabel("They may").selectOption("view");
  await dialog.getByLabel("People and groups").fill("rhea");
  await dialog.getByRole("button", { name: "Share with Rhea Castillo" }).click();
  await dialog.getByLabel("What Rhea Castillo may do").waitFor();
  await rhea.goto(address());
  await rhea.getByText("Dana Moreau lets you see this cluster.").waitFor();
  assert.equal(await rhea.getByRole("link", { name: /Open Jupyter/ }).count(), 0);
  for (const name of ["Stop", "Resize", "Delete", "Share"])
    assert.equal(await rhea.getByRole("button", { name, exact: true }).count(), 0, name);
});

test("who may use it gets the link at once, and works in the notebook", async () => {
  await dana.getByLabel("What Rhea Castillo may do").selectOption("use");
  const [opened] = await Promise.all([rhea.context().waitForEvent("page"), rhea.getByRole("link", { name: /Open Jupyter/ }).click()]);
  jupyter = opened;
  await jupyter.waitForURL(/\/lab/);
  await openKernel(jupyter);
});

test("whom it is taken from is out: the open notebook, the page, the address", async () => {
  await dana.getByRole("button", { name: "Remove Rhea Castillo" }).click();
  await dana.getByRole("button", { name: "Stop sharing" }).click();
  await jupyter.locator("body[data-closed]").waitFor({ state: "attached", timeout: 10_000 });
  assert.equal((await jupyter.reload())?.status(), 404);
  await rhea.getByText("This cluster was deleted, or is no longer shared with you").waitFor();
  assert.equal((await rhea.reload())?.status(), 404);
});

test("who is taken out of the tenant with a page of it open is told so, and goes home to another", async () => {
  await rhea.goto(`${installation.portal}/t/analytics/clusters`);
  await rhea.getByRole("heading", { name: "Clusters", exact: true }).waitFor();
  const api = await apiOf(installation, "tina");
  const mapping = (await api.tenants.mappings.query({ tenant: "analytics" })).find(({ group }) => group.startsWith("cn=research-members"));
  await api.tenants.removeMapping.mutate({ tenant: "analytics", id: mapping?.id ?? "" });
  await rhea.getByRole("heading", { name: "You are no longer in Analytics" }).waitFor();
  await rhea.getByRole("link", { name: "Go home" }).click();
  await rhea.waitForURL(/\/t\/research$/);
});

test("nothing of it is left", { timeout: 200_000 }, async () => {
  const api = await apiOf(installation, "dana");
  await api.clusters.delete.mutate({ tenant: "analytics", cluster, confirm: "together" });
  await untilGone(api, { tenant: "analytics", cluster });
  await nothingLeft(installation);
});
