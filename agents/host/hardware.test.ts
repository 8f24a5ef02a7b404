import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { cardsToGive } from "../protocol/gpu.ts";
import { findAbilities, hasProjectQuota } from "./abilities.ts";
import { carriers, findDisks, findGpus, findLinks, findNetworks, networksOf, nvidiaCard, nvidiaModel, realDisks } from "./hardware.ts";

describe("facts of a host", () => {
  it("name links that may carry a segment, and not those that belong to a bridge, to nobody or to the host alone", () => {
    const link = (name: string, part: object = {}) => ({ name, type: "1", flags: "0x1003", mtu: "1500", bridge: false, ...part });
    const all = [
      link("eth1", { mtu: "9000" }),
      link("eth0"),
      link("lo", { type: "772", flags: "0x9" }),
      link("docker0", { bridge: true }),
      link("veth12ab", { bridge: true }),
      link("ifb0", { flags: "0x82" }),
      link("tun0", { type: "65534" }),
    ];
    assert.deepEqual(carriers(all, { eth0: ["192.0.2.1", "192.0.2.2"], lo: ["127.0.0.1"] }), [
      { name: "eth0", addresses: ["192.0.2.1", "192.0.2.2"], mtu: 1500 },
      { name: "eth1", addresses: [], mtu: 9000 },
    ]);
  });

  it("name the subnets of the host's routes, without the default one, what is down or refused, and the platform's own", async () => {
    const line = (link: string, to: string, flags: string, mask: string) => `${link}\t${to}\t00000000\t${flags}\t0\t0\t0\t${mask}\t0\t0\t0`;
    const routes = [
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
      line("eth0", "00000000", "0003", "00000000"),
      line("wg0", "00000000", "0001", "00000080"),
      line("wg0", "00000080", "0001", "00000080"),
      line("docker0", "000011AC", "0001", "0000FFFF"),
      line("eth0", "0000000A", "0003", "000000FF"),
      line("kgown", "00C0230A", "0001", "00FFFFFF"),
      line("eth1", "0001A8C0", "0000", "00FFFFFF"),
      line("eth1", "0002A8C0", "0201", "00FFFFFF"),
    ].join("\n");
    assert.deepEqual(networksOf(routes, new Set(["kgown"])), [
      { link: "docker0", cidr: "172.17.0.0/16", direct: true },
      { link: "eth0", cidr: "10.0.0.0/8", direct: false },
    ]);
    assert.deepEqual(networksOf("", new Set()), []);
    assert.ok(Array.isArray(await findNetworks(new Set())));
  });

  it("name disks by their size and model, without what is no disk", () => {
    const disks = realDisks([
      { name: "sdb", size: "4096", model: "" },
      { name: "nvme0n1", size: "2000409264", model: "Samsung SSD 980" },
      { name: "loop0", size: "2048", model: "" },
      { name: "dm-0", size: "2048", model: "" },
      { name: "sr0", size: "2048", model: "DVD" },
      { name: "sdc", size: "0", model: "Card reader" },
    ]);
    assert.deepEqual(disks, [
      { name: "nvme0n1", sizeMb: 976_762, model: "Samsung SSD 980" },
      { name: "sdb", sizeMb: 2, model: null },
    ]);
  });

  it("read a card's name from what its driver says", () => {
    assert.equal(nvidiaModel("Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ:   \t\t 60\n"), "NVIDIA A100-SXM4-40GB");
    assert.equal(nvidiaModel(""), null);
  });

  const card = (uuid: string, excluded = "No") =>
    `Model: \t\t NVIDIA L4\nIRQ:   \t\t 60\nGPU UUID: \t ${uuid}\nVideo BIOS: \t 95.04\nBus Location: \t 0000:07:00.0\nGPU Excluded:\t ${excluded}\n`;
  const id = "GPU-5c6f8f1c-0d1e-4a2b-9c3d-112233445566";

  it("tell a card by the id that it has for good; one that the driver has not woken, or that is switched off, has none to give", () => {
    assert.deepEqual(nvidiaCard(card(id)), { id, model: "NVIDIA L4" });
    assert.equal(nvidiaCard(card("GPU-????????-????-????-????-????????????")), null);
    assert.equal(nvidiaCard(card(id, "Yes")), null);
    assert.equal(nvidiaCard("Model: \t\t NVIDIA L4\n"), null);
  });

  it("count cards that nodes can have where the engine can hand them out, and name all that the kernel knows", async () => {
    const root = await mkdtemp(join(tmpdir(), "kindling-gpus-"));
    try {
      const put = async (path: string, text: string): Promise<void> => {
        await mkdir(join(root, path, ".."), { recursive: true });
        await writeFile(join(root, path), text);
      };
      await put("proc/driver/nvidia/gpus/0000:07:00.0/information", card(id));
      await put("proc/driver/nvidia/gpus/0000:08:00.0/information", card("GPU-????????-????-????-????-????????????"));
      await put("sys/class/kfd/kfd/topology/nodes/0/name", "");
      await put("sys/class/kfd/kfd/topology/nodes/0/properties", "cpu_cores_count 8\nsimd_count 0\n");
      await put("sys/class/kfd/kfd/topology/nodes/1/name", "gfx90a\n");
      await put("sys/class/kfd/kfd/topology/nodes/1/properties", "cpu_cores_count 0\nsimd_count 440\n");
      const found = await findGpus(true, root);
      assert.deepEqual(found, {
        gpus: ["NVIDIA L4", "NVIDIA L4", "AMD gfx90a"],
        nvidia: { toolkit: true, cards: [{ id, model: "NVIDIA L4" }], asleep: 1 },
      });
      assert.deepEqual(cardsToGive(found), [id]);
      assert.deepEqual(cardsToGive({ ...(await findGpus(false, root)), engine: {} }), []);
      // Nobody knows what an engine can do that does not answer.
      assert.deepEqual(cardsToGive({ ...(await findGpus(false, root)), engine: null }), [id]);
      // What an agent from before there were cards reports.
      assert.deepEqual(cardsToGive({}), []);
    } finally {
      await rm(root, { recursive: true });
    }
  });

  it("see project quotas of the file system that holds the engine's layers, and of no other", () => {
    const line = (point: string, type: string, options: string) =>
      `36 35 98:0 / ${point} rw,noatime master:1 - ${type} /dev/sda1 ${options}`;
    const mounts = [line("/", "ext4", "rw"), line("/var/lib/docker", "xfs", "rw,attr2,prjquota"), line("/data", "xfs", "rw,noquota")].join(
      "\n",
    );
    assert.equal(hasProjectQuota(mounts, "/var/lib/docker"), true);
    assert.equal(hasProjectQuota(mounts, "/var/lib/docker/overlay2"), true);
    assert.equal(hasProjectQuota(mounts, "/var/lib/docker2"), false);
    assert.equal(hasProjectQuota(mounts, "/data/docker"), false);
    assert.equal(hasProjectQuota(`${mounts}\n${line("/var/lib/docker", "ext4", "rw")}`, "/var/lib/docker"), false, "mounted over");
  });

  it("come from this machine without an error, and trying leaves no link behind", async () => {
    const before = await findLinks();
    const abilities = await findAbilities(null);
    assert.equal(abilities.rootQuota, false);
    assert.ok(Array.isArray(await findDisks()));
    assert.deepEqual(await findLinks(), before);
  });
});
