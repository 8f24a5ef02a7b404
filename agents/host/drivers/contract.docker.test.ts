import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { label } from "../../protocol/labels.ts";
import { run } from "../exec.ts";
import { readMounts } from "../mounts.ts";
import { testImage } from "../testing/image.ts";
import { freshId, net } from "../testing/specs.ts";
import { containerContract } from "./container/contract.ts";
import { macOf } from "./container/create-options.ts";
import { dockerContainers } from "./container/docker.ts";
import { networkContract } from "./network/contract.ts";
import { dockerNetworks } from "./network/docker.ts";
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
    request: (number, config = "c") => ({
      name: `${installation}-${number}`,
      image,
      hostname: `node-${number}`,
      domain: "test.local",
      network: network.id,
      ip: `${base}.${number + 1}`,
      mac: macOf(`${base}.${number + 1}`),
      labels: { [label.installation]: installation, [label.node]: `node${number}aaa`, [label.config]: config },
      // PID 1 of the test image wants a configuration and a disk.
      mounts: [],
      capabilities: [],
      vcpus: 0.5,
      memoryMb: 64,
      pids: 64,
      stopSeconds: 1,
      env: ["KINDLING_TEST_IDLE=1"],
    }),
    async foreign(name) {
      foreign.push((await docker.createContainer({ name, Image: image, Cmd: ["/bin/sleep", "60"] })).id);
    },
    async dispose() {
      await removeAll(installation);
      for (const id of foreign) await docker.getContainer(id).remove({ force: true });
    },
  };
});

networkContract("docker", async () => {
  const installation = freshId("t");
  const segments = [1, 2].map(() => net("tenantone", freshId("s")).segment);
  return {
    driver: dockerNetworks(docker, installation),
    segment: (n) => segments[n - 1] ?? segments[0]!,
    dispose: () => removeAll(installation),
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
