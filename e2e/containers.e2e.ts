import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import Docker from "dockerode";
import type { Browser, Page } from "playwright-core";
import { label } from "../agents/protocol/labels.ts";
import { apiOf, untilGone, untilImages, untilPhase } from "./lib/api.ts";
import { launchBrowser, signedIn } from "./lib/browser.ts";
import { type Installation, startInstallation } from "./lib/installation.ts";
import { nothingLeft } from "./lib/leftovers.ts";
import { eventually } from "./lib/wait.ts";

// What a department's containers may do, from the site's administrator to a container that somebody altered on the machine itself.
const docker = new Docker();
let installation: Installation;
let browser: Browser;
let sam: Page;
let dana: Page;
let terminal: Page;
let cluster: string;

before(
  async () => {
    installation = await startInstallation("10.75.0.0/18");
    browser = await launchBrowser();
    sam = (await signedIn(browser, installation, "sam")).page;
    dana = (await signedIn(browser, installation, "dana")).page;
    await untilImages(await apiOf(installation, "dana"), "analytics");
  },
  { timeout: 700_000 },
);
after(async () => {
  await browser?.close();
  await installation?.stop();
  await installation?.remove();
});

async function containerOf(clusterId: string): Promise<Docker.Container> {
  const filters = { label: [`${label.cluster}=${clusterId}`, `${label.installation}=${installation.id}`] };
  const [found] = await docker.listContainers({ filters });
  assert.ok(found);
  return docker.getContainer(found.Id);
}

test("who gives a host back by keyboard goes on from there: the button that goes hands the focus on", { timeout: 120_000 }, async () => {
  const [host] = await (await apiOf(installation, "sam")).hosts.list.query();
  await sam.goto(`${installation.portal}/site/hosts/${host?.name}`);
  const [cordon, activate] = [sam.getByRole("button", { name: "Cordon" }), sam.getByRole("button", { name: "Activate" })];
  await cordon.press("Enter");
  await activate.press("Enter");
  await activate.waitFor({ state: "detached" });
  assert.equal(await cordon.evaluate((button) => button === document.activeElement), true);
});

test("an administrator gives a tenant another set; only then its people can choose", { timeout: 200_000 }, async () => {
  await dana.goto(`${installation.portal}/t/analytics/clusters/new`);
  await dana.getByRole("button", { name: "Create cluster" }).waitFor();
  assert.equal(await dana.getByText("What its containers may do").count(), 0, "there is nothing to choose");
  await sam.goto(`${installation.portal}/site/tenants/analytics/settings`);
  await sam.getByRole("checkbox", { name: "Tools" }).click();
  await sam.getByRole("button", { name: "Save" }).click();
  await sam.getByText("Analytics is set").waitFor();
  await dana.reload();
  await dana.getByRole("radio", { name: /Utility/ }).click();
  await dana.getByRole("radio", { name: /^Tools/ }).click();
  // Said before the click: what it gets, and what not.
  await dana.getByText(/capabilities, with sudo/).waitFor();
  await dana.getByText(/Not given: Tools does not grant .*SYS_RESOURCE/).waitFor();
  await dana.getByLabel("Cluster name").fill("tooling");
  await dana.getByRole("button", { name: "Create cluster" }).click();
  await dana.waitForURL(/\/clusters\/c\w+$/);
  cluster = new URL(dana.url()).pathname.split("/").at(-1) ?? "";
  await untilPhase(await apiOf(installation, "dana"), { tenant: "analytics", cluster }, "ready");
  await dana.getByText("compared with what was approved: all as approved").waitFor();
});

/** Types a line into the terminal and waits for what it shows. */
async function told(line: string, expected: RegExp): Promise<void> {
  await terminal.locator(".xterm-helper-textarea").focus();
  await terminal.keyboard.type(`${line}\n`);
  await terminal.locator(".xterm-rows").getByText(expected).first().waitFor();
}

test("a terminal opens in a tab of its own, with a shell of the node's ordinary user", { timeout: 200_000 }, async () => {
  const link = dana.getByRole("link", { name: /Open a terminal/ });
  [terminal] = await Promise.all([dana.context().waitForEvent("page"), link.click()]);
  await terminal.waitForURL(/^http:\/\/terminal-\d+-[a-z0-9]+\./);
  await terminal.locator(".xterm-rows").getByText("spark@").first().waitFor();
  await told('echo "I am $(id -u) in $PWD"', /I am 1000 in \/data\/home/);
  // The window's size reaches the node's programs.
  const rows = terminal.locator(".xterm-rows > div");
  const before = await rows.count();
  await terminal.setViewportSize({ width: 700, height: 400 });
  const after = await eventually(async () => ((await rows.count()) < before ? rows.count() : undefined));
  // The engine sets it while typing goes on.
  await told(`until stty size | grep "^${after} "; do sleep 0.1; done; echo rows-$(stty size)`, new RegExp(`rows-${after} \\d+`));
  await told("sudo id -un", /root/);
  assert.match(await terminal.title(), /^kindling-\d+ · tooling$/);
});

test("a container that is altered by hand is an alarm on every page that shows it", { timeout: 200_000 }, async () => {
  const more = 6 * 1024 * 1_048_576;
  await (await containerOf(cluster)).update({ Memory: more, MemorySwap: more });
  await dana.getByText(/is not as it was approved/).waitFor({ timeout: 60_000 });
  await dana.getByText(/memory: approved \d+ MB, now 6144 MB/).waitFor();
  await sam.goto(`${installation.portal}/site`);
  const alarm = sam.getByRole("link", { name: /Container of .* in tooling of Analytics/ });
  await alarm.waitFor();
  await sam.goto(`${installation.portal}/site/audit`);
  const said = sam.getByRole("row", { name: /Found altered a container of/ });
  await said.first().waitFor();
  assert.equal(await said.count(), 1, "said once");
});

test("the attestation says what was approved and what the engine answers", { timeout: 200_000 }, async () => {
  const [file] = await Promise.all([dana.waitForEvent("download"), dana.getByRole("button", { name: "Attestation" }).click()]);
  assert.match(file.suggestedFilename(), /^attestation-cluster-tooling-of-analytics-.*\.json$/);
  const view = JSON.parse(await readFile(await file.path(), "utf8"));
  assert.deepEqual(view.containers, { compared: 1, asApproved: 0, differing: 1, notCompared: 0 });
  await dana.getByText(/Attestation: 1 container, 1 not as approved/).waitFor();
});

test("its next start makes it anew, as approved", { timeout: 300_000 }, async () => {
  const api = await apiOf(installation, "dana");
  const ref = { tenant: "analytics", cluster };
  await api.clusters.stop.mutate(ref);
  await untilPhase(api, ref, "stopped");
  await terminal.getByText(/has stopped, and the shell with it/).waitFor();
  await api.clusters.start.mutate(ref);
  await untilPhase(api, ref, "ready");
  await terminal.getByRole("button", { name: "Connect again" }).click();
  await told("echo back-$((6*7))", /back-42/);
  await dana.getByText("compared with what was approved: all as approved").waitFor();
  assert.equal((await api.clusters.attestation.query(ref)).containers.asApproved, 1);
  await api.clusters.delete.mutate({ ...ref, confirm: "tooling" });
  await untilGone(api, ref);
  await nothingLeft(installation);
});
