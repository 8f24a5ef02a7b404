import { containerRequest } from "../../testing/request.ts";
import { net } from "../../testing/specs.ts";
import { containerContract } from "../container/contract.ts";
import { fakeContainers } from "../container/fake.ts";
import { networkContract } from "../network/contract.ts";
import { fakeNetworks } from "../network/fake.ts";
import { volumeContract } from "../volume/contract.ts";
import { fakeVolumes } from "../volume/fake.ts";
import { fakeEngine } from "./engine.ts";

containerContract("fake", async () => {
  const engine = fakeEngine();
  engine.networks.set("net", { id: "net", segment: "segmentone", bridge: "kb0", subnet: "10.1.1.0/24", gateway: "10.1.1.254", mtu: 1500 });
  const request = (number: number, config?: string) =>
    containerRequest("installone", number, { image: "image", network: "net", ip: `10.1.1.${number}` }, config);
  return {
    driver: fakeContainers(engine, "installone", Date.now),
    another: () => fakeContainers(engine, "installone", Date.now),
    request,
    foreign: async (name) =>
      void engine.containers.set("foreign", {
        id: "foreign",
        request: { ...request(9), name, labels: {} },
        state: "created",
        startedAt: null,
      }),
    alter: async (id) => void engine.altered.set(id, { memory: "128 MB" }),
    dispose: async () => undefined,
  };
});

networkContract("fake", async () => {
  const segments = [1, 2].map((n) => ({
    ...net("tenantone", `segment${n}`).segment,
    subnet: `10.1.${n}.0/24`,
    gateway: `10.1.${n}.254`,
  }));
  const engine = fakeEngine();
  return {
    driver: fakeNetworks(engine),
    segment: (n) => segments[n - 1] ?? segments[0]!,
    uplinks: {
      vlan: { kind: "vlan", vid: 100, parent: "eth0" },
      vxlan: { kind: "vxlan", vni: 7, port: 4789, local: "192.0.2.1", peers: [] },
    },
    forwarding: async (spec) => engine.uplinks.get(spec.id) ?? "",
    occupy: async ({ id: network }) =>
      void engine.containers.set("one", {
        id: "one",
        request: { name: "one", labels: {}, network, ip: "10.1.1.9" },
        state: "created",
        startedAt: null,
      }),
    dispose: async () => undefined,
  };
});

volumeContract("fake", async () => {
  const driver = fakeVolumes(300);
  return {
    driver,
    reopen: () => driver,
    reboot: async () => driver.reboot(),
    write: async (id, text) => {
      const disk = driver.disks.get(id);
      if (disk) disk.content = text;
    },
    read: async (id) => driver.disks.get(id)?.content ?? "",
    dispose: async () => undefined,
  };
});
