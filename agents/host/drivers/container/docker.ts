/** The container driver for a real engine, through dockerode on the host's own socket. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { z } from "zod";
import { HostError } from "../../../protocol/errors.ts";
import { label } from "../../../protocol/labels.ts";
import { approvedShape, engineShape, ImageFacts, Inspected } from "../../audit/shape.ts";
import { classify, statusOf } from "./classify.ts";
import { createOptions } from "./create-options.ts";
import type { ContainerDriver, ContainerSeen, ContainerState, UsageSample } from "./port.ts";
import { cardRuntimes, EngineRuntimes, handsOutCards } from "./runtimes.ts";
import { endLeftShells, openShell } from "./shell.ts";
import { watchEngine } from "./watch.ts";

const Stats = z.object({
  read: z.string().default(""),
  cpu_stats: z
    .object({ cpu_usage: z.object({ total_usage: z.number() }).partial() })
    .partial()
    .default({}),
  memory_stats: z
    .object({ usage: z.number(), stats: z.record(z.string(), z.number()) })
    .partial()
    .default({}),
});

/** Containers of `installation` on the engine behind `docker`. */
export function dockerContainers(docker: Docker, installation: string): ContainerDriver {
  const ipv6 = existsSync("/proc/sys/net/ipv6");
  // The same as long as the engine is.
  let cgroup: Promise<unknown> | null = null;
  const own = [`${label.installation}=${installation}`];
  const shells = new Set<string>();

  /** Runs a call for which "gone" and "already so" are success. */
  async function settle(call: () => Promise<unknown>, fine: readonly number[], what: string): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (!fine.includes(statusOf(error) ?? 0)) throw classify(error, what);
    }
  }

  return {
    async list() {
      try {
        const all = await docker.listContainers({ all: true, filters: { label: own } });
        return all.map(
          (c): ContainerSeen => ({ id: c.Id, name: (c.Names[0] ?? "").replace(/^\//, ""), state: stateOf(c.State), labels: c.Labels }),
        );
      } catch (error) {
        throw classify(error, "list the containers");
      }
    },

    async create(request) {
      try {
        // Asked each time: an engine takes another default runtime without being started again.
        const runtimes = EngineRuntimes.parse(await docker.info());
        return (await docker.createContainer(createOptions(request, ipv6, handsOutCards(runtimes)))).id;
      } catch (error) {
        if (statusOf(error) !== 409) throw classify(error, "create the node's container");
        return await adopt(docker, request.name, request.labels, installation);
      }
    },

    start: (id) => settle(() => docker.getContainer(id).start(), [304], "start the node's container"),
    stop: (id, seconds) => settle(() => docker.getContainer(id).stop({ t: seconds }), [304, 404], "stop the node's container"),

    async remove(id) {
      try {
        await docker.getContainer(id).remove({ force: true, v: true });
      } catch (error) {
        // 409: its removal is already under way; the event tells when it is done.
        if (statusOf(error) === 404) return;
        if (statusOf(error) === 409)
          throw new HostError({ code: "removal_under_way", message: "Docker is still removing the container.", retryable: true });
        throw classify(error, "remove the node's container");
      }
    },

    async inspect(id) {
      try {
        const info = await docker.getContainer(id).inspect();
        const started = info.State.StartedAt;
        return {
          startedAt: info.State.Running && started && !started.startsWith("0001") ? new Date(started).toISOString() : null,
          exitCode: info.State.Running ? null : info.State.ExitCode,
          sandbox: info.State.Running && info.State.Pid > 0 ? `/proc/${info.State.Pid}/ns/net` : null,
        };
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw classify(error, "look at the node's container");
      }
    },

    async examine(id, request) {
      try {
        cgroup ??= docker.info();
        const [seen, image, info]: unknown[] = await Promise.all([
          docker.getContainer(id).inspect(),
          docker.getImage(request.image).inspect(),
          cgroup,
        ]);
        const version = z.object({ CgroupVersion: z.string().default("1") }).parse(info).CgroupVersion;
        return {
          approved: approvedShape(createOptions(request, ipv6), ImageFacts.parse(image)),
          engine: engineShape(Inspected.parse(seen), version, cardRuntimes(EngineRuntimes.parse(info))),
        };
      } catch (error) {
        cgroup = null;
        if (statusOf(error) === 404) return null;
        throw classify(error, "compare the node's container");
      }
    },

    async usage(id): Promise<UsageSample | null> {
      try {
        const raw: unknown = await docker.getContainer(id).stats({ stream: false, "one-shot": true });
        const stats = Stats.parse(raw);
        const cpuNs = stats.cpu_stats.cpu_usage?.total_usage;
        if (cpuNs === undefined) return null;
        const detail = stats.memory_stats.stats ?? {};
        const cache = detail.total_inactive_file ?? detail.inactive_file ?? 0;
        const used = Math.max(0, (stats.memory_stats.usage ?? 0) - cache);
        return { cpuNs, atMs: Date.parse(stats.read), memoryMb: Math.round(used / 1_048_576) };
      } catch (error) {
        if (statusOf(error) === 404 || statusOf(error) === 409) return null;
        throw classify(error, "read the node's usage");
      }
    },

    async layerMb(id) {
      try {
        const [seen] = await docker.listContainers({ all: true, size: true, filters: { id: [id] } });
        const size = z.object({ SizeRw: z.number() }).safeParse(seen);
        return size.success ? Math.round(size.data.SizeRw / 1_048_576) : null;
      } catch (error) {
        throw classify(error, "measure the node's root disk");
      }
    },

    async facts() {
      try {
        const [version, info] = await Promise.all([docker.version(), docker.info()]);
        const more = z
          .object({
            Driver: z.string().default("?"),
            CgroupVersion: z.string().default("1"),
            DockerRootDir: z.string().default("/var/lib/docker"),
          })
          .parse(info);
        const runtimes = EngineRuntimes.parse(info);
        return {
          engine: {
            ...{ version: version.Version, apiVersion: version.ApiVersion, storageDriver: more.Driver, cgroup: more.CgroupVersion },
            ...(handsOutCards(runtimes) ? { handsOutCards: true } : {}),
          },
          dataRoot: more.DockerRootDir,
          gpus: "nvidia" in runtimes.Runtimes || gpuHook(),
        };
      } catch (error) {
        throw classify(error, "tell its version");
      }
    },

    shell: (id, size) => openShell(docker, id, size, shells),

    async endLeftShells(id) {
      try {
        return await endLeftShells(docker, id, shells);
      } catch (error) {
        if (statusOf(error) === 404) return 0;
        throw classify(error, "end the terminals that were left in the node");
      }
    },

    watch: (signal, onEvent) => watchEngine(docker, own, signal, onEvent),
  };
}

/** The programs that the engine looks for when it starts (the second one a newer one does), and without which it knows no driver of cards. */
function gpuHook(): boolean {
  const folders = ["/usr/bin", "/usr/local/bin", "/usr/sbin", "/usr/local/sbin", "/bin", "/sbin"];
  return folders.some((folder) =>
    ["nvidia-container-runtime-hook", "nvidia-cdi-hook"].some((program) => existsSync(join(folder, program))),
  );
}

/** A name that is taken: by our own earlier attempt (a lost answer), or by somebody else's container. */
async function adopt(docker: Docker, name: string, labels: Readonly<Record<string, string>>, installation: string): Promise<string> {
  try {
    const info = await docker.getContainer(name).inspect();
    const theirs = info.Config.Labels;
    if (theirs[label.installation] === installation && theirs[label.node] === labels[label.node]) {
      if (theirs[label.config] === labels[label.config]) return info.Id;
      throw new HostError({ code: "name_conflict", message: `An earlier container of ${name} is still being removed.`, retryable: true });
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw classify(error, "look at the container that has the node's name");
    throw new HostError({ code: "name_conflict", message: `The name ${name} was taken a moment ago.`, retryable: true });
  }
  throw new HostError({
    code: "name_conflict",
    message: `A container called ${name}, which this installation did not make, is on this host. Remove or rename it, then retry.`,
    retryable: false,
  });
}

function stateOf(state: string): ContainerState {
  if (state === "created") return "created";
  return state === "running" || state === "restarting" || state === "paused" ? "running" : "exited";
}
