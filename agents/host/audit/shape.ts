/** A container as a list of facts in words, so that what was approved and what the engine says can be laid side by side. */
import type { ContainerCreateOptions } from "dockerode";
import { z } from "zod";
import { label } from "../../protocol/labels.ts";
import type { ContainerDifference } from "../../protocol/observed.ts";
import { noCards } from "../drivers/container/create-options.ts";
import { seccompWithoutHandles } from "../drivers/container/seccomp.ts";

/** By what it is about: "memory" → "2048 MB". */
export type Shape = Readonly<Record<string, string>>;

const none = "none";
const own = "its own";
const mb = 1_048_576;

const Texts = z.array(z.string()).nullish();
const Ulimits = z.array(z.object({ Name: z.string(), Soft: z.number(), Hard: z.number() })).nullish();
const Facts = z.record(z.string(), z.unknown()).nullish();

/** The parts of an image that decide what a container of it runs. */
export const ImageFacts = z.object({
  Id: z.string(),
  Config: z
    .object({ User: z.string().nullish(), Env: Texts, Entrypoint: Texts, Cmd: Texts, Labels: z.record(z.string(), z.string()).nullish() })
    .nullish(),
});
export type ImageFacts = z.infer<typeof ImageFacts>;

/** The engine's answer about a container: what of it can give it more, or take its limits away. */
export const Inspected = z.object({
  Image: z.string(),
  Path: z.string(),
  Args: Texts,
  Config: z.object({
    Image: z.string(),
    User: z.string().nullish(),
    Env: Texts,
    Hostname: z.string().nullish(),
    Domainname: z.string().nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  HostConfig: z.object({
    ...{ Privileged: z.boolean().nullish(), CapAdd: Texts, CapDrop: Texts, SecurityOpt: Texts },
    ...{ PidMode: z.string().nullish(), IpcMode: z.string().nullish(), UTSMode: z.string().nullish(), UsernsMode: z.string().nullish() },
    ...{ CgroupnsMode: z.string().nullish(), CgroupParent: z.string().nullish(), NetworkMode: z.string().nullish() },
    ...{ Devices: z.array(z.unknown()).nullish(), DeviceRequests: z.array(z.unknown()).nullish(), DeviceCgroupRules: Texts },
    ...{ PidsLimit: z.number().nullish(), Memory: z.number().nullish(), MemorySwap: z.number().nullish(), NanoCpus: z.number().nullish() },
    ...{
      CpuPeriod: z.number().nullish(),
      CpuQuota: z.number().nullish(),
      CpuShares: z.number().nullish(),
      CpusetCpus: z.string().nullish(),
    },
    ...{
      Runtime: z.string().nullish(),
      Ulimits,
      OomKillDisable: z.boolean().nullish(),
      OomScoreAdj: z.number().nullish(),
      Sysctls: Facts,
      GroupAdd: Texts,
    },
    ...{ PortBindings: Facts, PublishAllPorts: z.boolean().nullish(), Tmpfs: Facts, MaskedPaths: Texts, ReadonlyPaths: Texts },
    ...{ Dns: Texts, ExtraHosts: Texts, Links: Texts, RestartPolicy: z.object({ Name: z.string() }).nullish() },
  }),
  Mounts: z
    .array(
      z.object({
        Type: z.string(),
        Source: z.string().default(""),
        Destination: z.string(),
        RW: z.boolean(),
        Propagation: z.string().default(""),
      }),
    )
    .nullish(),
  NetworkSettings: z.object({
    Networks: z
      .record(
        z.string(),
        z.object({
          NetworkID: z.string(),
          MacAddress: z.string().nullish(),
          IPAddress: z.string().nullish(),
          IPAMConfig: z.object({ IPv4Address: z.string().nullish() }).nullish(),
        }),
      )
      .nullish(),
  }),
});
export type Inspected = z.infer<typeof Inspected>;

type HostConfig = Inspected["HostConfig"];

const words = (list: readonly string[] | null | undefined): string => (list && list.length > 0 ? [...list].sort().join(", ") : none);
const capabilities = (list: readonly string[] | null | undefined): string => words(list?.map((name) => name.replace(/^CAP_/, "")));
const keys = (facts: Readonly<Record<string, unknown>> | null | undefined): string => words(Object.keys(facts ?? {}));
/** What keeps cards away is in those made while the engine's default runtime hands them out, and nobody misses it in the others. */
const variables = (list: readonly string[] | null | undefined): string => words(list?.filter((one) => one !== noCards));
const pairs = (facts: Readonly<Record<string, unknown>> | null | undefined): string =>
  words(Object.entries(facts ?? {}).map(([key, value]) => `${key}=${String(value)}`));
const namespace = (mode: string | null | undefined, usual: readonly string[]): string => (!mode || usual.includes(mode) ? own : mode);

function filterOf(options: readonly string[]): string {
  const text = options.find((option) => option.startsWith("seccomp="))?.slice("seccomp=".length);
  if (text === undefined) return "the engine's";
  if (text === seccompWithoutHandles) return "Kindling's narrow one";
  return text === "unconfined" ? none : "another one";
}

const Request = z.object({
  ...{ Driver: z.string().nullish(), Count: z.number().nullish(), DeviceIDs: Texts, Options: Facts },
  Capabilities: z.array(z.array(z.string())).nullish(),
});

/** Cards one by one, so that a difference names those that only one of the two has; whatever else was asked for as it is. */
function requested(device: unknown): string[] {
  const { data } = Request.safeParse(device);
  const usual = data?.Driver === "nvidia" && !data.Count && JSON.stringify(data.Capabilities) === '[["gpu"]]';
  const plain = usual && Object.keys(data.Options ?? {}).length === 0;
  return plain && data.DeviceIDs && data.DeviceIDs.length > 0 ? data.DeviceIDs.map((id) => `GPU ${id}`) : [JSON.stringify(device)];
}

/** What both have in one form: the request was made of the same fields that the engine answers. */
function shared(
  host: HostConfig,
  image: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  cardRuntimes: readonly string[] = [],
): Record<string, string> {
  const options = (host.SecurityOpt ?? []).map((option) => option.replace(/^no-new-privileges(:true|=true)?$/, "no-new-privileges"));
  const rest = options.filter((option) => option !== "no-new-privileges" && !option.startsWith("seccomp="));
  const swap = (host.MemorySwap ?? 0) - (host.Memory ?? 0);
  return {
    image,
    "host name": name,
    privileged: host.Privileged ? "yes" : "no",
    // Which of the others it is, is the host's: its administrator may have chosen a stricter one since the container was made.
    runtime:
      host.Runtime && (cardRuntimes.includes(host.Runtime) || /nvidia/i.test(host.Runtime)) ? host.Runtime : "one that hands out no cards",
    "capabilities added": capabilities(host.CapAdd),
    "capabilities dropped": capabilities(host.CapDrop),
    "gaining privileges": options.includes("no-new-privileges") ? "impossible" : "possible",
    "system-call filter": filterOf(options),
    "other security options": words(rest),
    "pid namespace": namespace(host.PidMode, ["private"]),
    "ipc namespace": namespace(host.IpcMode, ["private", "shareable"]),
    "uts namespace": namespace(host.UTSMode, []),
    "user namespace": host.UsernsMode || "the engine's",
    "cgroup parent": host.CgroupParent || "the engine's",
    "network mode": host.NetworkMode ?? none,
    devices: words([
      ...(host.DeviceRequests ?? []).flatMap(requested),
      ...[...(host.Devices ?? []), ...(host.DeviceCgroupRules ?? [])].map((device) => JSON.stringify(device)),
    ]),
    "process limit": String(host.PidsLimit ?? none),
    memory: host.Memory ? `${host.Memory / mb} MB` : "no limit",
    swap: host.MemorySwap === -1 ? "no limit" : `${Math.max(0, swap) / mb} MB`,
    processors: host.NanoCpus
      ? String(host.NanoCpus / 1e9)
      : host.CpuQuota
        ? String(host.CpuQuota / (host.CpuPeriod || 100_000))
        : "no limit",
    "share of processors": String(host.CpuShares ?? 0),
    "bound to processors": host.CpusetCpus || none,
    limits: words((host.Ulimits ?? []).map(({ Name, Soft, Hard }) => `${Name} ${Soft}:${Hard}`)),
    "out of memory": host.OomKillDisable || host.OomScoreAdj ? "spared" : "ended",
    "kernel settings": pairs(host.Sysctls),
    "additional groups": words(host.GroupAdd),
    "published ports": host.PublishAllPorts ? "all" : keys(host.PortBindings),
    "temporary file systems": keys(host.Tmpfs),
    "name servers": words(host.Dns),
    "additional names": words([...(host.ExtraHosts ?? []), ...(host.Links ?? [])]),
    "started again by the engine": host.RestartPolicy?.Name && host.RestartPolicy.Name !== "no" ? host.RestartPolicy.Name : "never",
    // Cards are compared as devices; containers from before this label have none.
    labels: pairs(Object.fromEntries(Object.entries(labels).filter(([key]) => key !== label.generation && key !== label.gpus))),
  };
}

/**
 * What a container may be, from the request that it is made of. `cgroup` is the engine's version of control groups.
 * @param image what its image says; its own processes and environment come from there
 */
export function approvedShape(options: ContainerCreateOptions & { MacAddress: string }, image: ImageFacts): Shape {
  const host = (options.HostConfig ?? {}) as HostConfig;
  const { Entrypoint, Cmd, Env, User, Labels } = image.Config ?? {};
  const endpoints = Object.entries(options.NetworkingConfig?.EndpointsConfig ?? {});
  return {
    ...shared(host, options.Image ?? "", `${options.Hostname}.${options.Domainname}`, { ...Labels, ...options.Labels }),
    "image digest": image.Id,
    user: options.User || User || "root",
    command: [...(Entrypoint ?? []), ...(Cmd ?? [])].join(" "),
    environment: variables([...(Env ?? []), ...(options.Env ?? [])]),
    "cgroup namespace": own,
    "hidden paths": "the engine's",
    mounts: words(
      (options.HostConfig?.Mounts ?? []).map((m) => mountWords(m.Type, m.Source, m.Target, !m.ReadOnly, m.BindOptions?.Propagation ?? "")),
    ),
    networks: words(endpoints.map(([id, end]) => `${id.slice(0, 12)} ${end.IPAMConfig?.IPv4Address} ${options.MacAddress}`)),
  };
}

/**
 * The same of what the engine says. On the first version of control groups it gives no namespace of them, to nobody.
 * @param cardRuntimes those of the engine that hand out cards by themselves
 */
export function engineShape(seen: Inspected, cgroup: string, cardRuntimes: readonly string[] = []): Shape {
  const { HostConfig: host, Config: config } = seen;
  const hidden = (host.MaskedPaths?.length ?? 0) > 0 && (host.ReadonlyPaths?.length ?? 0) > 0;
  return {
    ...shared(host, config.Image, `${config.Hostname ?? ""}.${config.Domainname ?? ""}`, config.Labels ?? {}, cardRuntimes),
    "image digest": seen.Image,
    user: config.User || "root",
    command: [seen.Path, ...(seen.Args ?? [])].join(" "),
    environment: variables(config.Env),
    "cgroup namespace": namespace(host.CgroupnsMode, cgroup === "1" ? ["private", "host"] : ["private"]),
    "hidden paths": hidden ? "the engine's" : none,
    mounts: words((seen.Mounts ?? []).map((m) => mountWords(m.Type, m.Source, m.Destination, m.RW, m.Propagation))),
    networks: words(
      Object.values(seen.NetworkSettings.Networks ?? {}).map(
        (end) => `${end.NetworkID.slice(0, 12)} ${end.IPAMConfig?.IPv4Address || end.IPAddress || none} ${end.MacAddress || none}`,
      ),
    ),
  };
}

function mountWords(type: string, source: string, target: string, writable: boolean, propagation: string): string {
  const special = propagation && propagation !== "rprivate" ? `, ${propagation}` : "";
  return `${type} ${source} at ${target} (${writable ? "writable" : "read only"}${special})`;
}

const most = 400;
const short = (text: string): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Facts that differ. A list is told by what only one of the two has. */
export function differences(approved: Shape, engine: Shape): ContainerDifference[] {
  return [...new Set([...Object.keys(approved), ...Object.keys(engine)])].sort().flatMap((what) => {
    const [a, b] = [approved[what] ?? none, engine[what] ?? none];
    if (a === b) return [];
    const parts = [new Set(a.split(", ")), new Set(b.split(", "))] as const;
    const only = (one: ReadonlySet<string>, other: ReadonlySet<string>, all: string): string =>
      one.size + other.size > 2 ? [...one].filter((part) => !other.has(part)).join(", ") || none : all;
    return [{ what, approved: short(only(parts[0], parts[1], a)), engine: short(only(parts[1], parts[0], b)) }];
  });
}
