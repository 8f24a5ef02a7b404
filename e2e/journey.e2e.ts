import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import Docker from "dockerode";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { label } from "../agents/protocol/labels.ts";
import { launchBrowser, signedIn, submitSignIn } from "./lib/browser.ts";
import { crawl } from "./lib/crawl.ts";
import { type Installation, startInstallation } from "./lib/installation.ts";
import { walkByKeyboard } from "./lib/keyboard.ts";
import { nothingLeft, oneDiskLeft } from "./lib/leftovers.ts";
import { readNotebook, runAll, writeFile } from "./lib/notebook.ts";
import { eventually } from "./lib/wait.ts";
import { takeShots, views } from "./shots.ts";

// One person's first day, in order: each test goes on where the one before it ended.
let installation: Installation;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let jupyter: Page;
let clusterId = "";
const docker = new Docker();

const cluster = (): string => `${installation.portal}/t/analytics/clusters/${clusterId}`;
/** Waits for the state beside the cluster's name; the nodes below have states of their own. */
const state = (word: string, timeout = 180_000): Promise<void> =>
  page
    .locator("header", { has: page.getByRole("heading", { level: 1 }) })
    .getByText(word, { exact: true })
    .waitFor({ timeout });

/** Name → address, as the table of nodes shows them. */
async function nodeAddresses(): Promise<Record<string, string>> {
  await page.goto(cluster());
  const rows = await page.getByRole("row").filter({ hasText: ".bdlocal" }).allInnerTexts();
  return Object.fromEntries(rows.map((row) => [/[\w-]+\.bdlocal/.exec(row)?.[0] ?? "", /\d+\.\d+\.\d+\.\d+/.exec(row)?.[0] ?? ""]));
}

before(
  async () => {
    [installation, browser] = await Promise.all([startInstallation("10.71.0.0/18"), launchBrowser()]);
  },
  { timeout: 120_000 },
);
after(async () => {
  await browser?.close();
  await installation?.stop();
  await installation?.remove();
});

test("a wrong password and an unknown name are refused in the same words, an empty password at once", async () => {
  const anonymous = await browser.newPage();
  await anonymous.goto(`${installation.portal}/sign-in`);
  for (const [username, password] of [
    ["dana", "wrong"],
    ["nobody-here", "wrong"],
  ] as const) {
    await submitSignIn(anonymous, username, password);
    await anonymous.getByRole("alert").filter({ hasText: "The user name or the password is wrong." }).waitFor();
  }
  await submitSignIn(anonymous, "dana", "");
  await anonymous.getByText("Type your password.").waitFor();
  await anonymous.goto(`${installation.portal}/t/analytics`);
  assert.match(anonymous.url(), /\/sign-in/);
  await anonymous.close();
});

test("a data scientist signs in and is invited to create the first cluster", async () => {
  ({ context, page } = await signedIn(browser, installation, "dana"));
  assert.equal(new URL(page.url()).pathname, "/t/analytics");
  await page.goto(`${installation.portal}/sign-in?next=/me`);
  assert.equal(new URL(page.url()).pathname, "/me", "who is signed in is not asked again");
  assert.equal((await context.request.get(`${installation.portal}/api/auth/verify-request`)).status(), 404);
  await page.goto(`${installation.portal}/t/analytics`);
  await page
    .getByRole("link", { name: /Create .*cluster/i })
    .first()
    .waitFor();
});

test("a name is enough: Enter creates, and the timeline is there at once", async () => {
  // The image is built once, while people look around.
  await page.goto(`${installation.portal}/t/analytics/clusters/new`);
  await page.getByText("Fits now").waitFor();
  await page.getByLabel("Cluster name").fill("Not A Name");
  await page.keyboard.press("Enter");
  await page.getByText("Use lower-case letters").first().waitFor();
  await page.getByLabel("Cluster name").fill("flights");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/clusters\/c[a-z0-9]+$/);
  clusterId = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await page.getByText("Spark master", { exact: true }).first().waitFor();
});

test("Jupyter may be opened early and opens itself", { timeout: 600_000 }, async () => {
  const opening = context.waitForEvent("page");
  await page.getByRole("link", { name: /Open Jupyter/ }).click();
  jupyter = await opening;
  jupyter.setDefaultTimeout(60_000);
  await state("Ready", 500_000);
  await jupyter.waitForURL(/^http:\/\/jupyter-[^/]+\/lab/, { timeout: 60_000 });
});

test("the page lists the nodes with names, addresses and services", async () => {
  const nodes = await nodeAddresses();
  assert.deepEqual(nodes, { "kindling-1.bdlocal": "10.71.0.2", "kindling-2.bdlocal": "10.71.0.3" });
  await page.getByText("Spark master, Spark worker, Jupyter").waitFor();
  await page.getByText("spark://kindling-1.bdlocal:7077").waitFor();
});

test("everything is reached and left by keyboard, and the focus is always seen", { timeout: 180_000 }, async () => {
  const keys = await context.newPage();
  assert.deepEqual(await walkByKeyboard(keys, installation.portal, "analytics", clusterId), []);
  await keys.close();
});

test("every page holds on a desk and on a phone: axe, sideways scroll, console, weight", { timeout: 600_000 }, async () => {
  // Opposite corners of the four combinations; `node e2e/shots.ts` takes all of them.
  const corners = views.filter(({ width, theme }) => width > 1000 === (theme === "light"));
  for (const [username, only] of [
    ["dana", ""],
    ["sam", "/site"],
  ] as const) {
    const password = installation.passwords[username] ?? "";
    const found = await takeShots(browser, {
      base: installation.portal,
      username,
      password,
      only,
      views: corners,
      pictures: { folder: `test-results/${username}`, of: "wrong" },
    });
    assert.ok(found.length >= 10, `only ${found.length} pages`);
    assert.deepEqual(
      found.filter(({ problems }) => problems.length > 0).map(({ name, problems }) => ({ name, problems })),
      [],
    );
  }
});

test("the sample notebook counts the flights on the executors and plots", { timeout: 400_000 }, async () => {
  await jupyter.goto(`${new URL(jupyter.url()).origin}/lab/tree/Flights.ipynb`);
  await jupyter.locator(".jp-Notebook").first().waitFor();
  const [count, where, airlines, plot] = await runAll(jupyter, "Flights.ipynb", 300_000);
  assert.equal(count?.text, "336776");
  const worked = [...(where?.text ?? "").matchAll(/'(kindling-\d+)[^']*', (\d+)/g)].map(([, node = "", flights = ""]) => ({
    node,
    flights: Number(flights),
  }));
  assert.equal(
    worked.reduce((sum, row) => sum + row.flights, 0),
    336_776,
  );
  assert.match(airlines?.text ?? "", /United Air Lines/);
  assert.equal(plot?.hasImage, true);
});

test("a second notebook makes progress beside the first, which still holds its application", { timeout: 200_000 }, async () => {
  const source = "spark.range(1000).selectExpr('sum(id)').first()[0]";
  const cell = { cell_type: "code", id: "one", source, metadata: {}, outputs: [], execution_count: null };
  const content = { cells: [cell], metadata: { kernelspec: { name: "pyspark", display_name: "PySpark" } }, nbformat: 4, nbformat_minor: 5 };
  await writeFile(jupyter, "Second.ipynb", { type: "notebook", format: "json", content });
  const second = await context.newPage();
  await second.goto(`${new URL(jupyter.url()).origin}/lab/tree/Second.ipynb`);
  await second.locator(".jp-Notebook").first().waitFor();
  const [result] = await runAll(second, "Second.ipynb");
  // Before its result a cell that had to wait says who held the cores.
  assert.match(result?.text ?? "", /(^|\n)499500$/);
  await second.close();
});

test("every link of Spark's pages works through the gateway and none leads to a private address", { timeout: 300_000 }, async () => {
  const spark = await context.newPage();
  await spark.goto(`${installation.portal}/go/${clusterId}/spark`);
  await spark.waitForURL(/^http:\/\/spark-/);
  const seen = await crawl(spark);
  await spark.close();
  assert.deepEqual(seen.broken, []);
  assert.deepEqual(seen.privateLinks, []);
  for (const part of ["/proxy/worker-", "/proxy/app-", "/SQL", "/executors", "/stages", "logPage"])
    assert.ok(
      seen.visited.some((path) => path.includes(part)),
      `no page with ${part} among ${seen.visited.length}: ${seen.visited.slice(0, 40).join(" ")}`,
    );
});

test("somebody of another tenant finds neither the cluster, its pages nor its notebook", async () => {
  const other = await signedIn(browser, installation, "rhea");
  for (const address of [cluster(), `${installation.portal}/t/analytics`, `${installation.portal}/go/${clusterId}/jupyter`]) {
    const answer = await other.page.goto(address);
    assert.equal(answer?.status(), 404, address);
    assert.doesNotMatch(await other.page.content(), /flights/);
  }
  // Straight to the notebook's own origin: the way in leads over the portal, which knows no such thing either.
  const straight = await other.page.goto(`${new URL(jupyter.url()).origin}/lab`);
  assert.equal(straight?.status(), 404);
  await other.context.close();
});

test("a worker's container that was removed by hand comes back with its name and address", { timeout: 200_000 }, async () => {
  const before = await nodeAddresses();
  const filters = { label: [`${label.installation}=${installation.id}`, `${label.role}=worker`] };
  const [worker] = await docker.listContainers({ filters });
  assert.ok(worker);
  await docker.getContainer(worker.Id).remove({ force: true });
  const back = await eventually(async () => (await docker.listContainers({ filters })).find((found) => found.Id !== worker.Id));
  assert.deepEqual(back.Names, worker.Names);
  await state("Ready");
  assert.deepEqual(await nodeAddresses(), before);
});

test("workers are added and removed while it runs", { timeout: 300_000 }, async () => {
  for (const [count, nodes] of [
    ["2", 3],
    ["1", 2],
  ] as const) {
    await page.goto(`${cluster()}/settings`);
    await page.getByRole("textbox", { name: "Workers" }).fill(count);
    await page.getByRole("region", { name: "Workers" }).getByRole("button", { name: "Resize", exact: true }).click();
    await page.getByText(`flights goes to ${count} worker`).first().waitFor();
    await page.goto(cluster());
    await page.getByText(`Showing 1 to ${nodes} of ${nodes}`).waitFor({ timeout: 120_000 });
    await state("Ready");
  }
});

test("Stop keeps addresses and /data, Start brings them back", { timeout: 300_000 }, async () => {
  const before = await nodeAddresses();
  await writeFile(jupyter, "kept.txt", { type: "file", format: "text", content: "still here" });
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Stop" }).click();
  await state("Stopped", 60_000);
  // The engine's list follows what it says of a single container, when it has written that down.
  const filters = { label: [`${label.installation}=${installation.id}`] };
  await eventually(async () => ((await docker.listContainers({ filters })).length === 0 ? true : undefined), 20);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await state("Ready");
  assert.deepEqual(await nodeAddresses(), before);
  await jupyter.goto(`${installation.portal}/go/${clusterId}/jupyter`);
  await jupyter.waitForURL(/^http:\/\/jupyter-[^/]+\/lab/);
  const kept = await jupyter.evaluate(async () => (await fetch("/api/contents/kept.txt")).json());
  assert.equal(kept.content, "still here");
  assert.equal((await readNotebook(jupyter, "Flights.ipynb"))[0]?.text, "336776");
});

test("Delete asks for the name, keeps /data where wished, and leaves nothing else", { timeout: 200_000 }, async () => {
  await page.goto(cluster());
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByText("Keep /data as a volume of the tenant").click();
  await dialog.getByLabel("Type flights to delete it").fill("flights");
  await dialog.getByRole("button", { name: "Delete" }).click();
  await page.waitForURL(/\/clusters$/);
  await oneDiskLeft(installation);
  await page.goto(`${installation.portal}/t/analytics/volumes`);
  await page.getByText("kindling-1").first().waitFor();
  await page
    .getByRole("button", { name: /Delete/ })
    .first()
    .click();
  const confirm = page.getByRole("alertdialog");
  await confirm.getByRole("textbox").fill("kindling-1");
  await confirm.getByRole("button", { name: /Delete/ }).click();
  await nothingLeft(installation);
});
