/** One watcher for every node whose container runs; and what happened to nodes that a restart must not forget. */
import { HostError } from "../../protocol/errors.ts";
import { label } from "../../protocol/labels.ts";
import type { NodeObservation } from "../../protocol/observed.ts";
import type { Metrics } from "../../protocol/verbs.ts";
import type { Watched } from "../observe.ts";
import type { World } from "../world.ts";
import { firstAnswers } from "./first-answers.ts";
import { type LogPart, readLogFile } from "./log-file.ts";
import { killedProcess } from "./oom.ts";
import { makeRecorder } from "./record.ts";
import { checkRootDisks } from "./root-disk.ts";
import { type Watcher, watchNode } from "./watcher.ts";

const rootEveryMs = 60_000;

export interface Monitor {
  /** Begins and ends watchers so that exactly the running nodes have one. */
  follow(): void;
  watched(node: string): Watched;
  oom(container: string, atMs: number): void;
  restart(node: string, service: string): Promise<void>;
  /** The end of a service's log, or what came after an earlier answer's `after`. */
  tail(node: string, service: string, bytes: number, after: string | null): Promise<LogPart>;
  /** The last hour of a node, or of the host itself. */
  metrics(node: string | null): Metrics;
  stop(): void;
}

export function makeMonitor(world: World): Monitor {
  const watchers = new Map<string, Watcher>();
  const kills = new Map<string, { count: number; last: NodeObservation["lastOom"] }>();
  const answers = firstAnswers();
  let stopped = false;
  const recorder = makeRecorder(world, (node) => watchers.get(node)?.view().usage ?? null);
  let checking = false;
  const rootDisks = setInterval(() => {
    // The engine may walk files for longer than a minute; a second walk beside it would only make both slower.
    if (checking) return;
    checking = true;
    checkRootDisks(world)
      .catch((error: unknown) => world.log.warn({ op: "root.check", reason: String(error) }, "root.check"))
      .finally(() => {
        checking = false;
      });
  }, rootEveryMs);

  // Before the packet filter knows the node's port, a probe would only lose its first packets and wait a second.
  const containerOf = (node: string) =>
    [...world.containers.values()].find((c) => c.labels[label.node] === node && c.state === "running" && c.bound);
  const supervisorOf = (node: string) => world.drivers.supervisorAt(`${world.drivers.files.paths(node).run}/supervisor.sock`);

  function follow(): void {
    if (stopped) return;
    for (const container of kills.keys()) if (!world.containers.has(container)) kills.delete(container);
    for (const [node, watcher] of watchers) {
      const container = world.store.node(node) ? containerOf(node) : undefined;
      if (container?.id === watcher.container) continue;
      watcher.stop();
      watchers.delete(node);
    }
    for (const { id } of world.store.spec()?.nodes ?? []) {
      const container = containerOf(id);
      if (container && !watchers.has(id)) watchers.set(id, watchNode(world, id, container.id, answers));
    }
  }

  return {
    follow,
    watched(node) {
      const view = watchers.get(node)?.view() ?? { services: [], sparkMaster: null, usage: null };
      const container = containerOf(node)?.id;
      const oom = container ? kills.get(container) : undefined;
      return { ...view, oomKills: oom?.count ?? 0, lastOom: oom?.last ?? null };
    },
    oom(container, atMs) {
      const count = (kills.get(container)?.count ?? 0) + 1;
      const at = new Date(atMs).toISOString();
      kills.set(container, { count, last: { at, process: null } });
      world.log.warn({ op: "node.oom", container: container.slice(0, 12) }, "node.oom");
      world.changed();
      killedProcess(container).then(
        (process) => {
          kills.set(container, { count: kills.get(container)?.count ?? count, last: { at, process } });
          world.changed();
        },
        () => undefined,
      );
    },
    async restart(node, service) {
      const stopSeconds = world.store.node(node)?.services.find((s) => s.id === service)?.stopSeconds ?? 5;
      if (!containerOf(node))
        throw new HostError({
          code: "node_not_running",
          message: "The node does not run, so its services cannot be restarted. Start the cluster first.",
          retryable: true,
        });
      try {
        await supervisorOf(node).restart(service, stopSeconds);
      } catch (error) {
        throw new HostError(
          { code: "restart_failed", message: `The node's supervisor could not restart ${service}.`, retryable: true },
          { cause: error },
        );
      } finally {
        watchers.get(node)?.hurry();
      }
    },
    async tail(node, service, bytes, after) {
      const onDisk = await readLogFile(world.drivers.volumes, world.store.node(node)?.volume ?? "", service, bytes, after);
      if (onDisk) return onDisk;
      // A node whose disk cannot be read here may still be asked itself.
      const text = containerOf(node)
        ? await supervisorOf(node)
            .tail(service, bytes)
            .catch(() => null)
        : null;
      if (text === null)
        throw new HostError({ code: "log_unavailable", message: `The log of ${service} cannot be read right now.`, retryable: true });
      return { bytes: Buffer.from(text), line: null, after: null, continues: false };
    },
    metrics: recorder.metrics,
    stop() {
      stopped = true;
      clearInterval(rootDisks);
      recorder.stop();
      for (const watcher of watchers.values()) watcher.stop();
      watchers.clear();
    },
  };
}
