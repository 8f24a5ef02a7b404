import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HostError } from "../../../protocol/errors.ts";
import { createOptions, macOf } from "./create-options.ts";
import type { ContainerRequest } from "./port.ts";
import { EngineRuntimes, handsOutCards } from "./runtimes.ts";

const request: ContainerRequest = {
  name: "kindling-1-abc",
  image: "image",
  hostname: "kindling-1",
  domain: "bdlocal",
  network: "net",
  ip: "10.35.219.2",
  mac: macOf("10.35.219.2"),
  labels: { a: "b" },
  mounts: [{ source: "/state/mnt/v", target: "/data", readOnly: false }],
  capabilities: ["CHOWN"],
  sudo: false,
  filter: "engine",
  vcpus: 1.5,
  memoryMb: 2048,
  pids: 512,
  stopSeconds: 8,
  env: [],
};

describe("a container's request", () => {
  it("is never privileged and drops everything first, whatever the spec says", () => {
    const capabilities = fc.array(fc.constantFrom("CHOWN", "DAC_READ_SEARCH", "SYS_PTRACE", "NET_RAW"));
    const filters = fc.constantFrom("engine" as const, "own" as const);
    fc.assert(
      fc.property(capabilities, fc.integer({ min: 64, max: 1e5 }), fc.boolean(), filters, (caps, memoryMb, sudo, filter) => {
        const host = createOptions({ ...request, capabilities: caps, memoryMb, sudo, filter }, true).HostConfig;
        assert.equal(host?.SecurityOpt?.includes("no-new-privileges:true"), !sudo);
        assert.deepEqual(
          host?.Ulimits?.map((limit) => limit.Name),
          ["nofile", "core"],
        );
        assert.equal(host?.Privileged, false);
        assert.deepEqual(host?.CapDrop, ["ALL"]);
        assert.deepEqual(host?.CapAdd, caps);
        assert.ok(!host?.SecurityOpt?.some((o: string) => o.includes("unconfined")));
        assert.equal(
          host?.SecurityOpt?.some((o: string) => o.startsWith("seccomp=")),
          filter === "own" || caps.includes("DAC_READ_SEARCH"),
        );
        assert.equal(host?.MemorySwap, host?.Memory);
        assert.ok(host?.Binds === undefined && host?.Devices === undefined && host?.PidMode === undefined);
      }),
    );
  });

  it("gives nothing that leads out of a container, and no capability in another spelling past its filter", () => {
    for (const name of [
      "ALL",
      "SYS_ADMIN",
      "SYS_MODULE",
      "SYS_RAWIO",
      "NET_ADMIN",
      "BPF",
      "FOWNER",
      "MKNOD",
      "CAP_DAC_READ_SEARCH",
      "CAP_CHOWN",
    ])
      assert.throws(
        () => createOptions({ ...request, capabilities: ["CHOWN", name] }, true),
        (error) => error instanceof HostError && error.fault.code === "capability_refused" && error.message.includes(name),
        name,
      );
  });

  it("carries limits, address and mounts", () => {
    const options = createOptions(request, true);
    assert.equal(options.HostConfig?.CpuPeriod, 100_000);
    assert.equal(options.HostConfig?.CpuQuota, 150_000);
    assert.equal(options.HostConfig?.Memory, 2048 * 1024 * 1024);
    assert.equal(options.HostConfig?.PidsLimit, 512);
    assert.ok(options.HostConfig?.Sysctls?.["net.ipv6.conf.all.disable_ipv6"]);
    assert.equal(createOptions(request, false).HostConfig?.Sysctls, undefined, "a kernel without IPv6 has no such setting");
    assert.equal(options.MacAddress, "02:42:0a:23:db:02");
    assert.equal(options.NetworkingConfig?.EndpointsConfig?.net?.IPAMConfig?.IPv4Address, "10.35.219.2");
    assert.deepEqual(
      options.HostConfig?.Mounts?.map((m) => [m.Type, m.Source, m.Target, m.ReadOnly]),
      [["bind", "/state/mnt/v", "/data", false]],
    );
  });

  it("has no card but its own where the engine's default runtime hands them out, and is as ever elsewhere", () => {
    const own = { ...request, gpus: ["GPU-1"], env: ["A=b"] };
    assert.equal("Runtime" in (createOptions(request, true).HostConfig ?? {}), false);
    assert.deepEqual(createOptions(request, true).Env, []);
    const bare = createOptions(request, true, true);
    assert.deepEqual([bare.HostConfig?.Runtime, bare.Env], ["runc", ["NVIDIA_VISIBLE_DEVICES=void"]]);
    const with_ = createOptions(own, true, true);
    assert.deepEqual([with_.HostConfig?.Runtime, with_.Env], ["runc", ["A=b"]]);
    assert.equal(with_.HostConfig?.DeviceRequests?.length, 1);
  });

  it("knows NVIDIA's runtimes by name or program", () => {
    const of = (DefaultRuntime: string, Runtimes: Record<string, { path: string }>) =>
      handsOutCards(EngineRuntimes.parse({ DefaultRuntime, Runtimes }));
    const nvidia = { path: "/usr/bin/nvidia-container-runtime" };
    assert.equal(of("nvidia", { runc: { path: "runc" }, nvidia }), true);
    assert.equal(of("cards", { runc: { path: "runc" }, cards: nvidia }), true);
    assert.equal(of("runc", { runc: { path: "runc" }, nvidia }), false);
    assert.equal(of("runsc", { runc: { path: "runc" }, runsc: { path: "/usr/bin/runsc" } }), false);
    assert.equal(handsOutCards(EngineRuntimes.parse({})), false);
  });

  it("asks for the node's own cards by their ids, and for none where it has none", () => {
    assert.equal("DeviceRequests" in (createOptions(request, true).HostConfig ?? {}), false);
    assert.equal("DeviceRequests" in (createOptions({ ...request, gpus: [] }, true).HostConfig ?? {}), false);
    assert.deepEqual(createOptions({ ...request, gpus: ["GPU-1", "GPU-2"] }, true).HostConfig?.DeviceRequests, [
      { Driver: "nvidia", DeviceIDs: ["GPU-1", "GPU-2"], Capabilities: [["gpu"]] },
    ]);
  });

  it("filters the handle call where its capability is granted, and keeps what programs need", () => {
    const filter =
      createOptions({ ...request, capabilities: ["DAC_READ_SEARCH"] }, true).HostConfig?.SecurityOpt?.[1]?.slice("seccomp=".length) ?? "";
    const names = (JSON.parse(filter) as { syscalls: { names: string[] }[] }).syscalls.flatMap((s) => s.names);
    for (const banned of ["open_by_handle_at", "mount", "bpf", "setns", "unshare", "init_module", "kexec_load", "add_key", "userfaultfd"])
      assert.ok(!names.includes(banned), banned);
    for (const needed of ["openat", "execve", "futex", "mmap", "epoll_wait", "clone", "sendto", "statx", "rseq"])
      assert.ok(names.includes(needed), needed);
  });
});
