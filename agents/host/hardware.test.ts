import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findAbilities, hasProjectQuota } from "./abilities.ts";
import { carriers, findDisks, findLinks, nvidiaModel, realDisks } from "./hardware.ts";

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
