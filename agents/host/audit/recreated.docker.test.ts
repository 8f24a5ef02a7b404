/** What the real agent says of containers that somebody made or changed behind its back on the real engine. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type Docker from "dockerode";
import { label } from "../../protocol/labels.ts";
import type { HostObservation } from "../../protocol/observed.ts";
import { dockerNetworks } from "../drivers/network/docker.ts";
import { freshId, net, node, volume } from "../testing/specs.ts";
import { type Stack, startStack } from "../testing/stack.ts";

const tenant = "tenantone";

describe("a container that somebody else had a hand in", () => {
  let s: Stack;
  const mine = net(tenant, freshId("s"));
  const id = freshId("n");
  const parts = () => ({
    segments: [mine.segment],
    volumes: [volume("volumeone", tenant)],
    nodes: [node({ id, ip: `${mine.base}.2`, segment: mine.segment.id, volume: "volumeone", image: s.image, tenant })],
  });
  const found = (o: HostObservation) => o.nodes[0]?.audit?.differences ?? null;
  const container = async (): Promise<Docker.Container> => {
    const filters = { label: [`${label.node}=${id}`, `${label.installation}=${s.installation}`] };
    const [seen] = await s.docker.listContainers({ filters });
    assert.ok(seen);
    return s.docker.getContainer(seen.Id);
  };

  before(async () => {
    s = await startStack();
    await s.put(parts());
    await s.until("as approved", (o) => found(o)?.length === 0);
  });
  after(() => s?.dispose());

  it("is flagged when it is put on another network, of which the engine tells nothing", async () => {
    const other = await dockerNetworks(s.docker, s.installation).ensure(net(tenant, freshId("s")).segment);
    const { id: at } = await container();
    await s.docker.getNetwork(other.id).connect({ Container: at });
    const seen = await s.until("flagged", (o) => Boolean(found(o)?.length));
    assert.deepEqual(
      found(seen)?.map(({ what }) => what),
      ["networks"],
    );
    await s.docker.getNetwork(other.id).disconnect({ Container: at });
  });

  it("is flagged when it was made by hand with the same name and labels while the agent was away", async () => {
    const old = await container();
    const { Name, Config, HostConfig, NetworkSettings } = await old.inspect();
    const [end] = Object.values(NetworkSettings.Networks);
    await s.stop();
    await old.remove({ force: true });
    const { Image, Hostname, Domainname, Labels, StopTimeout } = Config as typeof Config & { StopTimeout: number };
    const made = await s.docker.createContainer({
      ...{ name: Name.slice(1), Image, Hostname, Domainname, Labels, StopTimeout, MacAddress: end?.MacAddress ?? "" },
      HostConfig: { ...HostConfig, CapAdd: [...(HostConfig.CapAdd ?? []), "NET_RAW"], SecurityOpt: [], PidsLimit: 0 },
      NetworkingConfig: { EndpointsConfig: { [HostConfig.NetworkMode ?? ""]: { IPAMConfig: { IPv4Address: `${mine.base}.2` } } } },
    });
    await made.start();
    await s.restart();
    const seen = await s.until("flagged", (o) => Boolean(found(o)?.length));
    assert.equal((await container()).id, made.id, "it is told of, not taken away");
    assert.deepEqual(
      found(seen)?.map(({ what }) => what),
      ["capabilities added", "gaining privileges", "process limit"],
    );
    await s.put({ ...parts(), nodes: parts().nodes.map((one) => ({ ...one, desired: "stopped" as const })) });
    await s.until("stopped", (o) => o.nodes[0]?.state === "stopped");
    await s.put(parts());
    const anew = await s.until("made anew", (o) => found(o)?.length === 0);
    assert.equal(anew.nodes[0]?.state, "running");
    assert.notEqual((await container()).id, made.id);
  });
});
