import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import superjson from "superjson";
import { proceduresOf } from "../api/testing/procedures.ts";
import { declaredRoutes } from "./routes.ts";
import { type Stand, startStand } from "./testing/stand.ts";

interface Said {
  status: number;
  text: string;
}

describe("every address of the portal, with what no longer counts", () => {
  let stand: Stand;
  let cluster: string;
  const dead = new Map<string, Record<string, string>>();
  before(async () => {
    stand = await startStand();
    const { db } = stand;
    cluster = (await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "flights" })).id;
    const past = new Date(Date.now() - 1000);
    const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
    const origin = `http://${new URL(stand.url).host}`;
    const session = async (change: { revokedAt?: Date; expiresAt?: Date; lastSeenAt?: Date }) => {
      const { id, cookie } = await stand.session("sam");
      await db.session.update({ where: { id }, data: change });
      return { cookie, origin };
    };
    const token = async (change: { revokedAt?: Date; expiresAt?: Date }) => {
      const secret = await stand.token("sam");
      const { id } = await db.token.findFirstOrThrow({ where: { userId: "usam" }, orderBy: { createdAt: "desc" } });
      await db.token.update({ where: { id }, data: change });
      return bearer(secret);
    };
    dead.set("nothing", {});
    dead.set("an expired token", await token({ expiresAt: past }));
    dead.set("a revoked token", await token({ revokedAt: past }));
    dead.set("a token that never was", bearer(`kdl_${"A".repeat(43)}`));
    dead.set("an expired session", await session({ expiresAt: past }));
    dead.set("a session that was left for long", await session({ lastSeenAt: new Date(Date.now() - 3 * 3600_000) }));
    dead.set("a revoked session", await session({ revokedAt: past }));
    // Tina is barred below, with everything that she had.
    dead.set("the token of somebody who was disabled", bearer(await stand.token("tina")));
    dead.set("the session of somebody who was disabled", { cookie: (await stand.session("tina")).cookie, origin });
    await db.user.update({ where: { id: "utina" }, data: { barredAt: past, barredFor: "disabled" } });
  });
  after(() => stand.stop());

  const ask = async (path: string, init: RequestInit): Promise<Said> => {
    const answer = await fetch(stand.url + path, init);
    return { status: answer.status, text: await answer.text() };
  };
  const input = () => ({
    tenant: "analytics",
    cluster,
    clusterId: cluster,
    endpoint: "jupyter",
    nonceHash: "0".repeat(64),
    name: "mine",
    days: 1,
  });

  for (const { path, kind, scope } of proceduresOf().filter(({ scope: one, kind: how }) => one !== "public" && how !== "subscription"))
    it(`${path} (${scope}) is nothing for any of it`, async () => {
      const sent = JSON.stringify(superjson.serialize(input()));
      const answers = new Set<string>();
      for (const [what, headers] of dead) {
        const { status, text } =
          kind === "mutation"
            ? await ask(`/api/trpc/${path}`, { method: "POST", body: sent, headers: { "content-type": "application/json", ...headers } })
            : await ask(`/api/trpc/${path}?input=${encodeURIComponent(sent)}`, { headers });
        assert.equal(status, 401, `${what}: ${text}`);
        answers.add(text);
      }
      assert.equal(answers.size, 1, "all are told the same");
      assert.doesNotMatch([...answers].join(), /flights/);
    });

  it("a change is not made by looking: no procedure that changes something answers a GET", async () => {
    const headers = { authorization: `Bearer ${await stand.token("sam")}` };
    const sent = encodeURIComponent(JSON.stringify(superjson.serialize(input())));
    for (const { path } of proceduresOf().filter(({ kind }) => kind === "mutation"))
      assert.equal((await ask(`/api/trpc/${path}?input=${sent}`, { headers })).status, 405, path);
    for (const method of ["PUT", "PATCH", "DELETE"])
      assert.ok((await ask("/api/trpc/clusters.delete", { method, body: "{}", headers })).status >= 400, method);
  });

  it("a change from another site's page is refused, whatever it is", async () => {
    const { cookie } = await stand.session("sam");
    for (const { path } of proceduresOf().filter(({ kind }) => kind === "mutation"))
      for (const origin of ["https://evil.example", "null", "http://jupyter-c1.localhost:3001"])
        assert.equal(
          (await ask(`/api/trpc/${path}`, { method: "POST", body: "{}", headers: { "content-type": "text/plain", cookie, origin } }))
            .status,
          403,
          path,
        );
  });

  for (const { path, scope } of declaredRoutes.filter((one) => one.scope !== "public"))
    it(`${path} (${scope}) is nothing for any of it, nor for people whose business it is not`, async () => {
      const real = path.replace(":cluster", cluster).replace(":tenant", "analytics");
      const other = path.replace(":cluster", "cnothing1").replace(":tenant", "nowhere");
      for (const [what, headers] of dead) assert.equal((await ask(real, { headers })).status, 401, what);
      const rhea = { authorization: `Bearer ${await stand.token("rhea")}` };
      const foreign = await ask(real, { headers: rhea });
      assert.equal(foreign.status, 404);
      assert.deepEqual(foreign, await ask(other, { headers: rhea }), "there is no telling whether it exists");
      for (const method of ["POST", "PUT", "DELETE"]) assert.ok((await ask(real, { method, headers: rhea })).status >= 400, method);
    });
});
