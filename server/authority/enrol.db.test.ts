import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { z } from "zod";
import { askAuthority, RefusedError } from "../../agents/host/enrol/authority.ts";
import { enrol, type Invitation } from "../../agents/host/enrol/enrol.ts";
import { type Identity, identityOf, loadIdentity } from "../../agents/host/enrol/identity.ts";
import { keepRenewed, renewOnce } from "../../agents/host/enrol/renew.ts";
import { makeLog } from "../../agents/host/log.ts";
import { keyPin, makeKey } from "../../agents/identity/key.ts";
import { hostUri } from "../../agents/identity/names.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import { makeTrust } from "../hosts/testing/trust.ts";
import { newId } from "../ids.ts";
import { redeemToken } from "../services/hosts/enrol-use.ts";
import { type EnrolStand, enrolStand } from "./testing/stand.ts";

const minute = 60_000;

describe("enrolling a host", () => {
  let stand: EnrolStand;
  let sam: Awaited<ReturnType<EnrolStand["as"]>>;
  const machines: string[] = [];
  before(async () => {
    stand = await enrolStand();
    sam = await stand.as("sam");
  });
  after(async () => {
    for (const machine of machines) await rm(machine, { recursive: true, force: true });
    await stand.stop();
  });

  /** A machine with nothing on it, and what its administrator would type. */
  const machine = async (token: string, more: Partial<Invitation> = {}): Promise<Invitation> => {
    const state = more.state ?? (await mkdtemp(join(tmpdir(), "kindling-machine-")));
    machines.push(state);
    const { url, pin, ca } = stand;
    return { url, pin, token, ca: ca.certificate, caFingerprint: ca.fingerprint, state, port: 7443, again: false, ...more };
  };
  const join_ = async (invitation: Invitation): Promise<Identity> => (await enrol(invitation, Date.now())).identity;
  const invite = async (name: string): Promise<string> => stand.tokenOf((await sam.enrolment.add({ name })).command);
  const pinOf = ({ certificate }: Identity): string => keyPin(new X509Certificate(certificate), "hex");
  const doesNotCount = (error: unknown): boolean => error instanceof RefusedError && /does not count/.test(error.message);

  it("makes a host of a machine with one command, with what was said about it", async () => {
    const made = await sam.enrolment.add({ name: "rack-1", address: "192.0.2.9", tags: ["ssd"], tenant: "analytics", vlanParent: "eth1" });
    const pinned = `; curl -fsS --pinnedpubkey 'sha256//${stand.pin}' -k '${stand.url}/install'; } | sudo sh -s -- --ca ${stand.ca.fingerprint}`;
    assert.ok(made.command.endsWith(pinned), made.command);
    assert.ok(Math.abs(Date.parse(made.expiresAt) - Date.now() - 15 * minute) < minute);
    const token = stand.tokenOf(made.command);
    assert.equal(Buffer.from(token.replace("kde_", ""), "base64url").length, 32);
    assert.deepEqual(
      (await sam.enrolment.pending()).map(({ name, again, createdBy }) => [name, again, createdBy]),
      [["rack-1", false, "sam"]],
    );
    const kept = await stand.db.enrolment.findFirstOrThrow({ where: { hostName: "rack-1" } });
    assert.ok(!JSON.stringify(kept).includes(token), "the token itself is nowhere");

    const invitation = await machine(token);
    const identity = await join_(invitation);
    const row = await stand.db.host.findUniqueOrThrow({ where: { name: "rack-1" }, include: { tenant: true, events: true } });
    assert.deepEqual(
      [row.id, row.endpoint, row.address, row.tags, row.tenant?.slug, row.vlanParent, row.certificate],
      [identity.host, "https://192.0.2.9:7443", "192.0.2.9", ["ssd"], "analytics", "eth1", pinOf(identity)],
    );
    assert.ok(Math.abs((row.certificateExpiresAt?.getTime() ?? 0) - Date.now() - 30 * 24 * 60 * minute) < minute);
    assert.deepEqual([row.events[0]?.kind, (await sam.enrolment.pending()).length], ["enrolled", 0]);
    assert.equal((await stat(join(invitation.state, "identity", "identity.json"))).mode & 0o777, 0o600);
    assert.deepEqual(await loadIdentity(join(invitation.state, "identity")), identity);
    const actions = (await sam.site.audit({})).rows.filter((entry) => entry.resource.includes("rack-1")).map(({ action }) => action);
    assert.deepEqual(actions, ["host.enrol", "host.invite"]);

    // Run once more it repairs, and needs no token for that.
    const again = await enrol({ ...invitation, token: "" }, Date.now());
    assert.deepEqual([again.fresh, again.identity.certificate], [false, identity.certificate]);
  });

  it("takes a token once", async () => {
    const token = await invite("once-1");
    await join_(await machine(token));
    await assert.rejects(join_(await machine(token)), doesNotCount);
    assert.equal(await stand.db.host.count({ where: { name: { startsWith: "once" } } }), 1);
  });

  it("lets exactly one of twenty win that come at once with the same token", async () => {
    const token = await invite("race-1");
    const all = await Promise.all(Array.from({ length: 20 }, () => machine(token)));
    const ended = await Promise.allSettled(all.map(join_));
    const won = ended.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    assert.equal(won.length, 1);
    assert.ok(ended.every((one) => one.status === "fulfilled" || doesNotCount(one.reason)));
    const row = await stand.db.host.findUniqueOrThrow({ where: { name: "race-1" } });
    assert.deepEqual([row.id, row.certificate], [won[0]?.host, won[0] && pinOf(won[0])]);
  });

  it("takes no token after fifteen minutes, none that was withdrawn or replaced, and none that was made up", async () => {
    const late = await invite("late-1");
    stand.clock.aheadMs = 15 * minute + 1000;
    try {
      await assert.rejects(join_(await machine(late)), doesNotCount);
    } finally {
      stand.clock.aheadMs = 0;
    }
    const replaced = late;
    const newest = await invite("late-1");
    await assert.rejects(join_(await machine(replaced)), doesNotCount);
    const { id, command } = await sam.enrolment.add({ name: "late-2" });
    await sam.enrolment.withdraw({ id });
    await assert.rejects(join_(await machine(stand.tokenOf(command))), doesNotCount);
    await assert.rejects(join_(await machine("kde_made-up")), doesNotCount);
    await assert.rejects(join_(await machine("")), /needs a token/);
    await join_(await machine(newest));
  });

  it("a request that cannot be signed uses up nothing", async () => {
    const token = await invite("careful-1");
    const body = JSON.stringify({ token, request: "no request", hostname: "x", port: 7443 });
    const authority = { url: stand.url, ca: stand.ca.certificate };
    await assert.rejects(askAuthority(authority, "/enrol", JSON.parse(body), z.unknown()), /not a request for a certificate/);
    await assert.rejects(askAuthority(authority, "/enrol", { ...JSON.parse(body), port: 0 }, z.unknown()), /not understood \(port\)/);
    await join_(await machine(token));
  });

  it("sends the token to nobody but the platform that made the command", async () => {
    const token = await invite("pinned-1");
    const stranger = await makeTrust(stand.installation);
    // Somebody in the middle can neither have another key nor another authority.
    const otherPin = keyPin(new X509Certificate((await stranger.host("hostone")).certificate), "base64");
    await assert.rejects(join_(await machine(token, { pin: otherPin })), /another key than the command says/);
    await assert.rejects(
      join_(await machine(token, { caFingerprint: stranger.authority.fingerprint })),
      /not the one that the command names/,
    );
    await assert.rejects(
      join_(await machine(token, { ca: stranger.ca, caFingerprint: stranger.authority.fingerprint })),
      /self-signed|unable to verify|certificate/i,
    );
    // A host of the platform that pretends to be its authority.
    const host = await stand.issue.host(await makeRequest(makeKey()), "hevil1");
    assert.ok(host.certificate);
    const key = makeKey();
    const fake = createServer(
      { key, cert: (await stand.issue.host(await makeRequest(key), "hevil2")).certificate },
      (_request, response) => {
        response.end("{}");
      },
    );
    fake.listen(0, "127.0.0.1");
    await once(fake, "listening");
    const address = fake.address();
    const url = `https://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    await assert.rejects(join_(await machine(token, { url })), /not the platform's authority/);
    fake.closeAllConnections();
    fake.close();
    // None of that has used the token up.
    await join_(await machine(token));
  });

  it("is for site administrators, for names that are free, and for a platform that can be reached", async () => {
    const dana = await stand.as("dana");
    await assert.rejects(dana.enrolment.add({ name: "mine" }), { code: "NOT_FOUND" });
    await assert.rejects(sam.enrolment.add({ name: "rack-1" }), /There is a host rack-1 already/);
    await assert.rejects(sam.enrolment.add({ name: "rack-9", tenant: "nobody" }), /no tenant nobody/);
    await assert.rejects(sam.enrolment.again({ host: "nobody" }), /no such host/);
    const local = await stand.db.host.findFirstOrThrow({ where: { endpoint: { startsWith: "unix:" } } });
    await assert.rejects(sam.enrolment.again({ host: local.name }), /platform's own machine/);
    await assert.rejects(sam.enrolment.revoke({ host: local.name, confirm: local.name }), /platform's own machine/);
    const text = await readFile(stand.info, "utf8");
    await writeFile(stand.info, JSON.stringify({ ...JSON.parse(text), url: null }));
    await assert.rejects(sam.enrolment.add({ name: "rack-9" }), /KINDLING_ENROL_BIND=0\.0\.0\.0/);
    assert.match((await sam.enrolment.obstacle()) ?? "", /listens on loopback only/, "said before the form is filled in");
    await rm(stand.info);
    await assert.rejects(sam.enrolment.add({ name: "rack-9" }), /does not run yet/);
    await writeFile(stand.info, text);
    assert.equal(await sam.enrolment.obstacle(), null);
    await sam.enrolment.add({ name: "rack-9" });
  });
});

describe("a host's certificate", () => {
  let stand: EnrolStand;
  let sam: Awaited<ReturnType<EnrolStand["as"]>>;
  let state: string;
  let identity: Identity;
  const pinOf = ({ certificate }: Identity): string => keyPin(new X509Certificate(certificate), "hex");
  const join_ = async (command: string, again: boolean): Promise<Identity> => {
    const { url, pin, ca } = stand;
    const invitation = {
      url,
      pin,
      token: stand.tokenOf(command),
      ca: ca.certificate,
      caFingerprint: ca.fingerprint,
      state,
      port: 7443,
      again,
    };
    return (await enrol(invitation, Date.now())).identity;
  };
  const row = () => stand.db.host.findUniqueOrThrow({ where: { name: "rack-1" } });
  /** What the server does with a request that comes from an address. */
  const redeeming = () => ({
    redeem: (body: Parameters<typeof redeemToken>[1], from: string) =>
      redeemToken({ db: stand.db, now: () => new Date(Date.now() + stand.clock.aheadMs), newId, issue: stand.issue.host }, body, from),
    makeBody: async (command: string) => ({
      ...{ token: stand.tokenOf(command), request: await makeRequest(makeKey()), hostname: "machine", port: 7443 },
    }),
  });
  before(async () => {
    stand = await enrolStand();
    sam = await stand.as("sam");
    state = await mkdtemp(join(tmpdir(), "kindling-machine-"));
    identity = await join_((await sam.enrolment.add({ name: "rack-1" })).command, false);
  });
  after(async () => {
    await rm(state, { recursive: true, force: true });
    await stand.stop();
  });

  it("is renewed for the same key, so that nobody has to learn a new one", async () => {
    stand.clock.aheadMs = 20 * 24 * 60 * minute;
    const renewed = await renewOnce(stand.url, identity);
    stand.clock.aheadMs = 0;
    assert.notEqual(renewed.certificate, identity.certificate);
    const { certificate, certificateExpiresAt } = await row();
    assert.deepEqual([pinOf(renewed), certificate], [pinOf(identity), pinOf(identity)]);
    assert.ok((certificateExpiresAt?.getTime() ?? 0) > Date.now() + 49 * 24 * 60 * minute);
    // The answer may have been lost: the host still has the old one, and both count.
    await renewOnce(stand.url, identity);
  });

  it("is renewed by the running agent when its time has come, and tried again after a failure", async () => {
    const kept: Identity[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    let fails = 1;
    const stop = keepRenewed({
      url: stand.url,
      identity,
      log: makeLog("silent", {}),
      now: () => Date.now() + 20 * 24 * 60 * minute + minute,
      firstMs: 1,
      async onRenewed(renewed) {
        fails -= 1;
        if (fails >= 0) throw new Error("the disk is full");
        kept.push(renewed);
        resolve();
      },
    });
    await promise;
    stop();
    assert.deepEqual([kept[0]?.host, kept[0]?.key], [identity.host, identity.key]);
    assert.notEqual(kept[0]?.certificate, identity.certificate);
    const early = keepRenewed({
      ...{ url: "https://127.0.0.1:1", identity, log: makeLog("silent", {}), firstMs: 1 },
      now: () => Date.now() + 19 * 24 * 60 * minute,
      onRenewed: () => Promise.reject(new Error("too early")),
    });
    early();
  });

  it("that nears its end without having been renewed is told to administrators", async () => {
    const told = async (): Promise<string[]> =>
      (await sam.site.overview()).attention.filter((one) => /certificate/.test(one.detail)).map((one) => one.detail);
    assert.deepEqual(await told(), []);
    const { certificateExpiresAt } = await row();
    const ends = (days: number) =>
      stand.db.host.updateMany({
        where: { name: "rack-1" },
        data: { certificateExpiresAt: new Date(Date.now() + days * 24 * 60 * minute) },
      });
    await ends(2.5);
    assert.match((await told())[0] ?? "", /ends in 3 days and was not renewed/);
    await ends(-1);
    assert.match((await told())[0] ?? "", /has ended: enrol it again \(kindling host enrol rack-1\)/);
    await stand.db.host.updateMany({ where: { name: "rack-1" }, data: { certificateExpiresAt } });
    assert.deepEqual(await told(), []);
  });

  it("is not renewed for another key, another host, one that has ended, or by a part", async () => {
    const key = makeKey();
    const wanted = { uri: hostUri(stand.installation, identity.host), use: "both", lifetimeMs: 60_000 } as const;
    const others = identityOf({
      key,
      ca: stand.ca.certificate,
      certificate: await stand.ca.issue(await makeRequest(key), wanted, new Date()),
    });
    await assert.rejects(renewOnce(stand.url, others), /removed, or its certificate revoked/);
    const { certificate } = await stand.issue.host(await makeRequest(key), "hunknown1");
    const unknown = { ...others, certificate, host: "hunknown1" };
    await assert.rejects(renewOnce(stand.url, unknown), /removed, or its certificate revoked/);
    const old = await stand.ca.issue(await makeRequest(identity.key), { ...wanted, lifetimeMs: -60_000 }, new Date());
    await assert.rejects(renewOnce(stand.url, { ...identity, certificate: old }), /Only a host with a valid certificate|expired|alert/);
    const part = await stand.issue.part(await makeRequest(identity.key), "reconciler");
    await assert.rejects(renewOnce(stand.url, { ...identity, certificate: part }), /Only a host with a valid certificate/);
    const stranger = await (await makeTrust(stand.installation)).host(identity.host);
    await assert.rejects(renewOnce(stand.url, { ...stranger, ca: identity.ca }), /Only a host with a valid certificate|alert/);
    await renewOnce(stand.url, identity);
  });

  it("counts no longer once it is revoked, until the host is enrolled again with a new key", async () => {
    await assert.rejects(sam.enrolment.revoke({ host: "rack-1", confirm: "rack-2" }), /Repeat the host's name/);
    await sam.enrolment.revoke({ host: "rack-1", confirm: "rack-1" });
    assert.equal((await row()).certificate, null);
    const shown = (await sam.hosts.list()).find(({ name }) => name === "rack-1");
    assert.deepEqual([shown?.state, shown?.reason], ["silent", "its certificate was revoked: enrol it again to use it"]);
    await assert.rejects(renewOnce(stand.url, identity), /removed, or its certificate revoked/);
    await assert.rejects(sam.enrolment.revoke({ host: "rack-1", confirm: "rack-1" }), /revoked already/);
    const { command } = await sam.enrolment.again({ host: "rack-1" });
    assert.match(command, / --again$/);
    const fresh = await join_(command, true);
    assert.equal(fresh.host, identity.host);
    assert.notEqual(pinOf(fresh), pinOf(identity));
    assert.equal((await row()).certificate, pinOf(fresh));
    await assert.rejects(renewOnce(stand.url, identity), /removed, or its certificate revoked/, "the old key is nobody's");
    await renewOnce(stand.url, fresh);
    identity = fresh;
    const kinds = await stand.db.hostEvent.findMany({ where: { hostId: fresh.host }, orderBy: { id: "asc" } });
    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      ["enrolled", "revoked", "enrolled"],
    );
  });

  it("a host that an older database does not know comes back under its own id; one that is removed stays out", async () => {
    await stand.db.hostEvent.deleteMany({ where: { hostId: identity.host } });
    await stand.db.host.delete({ where: { id: identity.host } });
    await assert.rejects(renewOnce(stand.url, identity), /removed, or its certificate revoked/);
    const back = await join_((await sam.enrolment.add({ name: "rack-1b" })).command, true);
    assert.equal(back.host, identity.host);
  });

  it("a machine that is a host becomes no other one by a command that was meant for another machine", async () => {
    const mine = await stand.db.host.findUniqueOrThrow({ where: { name: "rack-1b" } });
    const other = { id: "hother1", name: "rack-9", endpoint: "https://192.0.2.99:7443", certificate: "x", address: "192.0.2.99" };
    await stand.db.host.create({ data: other });
    const { command } = await sam.enrolment.again({ host: "rack-9" });
    await assert.rejects(join_(command, true), /This machine is the host rack-1b.*command is for rack-9.*kindling host enrol rack-1b/s);
    const { command: added } = await sam.enrolment.add({ name: "rack-2" });
    await assert.rejects(join_(added, true), /This machine is the host rack-1b.*command is for rack-2/s);
    const rows = await stand.db.host.findMany({ where: { id: { in: [mine.id, "hother1"] } }, orderBy: { id: "asc" } });
    assert.deepEqual(new Set(rows.map((row) => row.certificate)), new Set([mine.certificate, "x"]));
    assert.equal(await stand.db.host.count({ where: { name: "rack-2" } }), 0);
    // Nothing was used up: on the right machine both still count.
    const { redeem, makeBody } = redeeming();
    assert.equal((await redeem(await makeBody(command), "192.0.2.99")).host, "hother1");
    await redeem(await makeBody(added), "192.0.2.22");
  });

  it("names the command that makes a new token, whichever kind it was", async () => {
    const { redeem, makeBody } = redeeming();
    const { command: again } = await sam.enrolment.again({ host: "rack-9" });
    const { command: add } = await sam.enrolment.add({ name: "rack-3" });
    stand.clock.aheadMs = 16 * minute;
    try {
      await assert.rejects(redeem(await makeBody(again), "192.0.2.99"), /does not count.*"kindling host enrol rack-9"/s);
      await assert.rejects(redeem(await makeBody(add), "192.0.2.3"), /does not count.*"kindling host add rack-3"/s);
    } finally {
      stand.clock.aheadMs = 0;
    }
    await redeem(await makeBody(add), "192.0.2.3");
    await assert.rejects(redeem(await makeBody(add), "192.0.2.3"), /does not count.*"kindling host enrol rack-3"/s);
    await assert.rejects(redeem({ ...(await makeBody(add)), token: "kde_made-up" }, "192.0.2.3"), /host add.*host enrol/s);
  });

  it("keeps the address that it came from, unless one was named, others have it, or it is no IPv4 address", async () => {
    const { redeem, makeBody } = redeeming();
    const addressOf = async (name: string, from: string, address?: string) => {
      await redeem(await makeBody((await sam.enrolment.add({ name, ...(address ? { address } : {}) })).command), from);
      const host = await stand.db.host.findUniqueOrThrow({ where: { name } });
      return [host.address, host.endpoint];
    };
    assert.deepEqual(await addressOf("from-1", "192.0.2.51"), ["192.0.2.51", "https://192.0.2.51:7443"]);
    assert.deepEqual(await addressOf("from-2", "192.0.2.52", "192.0.2.53"), ["192.0.2.53", "https://192.0.2.53:7443"]);
    assert.deepEqual(await addressOf("from-3", "192.0.2.51"), [null, "https://192.0.2.51:7443"]);
    assert.deepEqual(await addressOf("from-4", "2001:db8::1"), [null, "https://[2001:db8::1]:7443"]);
    assert.deepEqual(await addressOf("from-5", "127.0.0.1"), [null, "https://127.0.0.1:7443"]);
    // Two hosts cannot share one.
    await assert.rejects(sam.enrolment.add({ name: "from-6", address: "192.0.2.53" }), /from-2 has the address 192\.0\.2\.53/);
    const late = await makeBody((await sam.enrolment.add({ name: "from-7", address: "192.0.2.57" })).command);
    assert.deepEqual(await addressOf("from-8", "192.0.2.58", "192.0.2.57"), ["192.0.2.57", "https://192.0.2.57:7443"]);
    await assert.rejects(redeem(late, "192.0.2.59"), /from-8 has the address 192\.0\.2\.57/);
  });
});
