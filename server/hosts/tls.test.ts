import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { request as ask, createServer } from "node:https";
import { createServer as createPlain } from "node:net";
import { after, before, describe, it } from "node:test";
import { type Pretended, pretend } from "../../agents/host/testing/fakes.ts";
import { emptySpec, hostSpec, net, node, volume } from "../../agents/host/testing/specs.ts";
import { keyPin, makeKey } from "../../agents/identity/key.ts";
import { HostError } from "../../agents/protocol/errors.ts";
import { paths } from "../../agents/protocol/verbs.ts";
import { DialError, dial } from "../gateway/dial.ts";
import { freePort } from "../testing/free-port.ts";
import { connectHost } from "./client.ts";
import { createPortalHosts } from "./portal-client.ts";
import { hostContract } from "./testing/contract.ts";
import { makeTrust, type Trust, targetOf } from "./testing/trust.ts";
import { type CredentialSource, type HostTarget, makeTransport, type Transport } from "./transport.ts";

const installation = "installone";

async function agentWith(trust: Trust, identity: Awaited<ReturnType<Trust["host"]>>): Promise<{ host: Pretended; target: HostTarget }> {
  const port = await freePort();
  const env = { KINDLING_HOST_ID: identity.host, KINDLING_AGENT_LISTEN: `127.0.0.1:${port}` };
  const host = await pretend({ env, identity });
  assert.equal(trust.installation, installation);
  return { host, target: targetOf(identity, port) };
}

// What holds on the sockets holds over TLS.
hostContract("agent on pretended drivers, over TLS", async () => {
  const trust = await makeTrust(installation);
  const { host, target } = await agentWith(trust, await trust.host("testhost"));
  return {
    agent: connectHost({ host: target, transport: await trust.transport("reconciler") }),
    installation,
    host: "testhost",
    image: "image",
    images: [],
    net: "10.99.1",
    restart: () => host.restart(),
    close: () => host.dispose(),
  };
});

/** What a reconciler is told when it sends a spec: "accepted", or the refusal's code with its words. */
async function apply(target: HostTarget, transport: Transport, generation = 1): Promise<string> {
  return connectHost({ host: target, transport })
    .apply(emptySpec({ installation, host: target.id, generation }))
    .then(
      () => "accepted",
      (error: unknown) => (error instanceof HostError ? `${error.fault.code}: ${error.message}` : String(error)),
    );
}

describe("a host over TLS", () => {
  let trust: Trust;
  let reconciler: Transport;
  let one: Awaited<ReturnType<typeof agentWith>>;
  let identity: Awaited<ReturnType<Trust["host"]>>;
  before(async () => {
    trust = await makeTrust(installation);
    reconciler = await trust.transport("reconciler");
    identity = await trust.host("hostone");
    one = await agentWith(trust, identity);
  });
  after(() => one.host.dispose());

  it("is asked when everything is right", async () => {
    assert.equal(await apply(one.target, reconciler), "accepted");
  });

  it("is not taken for another host by that one's certificate", async () => {
    const other = await trust.host("hosttwo");
    // The row of hosttwo says where hostone answers, and even its key.
    assert.match(await apply({ ...one.target, id: "hosttwo" }, reconciler), /unreachable: Another machine answers/);
    assert.match(await apply({ ...targetOf(other, 0), endpoint: one.target.endpoint }, reconciler), /Another machine answers/);
  });

  it("is not asked once it is revoked, removed and added anew, or has another key", async () => {
    assert.match(await apply({ ...one.target, certificate: null }, reconciler), /was revoked/);
    const renewed = await trust.host("hostone");
    assert.match(await apply({ ...one.target, certificate: targetOf(renewed, 0).certificate }, reconciler), /revoked or replaced/);
    // Another certificate for the same key is the same host: that is what a renewal is.
    const again = await trust.host("hostone", { key: identity.key });
    assert.equal(await apply({ ...one.target, certificate: targetOf(again, 0).certificate }, reconciler), "accepted");
  });

  it("is not asked when its certificate has ended", async () => {
    const ended = await trust.host("hostold", { lifetimeMs: -1000 });
    const old = await agentWith(trust, ended);
    try {
      assert.match(await apply(old.target, reconciler), /has expired/);
    } finally {
      await old.host.dispose();
    }
  });

  it("is not asked through somebody in the middle", async () => {
    const foreign = await (await makeTrust(installation)).host("hostone");
    let reached = 0;
    const middle = createServer({ key: foreign.key, cert: foreign.certificate, minVersion: "TLSv1.3" }, (_request, response) => {
      reached += 1;
      response.end(JSON.stringify({ generation: 1 }));
    });
    middle.listen(0, "127.0.0.1");
    await once(middle, "listening");
    const address = middle.address();
    const port = typeof address === "object" && address ? address.port : 0;
    try {
      const target = { ...one.target, endpoint: `https://127.0.0.1:${port}` };
      assert.match(await apply(target, reconciler), /no certificate of this platform/);
      // Not even when it has the very key that the database holds, without the authority's signature.
      assert.match(
        await apply({ ...target, certificate: keyPin(new X509Certificate(foreign.certificate), "hex") }, reconciler),
        /no certificate/,
      );
      assert.equal(reached, 0, "nothing was said to it");
    } finally {
      middle.closeAllConnections();
      middle.close();
    }
  });

  it("answers each part its own verbs only", async () => {
    const as = async (role: "reconciler" | "gateway" | "portal") => makeTransport("reconciler", await trust.part(role));
    const generation = () => one.host.agent().world.store.generation();
    const held = generation();
    for (const role of ["gateway", "portal"] as const)
      assert.match(await apply(one.target, await as(role), 50), /not_found: .*not a verb/, role);
    assert.equal(generation(), held, "nothing was accepted");
    const log = (transport: Transport) => createPortalHosts(transport).imageLog(one.target, "nothing");
    await assert.rejects(log(await as("portal")), /No build of this image/);
    await assert.rejects(log(await as("gateway")), /not a verb/);
    const connect = (transport: Transport) => dial(transport, { host: one.target, node: "nodeone", port: 8888 });
    const refusal = async (role: "gateway" | "reconciler"): Promise<string> =>
      connect(await as(role)).then(
        () => "connected",
        (error: unknown) => (error instanceof DialError ? error.message : String(error)),
      );
    // The gateway gets as far as the node that is not there; others do not.
    assert.match(await refusal("gateway"), /This host has no such node/);
    assert.match(await refusal("reconciler"), /\(403\)/);
    assert.equal(await apply(one.target, reconciler, 51), "accepted");
  });

  it("answers nobody whose certificate is of a host, of another platform, has ended, or is none", async () => {
    const credentials = (source: CredentialSource) => makeTransport("reconciler", source);
    const agent = await trust.host("hosttwo");
    const asHost = credentials({ current: () => ({ ...agent, installation }) });
    assert.match(await apply(one.target, asHost, 60), /wrong_role/);
    assert.match(await apply(one.target, credentials(await trust.part("reconciler", -1000)), 60), /host_unreachable/);
    const stranger = await makeTrust(installation);
    const foreign = (await stranger.part("reconciler")).current();
    assert.ok(foreign);
    assert.match(await apply(one.target, credentials({ current: () => ({ ...foreign, ca: trust.ca }) }), 60), /host_unreachable/);
    const otherPlatform = await makeTrust("installtwo");
    assert.match(await apply(one.target, credentials(await otherPlatform.part("reconciler")), 60), /no certificate of this platform/);
    await assert.rejects(plain(one.target, trust.ca), /certificate required|ECONNRESET|socket hang up/);
    assert.match(await apply(one.target, makeTransport("reconciler", { current: () => null }), 60), /not been issued yet/);
    assert.ok(one.host.agent().world.store.generation() < 60);
    assert.equal(await apply(one.target, reconciler, 61), "accepted");
  });

  it("carries bytes to a node's port and back for the gateway", async () => {
    const service = createPlain({ allowHalfOpen: true }, (socket) => void socket.pipe(socket));
    service.listen(0, "127.0.0.1");
    await once(service, "listening");
    const address = service.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const transport = await trust.transport("gateway");
    const agent = await agentWith(trust, await trust.host("hostdial"));
    try {
      const { segment } = net("tenantone", "segmentone");
      const part = { id: "nodeone", ip: "127.0.0.1", segment: segment.id, volume: "volumeone", image: "image", tenant: "tenantone" };
      const plainNode = node(part);
      const services = plainNode.services.map((one) => ({ ...one, endpoints: [{ id: "echo", title: "Echo", port, path: "/" }] }));
      const volumes = [volume("volumeone", "tenantone")];
      const nodes = [{ ...plainNode, services }];
      await agent.host.accept(hostSpec({ installation, host: "hostdial", generation: 2, segments: [segment], volumes, nodes }));
      await agent.host.until("a running node", (picture) => picture.nodes[0]?.state === "running");
      const stream = await dial(transport, { host: agent.target, node: "nodeone", port });
      const text = "bytes ".repeat(50_000);
      const heard: Buffer[] = [];
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      stream.on("error", reject);
      stream.on("data", (chunk: Buffer) => {
        heard.push(chunk);
        if (Buffer.concat(heard).length >= text.length) resolve();
      });
      stream.write(text);
      await promise;
      assert.equal(Buffer.concat(heard).toString(), text);
      stream.destroy();
      const other = dial(transport, { host: agent.target, node: "nodeone", port: port === 22 ? 23 : 22 });
      await assert.rejects(other, /declare/, "a port that no service declares");
    } finally {
      await agent.host.dispose();
      service.close();
    }
  });

  it("shows a renewed certificate to new connections, and keeps the old ones open", async () => {
    const stop = new AbortController();
    const lost: (string | null)[] = [];
    const pictures: boolean[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const observed = connectHost({
      host: one.target,
      transport: reconciler,
      onLink: (state, reason) => state === "lost" && !stop.signal.aborted && lost.push(reason),
    }).observe((_picture, first) => {
      pictures.push(first);
      resolve();
    }, stop.signal);
    await promise;
    const before = await serial(one.target, trust);
    one.host.agent().door?.renew(await trust.host("hostone", { key: identity.key }));
    assert.notEqual(await serial(one.target, trust), before);
    assert.equal(await apply(one.target, reconciler, 70), "accepted");
    stop.abort();
    await observed;
    assert.deepEqual([lost, pictures.filter(Boolean).length], [[], 1]);
  });

  it("gives the portal what was used, and a node's only where there is such a node", async () => {
    const hosts = createPortalHosts(await trust.transport("portal"));
    const metrics = await hosts.metrics(one.target, null);
    assert.equal(metrics.stepMs, 5000);
    assert.ok((metrics.memoryMb[0] ?? 0) > 0 && metrics.at.length === metrics.cpuCores.length);
    await assert.rejects(hosts.metrics(one.target, "nodeone"), /no such node/);
    const { usage } = await one.host.until("usage", (picture) => picture.usage !== null);
    assert.ok(usage && usage.memoryMb > 0 && usage.diskUsedMb > 0);
  });
});

/** A request of somebody without a certificate. */
function plain(target: HostTarget, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = ask(`${target.endpoint}${paths.observe}`, { ca, agent: false, checkServerIdentity: () => undefined }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", reject);
    asked.end();
  });
}

/** Serial number of the certificate that a new connection sees. */
async function serial(target: HostTarget, trust: Trust): Promise<string> {
  const own = (await trust.part("portal")).current();
  return new Promise((resolve, reject) => {
    const options = { ca: trust.ca, key: own?.key ?? makeKey(), cert: own?.certificate ?? "", agent: false as const };
    const asked = ask(`${target.endpoint}/`, {
      ...options,
      checkServerIdentity: (_name, { serialNumber }) => {
        resolve(serialNumber);
        return undefined;
      },
    });
    asked.on("error", reject);
    asked.on("response", (answer) => answer.resume());
    asked.end();
  });
}
