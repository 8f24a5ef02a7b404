import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { hashSecret, randomSecret } from "../secrets.ts";
import { signIn } from "./testing/seed.ts";
import { type Answer, type Ask, asPage, gatewayStand, type Stand } from "./testing/stand.ts";

/** Every kind of address that a service's or a terminal's origin has: the gateway's own, and what it passes on. */
const routes: readonly (readonly [string, Ask])[] = [
  ["its start", { path: "/.kindling/start", headers: asPage }],
  ["its running application", { path: "/.kindling/application", headers: asPage }],
  ["the end of a handover", { path: "/.kindling/enter", headers: asPage }],
  ["an own page that does not exist", { path: "/.kindling/other", headers: asPage }],
  ["its root", { path: "/", headers: asPage }],
  ["a page", { path: "/lab", headers: asPage }],
  ["a terminal's script", { path: "/terminal.js", headers: { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" } }],
  ["a terminal's state", { path: "/state", headers: { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" } }],
  ["data", { path: "/api/contents", headers: { "sec-fetch-site": "same-origin", "sec-fetch-mode": "cors" } }],
  ["a change", { method: "POST", path: "/api/kernels", body: "{}" }],
  ["a deletion", { method: "DELETE", path: "/api/contents/a.ipynb" }],
];

const plain = ({ status, headers, body }: Answer, host: string): object => ({
  status,
  location: headers.location?.replace(/n=[0-9a-f]+/, "n=").replaceAll(host.split(".")[0]?.split("-").at(-1) ?? "", "<cluster>") ?? null,
  body,
});

describe("every address of a service", () => {
  let stand: Stand;
  let reached = 0;
  before(async () => {
    stand = await gatewayStand((request, response) => {
      reached += 1;
      request.resume();
      response.end("secret of the service");
    });
    stand.sockets.on("connection", () => {
      reached += 1;
    });
  });
  after(() => stand.close());

  /** The cookie of a gateway session that was opened rightly or not, for what a person might get hold of. */
  async function holding(userId: string, endpoint: string, change: { expiresAt?: Date; endpoint?: string; clusterId?: string } = {}) {
    const secret = randomSecret();
    const sessionId = await signIn(stand.db, userId, stand.clock.now);
    const row = { sessionId, clusterId: stand.clusterId, endpoint, expiresAt: new Date(stand.clock.now.getTime() + 3600_000) };
    await stand.db.gatewaySession.create({ data: { hash: hashSecret(secret), ...row, ...change } });
    return { cookie: `kindling-session=${secret}`, sessionId };
  }
  const past = (): Date => new Date(stand.clock.now.getTime() - 1000);

  const people: Record<string, (endpoint: string) => Promise<string>> = {
    nobody: async () => "",
    "a made-up cookie": async () => `kindling-session=${randomSecret()}`,
    "a member of another tenant": async (endpoint) => (await holding("ueve", endpoint)).cookie,
    "an expired login": async (endpoint) => (await holding("uann", endpoint, { expiresAt: past() })).cookie,
    "a login for another service": async (endpoint) =>
      (await holding("uann", endpoint, { endpoint: endpoint === "spark" ? "jupyter" : "spark" })).cookie,
    "a login for another cluster": async (endpoint) => (await holding("uann", endpoint, { clusterId: "cother1" })).cookie,
    "a login whose portal session was revoked": async (endpoint) => {
      const { cookie, sessionId } = await holding("uann", endpoint);
      await stand.db.session.update({ where: { id: sessionId }, data: { revokedAt: past() } });
      return cookie;
    },
  };

  for (const endpoint of ["jupyter", "spark", "terminal-1"])
    for (const [who, cookieOf] of Object.entries(people))
      for (const [what, asked] of routes)
        it(`${endpoint}: ${what} is nothing for ${who}, and looks as where there is no cluster`, async () => {
          const before = reached;
          const cookie = await cookieOf(endpoint);
          const as = (cluster: string): Promise<Answer> => {
            const origin: Record<string, string> = asked.method ? { origin: stand.origin(endpoint, cluster) } : {};
            return stand.go(endpoint, { ...asked, headers: { ...asked.headers, ...origin, ...(cookie ? { cookie } : {}) } }, cluster);
          };
          const answer = await as(stand.clusterId);
          assert.equal(reached, before, "the service heard of it");
          assert.doesNotMatch(
            answer.body + JSON.stringify(answer.headers),
            /secret of the service|kindling-1|flights(?!\/jupyter|\/spark|\/terminal-1)/,
          );
          assert.ok([302, 401, 403, 404].includes(answer.status), String(answer.status));
          if (who === "a member of another tenant") return;
          // Whoever is not signed in there cannot tell a cluster from none.
          assert.deepEqual(plain(answer, stand.hostOf(endpoint)), plain(await as("cnothing1"), stand.hostOf(endpoint, "cnothing1")));
        });

  describe("with what was theirs", () => {
    /** Answers of every address for somebody who could use it until now. */
    const refusedTo = async (cookie: string, allowed: readonly number[], endpoint = "jupyter"): Promise<void> => {
      const before = reached;
      for (const [what, asked] of routes.filter(([name]) => !/own page|handover/.test(name))) {
        const origin: Record<string, string> = asked.method ? { origin: stand.origin(endpoint) } : {};
        const { status, body } = await stand.go(endpoint, { ...asked, headers: { ...asked.headers, ...origin, cookie } });
        assert.ok(allowed.includes(status), `${what}: ${status} ${body}`);
      }
      assert.equal(reached, before, "the service heard of it");
    };
    it("a member without a right to the notebook is told that there is none", async () =>
      refusedTo((await holding("ubob", "jupyter")).cookie, [404]));
    for (const [who, userId] of [
      ["a member without a right to the notebook", "ubob"],
      ["an administrator with whom it is not shared", "uadm"],
    ] as const)
      it(`${who} is told that there is no terminal`, async () =>
        refusedTo((await holding(userId, "terminal-1")).cookie, [404], "terminal-1"));
    it("a terminal of a node that the cluster does not have is none, also to the owner", async () =>
      refusedTo((await holding("uann", "terminal-2")).cookie, [404], "terminal-2"));
    it("a member of a suspended tenant is refused, with the reason", async () => {
      const { cookie } = await holding("uann", "jupyter");
      await stand.db.tenant.update({ where: { slug: "acme" }, data: { state: "suspended", stateReason: "unpaid" } });
      try {
        await refusedTo(cookie, [403]);
        await refusedTo((await holding("uann", "terminal-1")).cookie, [403], "terminal-1");
      } finally {
        await stand.db.tenant.update({ where: { slug: "acme" }, data: { state: "active", stateReason: null } });
      }
    });
    it("somebody who was disabled is signed out", async () => {
      const { cookie } = await holding("uann", "jupyter");
      await stand.db.user.update({ where: { id: "uann" }, data: { barredAt: stand.clock.now, barredFor: "disabled" } });
      try {
        await refusedTo(cookie, [302, 401]);
      } finally {
        await stand.db.user.update({ where: { id: "uann" }, data: { barredAt: null, barredFor: null } });
      }
    });
    it("the owner gets through to the service", async () => {
      const { cookie } = await holding("uann", "jupyter");
      assert.equal((await stand.go("jupyter", { path: "/lab", headers: { ...asPage, cookie } })).body, "secret of the service");
    });
  });
});
