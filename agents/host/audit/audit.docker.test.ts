/** Containers made and altered by hand on the real engine: every way in which one differs from what was approved is named. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import Docker, { type ContainerCreateOptions } from "dockerode";
import { type CapabilitySetId, capabilitySets } from "../../protocol/capability.ts";
import { label } from "../../protocol/labels.ts";
import { createOptions } from "../drivers/container/create-options.ts";
import { dockerContainers } from "../drivers/container/docker.ts";
import type { ContainerRequest } from "../drivers/container/port.ts";
import { dockerNetworks } from "../drivers/network/docker.ts";
import { capabilitiesOf } from "../facts.ts";
import { testImage } from "../testing/image.ts";
import { approvedRequest } from "../testing/request.ts";
import { freshId, net } from "../testing/specs.ts";
import { differences } from "./shape.ts";

const docker = new Docker({ socketPath: "/var/run/docker.sock" });

describe("a container beside what was approved", () => {
  const installation = freshId("t");
  const driver = dockerContainers(docker, installation);
  const { base, segment } = net("tenantone", freshId("s"));
  const other = net("tenantone", freshId("s")).segment;
  let request: ContainerRequest;
  let otherNetwork: string;
  let bounding: string[];

  before(async () => {
    const networks = dockerNetworks(docker, installation);
    const network = await networks.ensure(segment);
    otherNetwork = (await networks.ensure(other)).id;
    bounding = capabilitiesOf(await readFile("/proc/self/status", "utf8"));
    request = approvedRequest(installation, { image: await testImage(docker), network: network.id, ip: `${base}.2` });
  });
  after(async () => {
    const filters = { label: [`${label.installation}=${installation}`] };
    for (const c of await docker.listContainers({ all: true, filters })) await docker.getContainer(c.Id).remove({ force: true });
    for (const n of await docker.listNetworks({ filters })) await docker.getNetwork(n.Id).remove();
  });

  /** Runs a container, does something to it, and gives what differs from what this request approves. */
  async function compared(
    made: ContainerCreateOptions,
    approved: ContainerRequest,
    alter: (container: Docker.Container) => Promise<unknown> = async () => undefined,
  ): Promise<string[]> {
    const container = await docker.createContainer(made);
    try {
      // No driver of cards is here, so that one with cards is only made.
      if (!made.HostConfig?.Privileged && !made.HostConfig?.DeviceRequests) await container.start();
      await alter(container);
      const seen = await driver.examine(container.id, approved);
      assert.ok(seen);
      return differences(seen.approved, seen.engine).map(({ what, approved: a, engine }) => `${what}: ${a} → ${engine}`);
    } finally {
      await container.remove({ force: true });
    }
  }

  for (const id of ["strict", "default", "tools", "full"] satisfies CapabilitySetId[])
    it(`is as approved with the set ${id}, as far as this host can give it`, async () => {
      const { sudo, filter, pids, capabilities } = capabilitySets[id];
      const asked = { ...request, sudo, filter, pids, capabilities: capabilities.filter((name) => bounding.includes(name)) };
      assert.deepEqual(await compared(createOptions(asked, true), asked), []);
      // A later spec has another generation; that alone is no alteration.
      assert.deepEqual(await compared(createOptions(asked, true), { ...asked, labels: { ...asked.labels, [label.generation]: "9" } }), []);
    });

  const cards = (...ids: string[]) => [{ Driver: "nvidia", DeviceIDs: ids, Capabilities: [["gpu"]] }];
  const by = (change: ContainerCreateOptions["HostConfig"]) => (options: ContainerCreateOptions) => ({
    ...options,
    HostConfig: { ...options.HostConfig, ...change },
  });
  const made: [string, (options: ContainerCreateOptions) => ContainerCreateOptions, RegExp][] = [
    ["privileged", by({ Privileged: true }), /^privileged: no → yes$/],
    ["more capabilities", by({ CapAdd: ["CHOWN", "KILL", "SETGID", "SETUID", "NET_RAW"] }), /^capabilities added: none → NET_RAW$/],
    ["nothing dropped", by({ CapDrop: [] }), /^capabilities dropped: ALL → none$/],
    ["privileges to gain", by({ SecurityOpt: [] }), /^gaining privileges: impossible → possible$/],
    [
      "no system-call filter",
      by({ SecurityOpt: ["no-new-privileges:true", "seccomp=unconfined"] }),
      /^system-call filter: the engine's → none$/,
    ],
    ["the host's processes", by({ PidMode: "host" }), /^pid namespace: its own → host$/],
    ["the host's semaphores", by({ IpcMode: "host" }), /^ipc namespace: its own → host$/],
    ["Docker's socket", by({ Binds: ["/var/run/docker.sock:/sock"] }), /^mounts: none → bind \/\S*docker\.sock at \/sock \(writable/],
    [
      "a device",
      by({ Devices: [{ PathOnHost: "/dev/null", PathInContainer: "/dev/x", CgroupPermissions: "rwm" }] }),
      /^devices: none → .*\/dev\/null/,
    ],
    ["a card", by({ DeviceRequests: cards("GPU-1") }), /^devices: none → GPU GPU-1$/],
    ["all cards", by({ DeviceRequests: [{ Driver: "nvidia", Count: -1, Capabilities: [["gpu"]] }] }), /^devices: none → \{.*-1/],
    [
      "a port on the host",
      by({ PortBindings: { "8888/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] } }),
      /^published ports: none → 8888\/tcp$/,
    ],
    ["no limit of processes", by({ PidsLimit: -1 }), /^process limit: 64 → /],
    ["no ulimits", by({ Ulimits: [] }), /^limits: .*nofile 16384:16384.* → none$/],
    ["another program", (options) => ({ ...options, Entrypoint: ["/bin/sleep"], Cmd: ["60"] }), /^command: .*init\.pl → \/bin\/sleep 60$/],
    ["another user", (options) => ({ ...options, User: "1000" }), /^user: root → 1000$/],
    [
      "an environment",
      (options) => ({ ...options, Env: [...(options.Env ?? []), "LD_PRELOAD=/x"] }),
      /^environment: none → LD_PRELOAD=\/x$/,
    ],
  ];
  // What the engine adds by itself to one of these, and what one has not that was only made: not every host can start a privileged one.
  const follows = /^other security options: none → label=disable$|^hidden paths: the engine's → none$|^networks: \S+ (\S+ \S+) → {2}\1$/;
  for (const [what, change, expected] of made)
    it(`recreated by hand with the same labels and ${what} is told apart by that alone`, async () => {
      const found = await compared(change(createOptions(request, true)), request);
      assert.match(found.find((one) => expected.test(one)) ?? found.join("; "), expected);
      const more = found.filter((one) => !expected.test(one) && !follows.test(one));
      assert.deepEqual(more, []);
    });

  it("with its own cards is as approved, with another one in their place is not", async () => {
    const own = { ...request, gpus: ["GPU-1", "GPU-2"] };
    const made = (...ids: string[]) => ({
      ...createOptions(own, true),
      HostConfig: { ...createOptions(own, true).HostConfig, DeviceRequests: cards(...ids) },
    });
    const devices = async (options: ContainerCreateOptions) => (await compared(options, own)).filter((one) => !follows.test(one));
    assert.deepEqual(await devices(createOptions(own, true)), []);
    assert.deepEqual(await devices(made("GPU-1", "GPU-3")), ["devices: GPU GPU-2 → GPU GPU-3"]);
    assert.deepEqual(await devices(made("GPU-1")), ["devices: GPU GPU-2 → none"]);
    assert.deepEqual(await devices(createOptions(request, true)), ["devices: GPU GPU-1, GPU GPU-2 → none"]);
  });

  it("given more memory, or put on another network, is told apart as it runs", async () => {
    const more = { Memory: 128 * 1_048_576, MemorySwap: 256 * 1_048_576 };
    assert.deepEqual(await compared(createOptions(request, true), request, (container) => container.update(more)), [
      "memory: 64 MB → 128 MB",
      "swap: 0 MB → 128 MB",
    ]);
    const [network] = await compared(createOptions(request, true), request, ({ id }) =>
      docker.getNetwork(otherNetwork).connect({ Container: id }),
    );
    assert.match(network ?? "", new RegExp(`^networks: none → ${otherNetwork.slice(0, 12)} `));
  });
});
