import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { type Api, connect } from "../cli/client.ts";
import {
  account,
  base,
  disabled,
  group,
  type Slapd,
  searchDn,
  searchPassword,
  startSlapd,
} from "../server/auth/directory/testing/slapd.ts";
import { localName } from "../server/auth/local-admin.ts";
import { createDb } from "../server/db.ts";
import { switchOff, switchOn } from "../server/platform/local-admin.ts";
import { apiOf, untilGone, untilImages } from "./lib/api.ts";
import { launchBrowser, signedIn } from "./lib/browser.ts";
import { type Installation, startInstallation } from "./lib/installation.ts";
import { nothingLeft } from "./lib/leftovers.ts";
import { openKernel } from "./lib/notebook.ts";

// A company puts its own directory behind Kindling and lets a department in: the first administrator, a tenant, its people, a limit that is reached
// and raised, and somebody who leaves. Each test goes on where the one before it ended.
const run = promisify(execFile);
const tenant = "data-science";
const passwordFile = `/var/tmp/kindling-e2e-people-${process.pid}`;
let slapd: Slapd;
let installation: Installation;
let browser: Browser;
let sam: Page;
let lena: Page;
let nina: Page;
let jupyter: Page;
let cluster = "";
let ninasApi: Api;
let ninasToken = "";
const at = (path: string): string => `${installation.portal}${path}`;

before(
  async () => {
    slapd = await startSlapd(
      [
        account("sam", "Sam Ortiz"),
        account("lena", "Lena Fischer"),
        account("nina", "Nina Okafor"),
        group("platform", "uid=sam,ou=people"),
        group("leads", "uid=lena,ou=people"),
        group("engineers", "uid=nina,ou=people"),
        group("science", "cn=engineers,ou=groups"),
      ].join("\n"),
    );
    await writeFile(passwordFile, searchPassword, { mode: 0o644 });
    const directory = {
      KINDLING_LDAP_URL: `ldap://127.0.0.1:${slapd.port}`,
      KINDLING_LDAP_STARTTLS: "0",
      KINDLING_LDAP_BASE: base,
      KINDLING_LDAP_BIND_DN: searchDn,
      KINDLING_LDAP_BIND_PASSWORD_FILE: passwordFile,
    };
    [installation, browser] = await Promise.all([startInstallation("10.77.0.0/18", directory), launchBrowser()]);
    for (const name of ["sam", "lena", "nina"]) installation.passwords[name] = `pass-${name}`;
  },
  { timeout: 180_000 },
);
after(async () => {
  await browser?.close();
  await installation?.stop();
  await installation?.remove();
  await slapd?.remove();
  await rm(passwordFile, { force: true });
});

async function mapGroup(page: Page, name: string, role: string, of: string | null): Promise<void> {
  await page.goto(at("/site/directory"));
  await page.getByRole("button", { name: "Map a group" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Map a group" });
  await dialog.getByLabel("Group").fill(`cn=${name},ou=groups,${base}`);
  await dialog.getByLabel("Role").selectOption({ label: role });
  if (of !== null) await dialog.getByLabel("Tenant").selectOption({ label: of });
  await dialog.getByRole("button", { name: "Map", exact: true }).click();
  await page.getByRole("row", { name: new RegExp(`${name}.*${role}`) }).waitFor();
}

test("root lets the first administrator in, by a group of the directory", async () => {
  const db = createDb(`postgresql://kindling@localhost/kindling?host=${encodeURIComponent(join(installation.run, "postgres"))}`, 1);
  try {
    installation.passwords[localName] = (await switchOn(db, { who: "root", minutes: 5, now: new Date() })).password;
    const root = await signedIn(browser, installation, localName);
    await mapGroup(root.page, "platform", "Site administrator", null);
    await root.context.close();
    await switchOff(db, { who: "root", now: new Date() });
  } finally {
    await db.$disconnect();
  }
  sam = (await signedIn(browser, installation, "sam")).page;
});

test("a site administrator makes a tenant, maps groups to it and sets what each person may use", async () => {
  await sam.goto(at("/site/tenants"));
  await sam.getByRole("button", { name: "New tenant" }).first().click();
  const dialog = sam.getByRole("dialog", { name: "New tenant" });
  await dialog.getByLabel("Name", { exact: true }).fill("Data Science");
  await dialog.getByRole("group", { name: "The tenant may use" }).getByLabel("Clusters").fill("5");
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await sam.waitForURL(at(`/site/tenants/${tenant}`));
  await mapGroup(sam, "leads", "Tenant administrator", "Data Science");
  await mapGroup(sam, "science", "Member", "Data Science");
  await sam.goto(at(`/site/tenants/${tenant}/settings`));
  await sam.getByRole("group", { name: "Each person may use" }).getByLabel("Clusters").fill("1");
  await sam.getByRole("button", { name: "Save" }).click();
  await sam.getByText("Data Science is set").waitFor();
});

test("a person of the group signs in, creates a cluster and works in its notebook", { timeout: 700_000 }, async () => {
  nina = (await signedIn(browser, installation, "nina")).page;
  assert.equal(new URL(nina.url()).pathname, `/t/${tenant}`);
  const made = { username: "nina", password: "pass-nina", name: "script", days: 1 };
  ninasToken = (await connect(installation.portal, null).auth.token.mutate(made)).secret;
  ninasApi = connect(installation.portal, ninasToken);
  await untilImages(ninasApi, tenant);
  await nina.goto(at(`/t/${tenant}/clusters/new`));
  await nina.getByText("Fits now").waitFor();
  await nina.getByLabel("Cluster name").fill("first");
  await nina.getByRole("textbox", { name: "Workers" }).fill("0");
  await nina.getByRole("button", { name: "Create cluster" }).click();
  await nina.waitForURL(/\/clusters\/c[a-z0-9]+$/);
  cluster = new URL(nina.url()).pathname.split("/").at(-1) ?? "";
  const [opened] = await Promise.all([nina.context().waitForEvent("page"), nina.getByRole("link", { name: /Open Jupyter/ }).click()]);
  jupyter = opened;
  await jupyter.waitForURL(/^http:\/\/jupyter-[^/]+\/lab/, { timeout: 180_000 });
  await openKernel(jupyter);
});

const whose = /You may use 1 cluster in Data Science; 1 is taken and this needs 1 cluster\./;
const next = /Delete a cluster, or ask an administrator of the tenant for more\./;

test("the limit is seen before the click and told after it: whose it is, and what next", async () => {
  await nina.goto(at(`/t/${tenant}/clusters/new`));
  await nina.getByText("Does not fit now").waitFor();
  await nina.getByLabel("Cluster name").fill("second");
  await nina.getByRole("status").filter({ hasText: whose }).filter({ hasText: next }).waitFor();
  await nina.getByRole("button", { name: "Create cluster" }).click();
  const refused = nina.getByRole("alert").filter({ hasText: "It was not created" });
  await refused.filter({ hasText: whose }).filter({ hasText: next }).waitFor();
});

test("the tenant's administrator raises it on the page, and the form that is still open fits", async () => {
  lena = (await signedIn(browser, installation, "lena")).page;
  await lena.goto(at(`/t/${tenant}/quotas`));
  await lena.getByRole("row", { name: /Nina Okafor.*1 of 1/ }).waitFor();
  await lena.getByRole("button", { name: "Limits of Nina Okafor" }).click();
  const dialog = lena.getByRole("dialog", { name: "Limits of Nina Okafor" });
  await dialog.getByRole("radio", { name: "Limits of their own" }).click();
  await dialog.getByRole("group", { name: "Nina Okafor may use" }).getByLabel("Clusters").fill("2");
  await dialog.getByRole("button", { name: "Save" }).click();
  await lena.getByRole("row", { name: /Nina Okafor.*1 of 2/ }).waitFor();
  await nina.getByText("Fits now").waitFor();
  await nina.getByRole("button", { name: "Create cluster" }).click();
  await nina.waitForURL(/\/clusters\/c[a-z0-9]+$/);
  const second = new URL(nina.url()).pathname.split("/").at(-1) ?? "";
  await ninasApi.clusters.delete.mutate({ tenant, cluster: second, confirm: "second" });
});

test("who is disabled in the directory is out within a minute: page, notebook, token, password", { timeout: 120_000 }, async () => {
  await nina.goto(at(`/t/${tenant}/clusters/${cluster}`));
  await nina.getByRole("link", { name: /Open Jupyter/ }).waitFor();
  assert.equal(await jupyter.locator("body[data-closed]").count(), 0);
  await slapd.modify(disabled("nina"));
  const timeout = 60_000;
  await Promise.all([
    nina.waitForURL(/\/sign-in/, { timeout }),
    jupyter.locator("body[data-closed]").waitFor({ state: "attached", timeout }),
  ]);
  await jupyter.reload();
  await jupyter.waitForURL((url) => url.href.startsWith(at("/sign-in")));
  const shown = await fetch(at(`/t/${tenant}`), { headers: { authorization: `Bearer ${ninasToken}` }, redirect: "manual" });
  assert.doesNotMatch(await shown.text(), /Data Science/);
  await assert.rejects(ninasApi.clusters.list.query({ tenant }), /token|sign in/i);
  await nina.getByLabel("User name").fill("nina");
  await nina.getByLabel("Password", { exact: true }).fill("pass-nina");
  await nina.keyboard.press("Enter");
  await nina.getByRole("alert").filter({ hasText: "The user name or the password is wrong." }).waitFor();
});

test("the audit page tells the story of the tenant in order, and the chain holds", async () => {
  await sam.goto(at("/site/audit"));
  await sam.getByLabel("Tenant").selectOption({ label: "Data Science" });
  await sam.getByRole("button", { name: "Filter" }).click();
  await sam.waitForURL(new RegExp(`tenant=${tenant}`));
  const rows = sam.getByRole("table", { name: "Audit" }).locator("tbody tr");
  const told = (await rows.allInnerTexts()).map((row) => row.replaceAll(/\s+/g, " ")).reverse();
  let from = 0;
  for (const part of [
    /Sam Ortiz Create tenant Data Science/,
    /Sam Ortiz Map group leads/,
    /Sam Ortiz Map group science/,
    /Sam Ortiz Change tenant Data Science.*no limit.*1/,
    /Nina Okafor Create cluster first.*Done/,
    /Nina Okafor Open a service of first.*Done/,
    /Nina Okafor Create cluster second.*You may use 1 cluster.*Refused/,
    /Lena Fischer Change the limits of Nina Okafor.*1.*2/,
    /Nina Okafor Create cluster second.*Done/,
    /Nina Okafor with a token Delete cluster second.*Done/,
    /The directory Bar nina disabled in the directory/,
  ]) {
    const found = told.findIndex((row, index) => index >= from && part.test(row));
    assert.notEqual(found, -1, `${part} is not after line ${from} of\n${told.join("\n")}`);
    from = found + 1;
  }
  const { secret } = await connect(installation.portal, null).auth.token.mutate({
    username: "sam",
    password: "pass-sam",
    name: "verify",
    days: 1,
  });
  const env = { ...process.env, HOME: installation.home, KINDLING_URL: installation.portal, KINDLING_TOKEN: secret };
  const program = join(import.meta.dirname, "..", "cli", "kindling.mjs");
  assert.match((await run(process.execPath, [program, "audit", "verify"], { env })).stdout, /fit/);
});

test("nothing of it is left", { timeout: 200_000 }, async () => {
  const api = await apiOf(installation, "lena");
  await api.clusters.delete.mutate({ tenant, cluster, confirm: "first" });
  await untilGone(api, { tenant, cluster });
  await nothingLeft(installation);
});
