import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { dirname } from "node:path";
import { after, before, test } from "node:test";
import { type Api, connect } from "../cli/client.ts";
import { pageScope } from "../server/portal/routes.ts";
import { apiOf, untilGone } from "./lib/api.ts";
import { type Installation, startInstallation } from "./lib/installation.ts";

// Every page there is, found among the files: as nobody, as somebody of another tenant, as a member where more is needed, with what has ended.
let installation: Installation;
let dana: Api;
let cluster = "";
const bearer = new Map<string, string>();

const folders = globSync("app/**/page.tsx")
  .map((file) => `/${dirname(file).replace(/^app\/?/, "")}`)
  .sort();
/** A page's address with things that exist, or with none that do. */
const address = (folder: string, real: boolean): string =>
  folder
    .replace("[tenant]", real ? "analytics" : "nowhere")
    .replace("[id]", real ? cluster : "cnothing1")
    .replace("[cluster]", real ? cluster : "cnothing1")
    .replace("[endpoint]", "terminal-1")
    .replace("[node]", real ? "kindling-1" : "kindling-999")
    .replace("[host]", real ? "this-host" : "no-host");

interface Page {
  status: number;
  location: string | null;
  text: string;
}

async function ask(path: string, token: string | undefined): Promise<Page> {
  const headers: Record<string, string> = { accept: "text/html", ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(installation.portal + path, { redirect: "manual", headers });
  return { status: answer.status, location: answer.headers.get("location"), text: await answer.text() };
}

/** What a person could tell one answer from another by: not the nonce, the time, or the address that they typed themselves. */
const told = ({ status, text }: Page, path: string): object => ({
  status,
  title: /<title>([^<]*)/.exec(text)?.[1],
  says: [...text.replaceAll(/<script[\s\S]*?<\/script>/g, "").matchAll(/>([^<]+)</g)]
    .map(([, words = ""]) => words.replaceAll(path, "…"))
    .join(" "),
});

async function tokenOf(username: string): Promise<string> {
  const asked = { username, password: installation.passwords[username] ?? "", name: `pages-${bearer.size}`, days: 1 };
  return (await connect(installation.portal, null).auth.token.mutate(asked)).secret;
}

before(
  async () => {
    installation = await startInstallation("10.76.0.0/18");
    dana = await apiOf(installation, "dana");
    ({ id: cluster } = await dana.clusters.create.mutate({ tenant: "analytics", name: "secretive", type: "utility", workerCount: 0 }));
    for (const person of ["dana", "rhea", "sam"]) bearer.set(person, await tokenOf(person));
    const secret = await tokenOf("sam");
    const ended = connect(installation.portal, secret);
    const own = (await ended.me.tokens.query()).find(({ name }) => name === `pages-${bearer.size}`);
    assert.ok(own);
    await ended.me.revokeToken.mutate({ id: own.id });
    bearer.set("ended", secret);
  },
  { timeout: 180_000 },
);
after(async () => {
  if (dana && cluster) {
    await dana.clusters.delete.mutate({ tenant: "analytics", cluster, confirm: "secretive" }).catch(() => undefined);
    await untilGone(dana, { tenant: "analytics", cluster }).catch(() => undefined);
  }
  await installation?.stop();
  await installation?.remove();
});

test("every page leads whoever is not signed in, or no longer, to the sign-in and shows nothing", { timeout: 300_000 }, async () => {
  assert.ok(folders.length > 25);
  for (const folder of folders.filter((one) => pageScope(one) !== "public"))
    for (const token of [undefined, bearer.get("ended"), `kdl_${"A".repeat(43)}`]) {
      const path = address(folder, true);
      const page = await ask(path, token);
      assert.ok(
        page.status === 307 || page.status === 302 || (page.status === 200 && page.text.includes("/sign-in?next=")),
        `${path}: ${page.status}`,
      );
      assert.doesNotMatch(page.text + (page.location ?? "").replace(encodeURIComponent(path), ""), /secretive|Analytics/, path);
    }
});

test("another tenant's pages look as those of none, and the site's as if there were none", { timeout: 300_000 }, async () => {
  const rhea = bearer.get("rhea");
  for (const folder of folders.filter((one) => !["public"].includes(pageScope(one) ?? "") && one !== "/" && one !== "/me")) {
    const [real, none] = [address(folder, true), address(folder, false)];
    const page = await ask(real, rhea);
    assert.equal(page.status, 404, real);
    assert.doesNotMatch(page.text, /secretive/, real);
    assert.deepEqual(told(page, real), told(await ask(none, rhea), none), real);
  }
});

test("a member finds no page of the tenant's or the site's administrators", { timeout: 300_000 }, async () => {
  for (const folder of folders.filter((one) => ["site", "tenant-admin"].includes(pageScope(one) ?? "")))
    assert.equal((await ask(address(folder, true), bearer.get("dana"))).status, 404, folder);
});

test("those whose pages they are see them", { timeout: 300_000 }, async () => {
  for (const folder of folders.filter((one) => /^\/t\/|^\/me$/.test(one) && !one.includes("[node]") && pageScope(one) !== "tenant-admin"))
    assert.equal((await ask(address(folder, true), bearer.get("dana"))).status, 200, folder);
  for (const folder of folders.filter((one) => one.startsWith("/site") && !one.includes("[")))
    assert.equal((await ask(address(folder, true), bearer.get("sam"))).status, 200, folder);
});
