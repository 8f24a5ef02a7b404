import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { z } from "zod";
import { label } from "../../protocol/labels.ts";
import { run } from "../exec.ts";
import { readMounts } from "../mounts.ts";
import { testImage } from "../testing/image.ts";
import { containerRequest } from "../testing/request.ts";
import { freshId, net } from "../testing/specs.ts";
import { containerContract } from "./container/contract.ts";
import { dockerContainers } from "./container/docker.ts";
import { networkContract } from "./network/contract.ts";
import { dockerNetworks } from "./network/docker.ts";
import { parseForwards } from "./network/links.ts";
import { uplinkName } from "./network/names.ts";
import { volumeContract } from "./volume/contract.ts";
import { loopVolumes } from "./volume/loop.ts";

const docker = new Docker({ socketPath: "/var/run/docker.sock" });

async function removeAll(installation: string): Promise<void> {
  const filters = { label: [`${label.installation}=${installation}`] };
  for (const c of await docker.listContainers({ all: true, filters })) await docker.getContainer(c.Id).remove({ force: true });
  for (const n of await docker.listNetworks({ filters })) await docker.getNetwork(n.Id).remove();
}

containerContract("docker", async () => {
  const installation = freshId("t");
  const image = await testImage(docker);
  const { base, segment } = net("tenantone", freshId("s"));
  const network = await dockerNetworks(docker, installation).ensure(segment);
  const foreign: string[] = [];
  return {
    driver: dockerContainers(docker, installation),
    another: () => dockerContainers(docker, installation),
    request: (number, config) =>
      containerRequest(installation, number, { image, network: network.id, ip: `${base}.${number + 1}` }, config),
    async foreign(name) {
      foreign.push((await docker.createContainer({ name, Image: image, Cmd: ["/bin/sleep", "60"] })).id);
    },
    async alter(id) {
      await docker.getContainer(id).update({ Memory: 128 * 1_048_576, MemorySwap: 128 * 1_048_576 });
    },
    async dispose() {
      await removeAll(installation);
      for (const id of foreign) await docker.getContainer(id).remove({ force: true });
    },
  };
});

networkContract("docker", async () => {
  const installation = freshId("t");
  const image = await testImage(docker);
  const segments = [1, 2].map(() => net("tenantone", freshId("s")).segment);
  // A link of the host's own, as a site's administrator would have made it.
  const parent = freshId("kt").slice(0, 9);
  const given = `${parent}.100`;
  await run("ip", ["link", "add", given, "type", "veth", "peer", "name", `${parent}p`]);
  const links = async () => z.array(z.looseObject({ ifname: z.string() })).parse(JSON.parse(await run("ip", ["-j", "link", "show"])));
  return {
    driver: dockerNetworks(docker, installation),
    segment: (n) => segments[n - 1] ?? segments[0]!,
    uplinks: {
      vlan: { kind: "vlan", vid: 100, parent },
      vxlan: { kind: "vxlan", vni: randomInt(1, 16_777_216), port: 48_789, local: "127.0.0.1", peers: [] },
    },
    async forwarding({ id }) {
      const name = uplinkName(installation, { id, uplink: { kind: "vxlan", vni: 1, port: 1, local: "127.0.0.1", peers: [] } }) ?? "";
      if (!(await links()).some((link) => link.ifname === name)) return "";
      const entries = parseForwards(await run("bridge", ["-j", "fdb", "show"])).filter((e) => e.link === name);
      const address = (mac: string) =>
        mac
          .split(":")
          .slice(2)
          .map((byte) => Number.parseInt(byte, 16))
          .join(".");
      const toHosts = entries.filter((e) => e.dst !== null);
      for (const { mac } of toHosts)
        if (mac !== "00:00:00:00:00:00")
          assert.ok(
            entries.some((e) => e.mac === mac && e.dst === null),
            "the bridge knows it too",
          );
      return toHosts
        .map((e) => (e.mac === "00:00:00:00:00:00" ? `${e.dst}` : `${e.dst} ${address(e.mac)}`))
        .sort()
        .join("\n");
    },
    async occupy({ id, segment }) {
      // Made and not started: the engine itself does not count that as use.
      await docker.createContainer({
        Image: image,
        Cmd: ["/bin/sleep", "60"],
        Labels: { [label.installation]: installation, [label.segment]: segment },
        HostConfig: { NetworkMode: id },
      });
    },
    async dispose() {
      await removeAll(installation);
      const names = (await links()).map((link) => link.ifname);
      assert.ok(names.includes(given), "a link that was there before us stays");
      await run("ip", ["link", "del", given]);
      for (const segment of segments)
        for (const kind of ["vxlan"] as const) {
          const name = uplinkName(installation, { id: segment.id, uplink: { kind, vni: 1, port: 1, local: "127.0.0.1", peers: [] } }) ?? "";
          if (names.includes(name)) await run("ip", ["link", "del", name]);
        }
    },
  };
});

volumeContract("loop", async () => {
  const root = await mkdtemp(join(tmpdir(), "kindling-volumes-"));
  const files = join(root, "files");
  const mounts = join(root, "mnt");
  await run("mkdir", [files, mounts]);
  const open = () => loopVolumes({ files, mounts, budgetMb: 300, overcommit: 1 });
  async function unmount(): Promise<void> {
    for (const m of await readMounts()) if (m.target.startsWith(`${mounts}/`)) await run("umount", [m.target]);
  }
  return {
    driver: open(),
    reopen: open,
    reboot: unmount,
    write: (id, text) => writeFile(join(mounts, id, "file"), text),
    read: (id) => readFile(join(mounts, id, "file"), "utf8"),
    async dispose() {
      await unmount();
      await rm(root, { recursive: true, force: true });
    },
  };
});
