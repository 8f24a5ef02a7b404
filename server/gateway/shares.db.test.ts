import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, afterEach, before, describe, it } from "node:test";
import { WebSocket } from "ws";
import { asPage, gatewayStand, type Stand } from "./testing/stand.ts";

const group = "cn=fraud,ou=groups,dc=corp";

describe("a cluster that is shared, at the gateway", () => {
  let stand: Stand;
  before(async () => {
    stand = await gatewayStand((incoming, response) => {
      if (incoming.url !== "/events") return void response.end("the service");
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: first\n\n");
    });
    stand.sockets.on("connection", (socket) => socket.send("hello"));
  });
  after(() => stand.close());
  afterEach(() => stand.db.clusterShare.deleteMany());

  const share = (subject: { userId: string } | { group: string } | { role: string }, level: string) =>
    stand.db.clusterShare.create({ data: { id: "xshare", clusterId: stand.clusterId, level, createdBy: "ann", ...subject } });
  const outcome = async (endpoint: string, userId: string): Promise<number> => {
    const { cookie } = await stand.login(endpoint, userId);
    return (await stand.go(endpoint, { headers: { ...asPage, cookie } })).status;
  };
  const both = async (userId: string) => [await outcome("spark", userId), await outcome("jupyter", userId)];

  it("opens for those who may use it, and is nothing for those who may only see it", async () => {
    assert.deepEqual(await both("ubob"), [404, 404]);
    for (const [level, status] of [
      ["view", 404],
      ["use", 200],
      ["manage", 200],
    ] as const) {
      await share({ userId: "ubob" }, level);
      assert.deepEqual(await both("ubob"), [status, status], level);
      await stand.db.clusterShare.deleteMany();
    }
  });

  it("opens for a group, for everybody in the tenant, and never for somebody of another one", async () => {
    await stand.db.user.updateMany({ where: { id: { in: ["ubob", "ueve"] } }, data: { groups: [group] } });
    await share({ group }, "use");
    assert.deepEqual(
      [await both("ubob"), await both("ueve")],
      [
        [200, 200],
        [404, 404],
      ],
    );
    await stand.db.clusterShare.deleteMany();
    await share({ role: "member" }, "use");
    assert.deepEqual(
      [await both("ubob"), await both("uadm"), await both("ueve")],
      [
        [200, 200],
        [200, 200],
        [404, 404],
      ],
    );
  });

  /** A socket and a stream of events that somebody has open, and what happens when both have ended. */
  const open = async (userId: string) => {
    const { cookie } = await stand.login("jupyter", userId);
    const headers = { host: stand.hostOf("jupyter"), cookie };
    const socket = new WebSocket(`ws://127.0.0.1:${stand.port}/api/kernels/1/channels`, {
      headers: { ...headers, origin: stand.origin("jupyter") },
    });
    await once(socket, "message");
    const stream = request({ port: stand.port, host: "127.0.0.1", path: "/events", headers });
    stream.end();
    const [answer] = await once(stream, "response");
    await once(answer, "data");
    answer.on("error", () => {});
    return { cookie, ended: Promise.all([once(socket, "close"), new Promise((resolve) => answer.on("close", resolve))]) };
  };

  for (const [what, take] of [
    ["taking the share back", () => stand.db.clusterShare.deleteMany()],
    ["making it one for viewing", () => stand.db.clusterShare.updateMany({ data: { level: "view" } })],
    ["leaving the group", () => stand.db.user.update({ where: { id: "ubob" }, data: { groups: [] } })],
    ["leaving the tenant", () => stand.db.membership.deleteMany({ where: { userId: "ubob" } })],
  ] as const)
    it(`${what} closes an open socket and an open stream, and opens nothing new`, async () => {
      await stand.db.user.update({ where: { id: "ubob" }, data: { groups: [group] } });
      await share({ group }, "use");
      const { cookie, ended } = await open("ubob");
      await take();
      await ended;
      // What was opened before counts for a moment of the cache's at most; the next sign-in is asked afresh.
      assert.equal(await outcome("jupyter", "ubob"), 404);
      assert.equal((await stand.go("jupyter", { headers: { ...asPage, cookie } })).status, 404);
    });

  it("handing it over closes what its owner had open", async () => {
    const { ended } = await open("uann");
    await stand.db.cluster.update({ where: { id: stand.clusterId }, data: { ownerId: "uadm" } });
    try {
      await ended;
      assert.deepEqual(
        [await both("uann"), await both("uadm")],
        [
          [404, 404],
          [200, 200],
        ],
      );
    } finally {
      await stand.db.cluster.update({ where: { id: stand.clusterId }, data: { ownerId: "uann" } });
    }
  });
});
