import { label } from "../../protocol/labels.ts";
import { macOf } from "../drivers/container/create-options.ts";
import type { ContainerRequest } from "../drivers/container/port.ts";

type Given = Pick<ContainerRequest, "image" | "network" | "ip"> & Partial<ContainerRequest>;

/** What a small container of tests is made from: the first process of the test image stays idle, for it has no configuration and no disk. */
export function containerRequest(installation: string, number: number, given: Given, config = "c"): ContainerRequest {
  return {
    name: `${installation}-${number}`,
    hostname: `node-${number}`,
    domain: "test.local",
    mac: macOf(given.ip),
    labels: {
      [label.installation]: installation,
      [label.node]: `node${number}aaa`,
      [label.config]: config,
      [label.generation]: "1",
    },
    mounts: [],
    capabilities: [],
    sudo: false,
    filter: "engine",
    vcpus: 0.5,
    memoryMb: 64,
    pids: 64,
    stopSeconds: 1,
    env: ["KINDLING_TEST_IDLE=1"],
    ...given,
  };
}

/** The same with a mount and the rights that most nodes have. */
export function approvedRequest(installation: string, given: Given): ContainerRequest {
  return containerRequest(installation, 1, {
    mounts: [{ source: "/usr/share", target: "/data", readOnly: true }],
    capabilities: ["CHOWN", "KILL", "SETGID", "SETUID"],
    ...given,
  });
}
