/** A container driver without an engine, with the same promises. */
import { HostError } from "../../../protocol/errors.ts";
import { label } from "../../../protocol/labels.ts";
import { type FakeContainer, type FakeEngine, through } from "../fake/engine.ts";
import { fakeShell } from "../fake/shell.ts";
import type { ContainerDriver, EngineEvent } from "./port.ts";

export function fakeContainers(engine: FakeEngine, installation: string, now: () => number): ContainerDriver {
  const find = (id: string): FakeContainer | undefined => engine.containers.get(id);
  /** Of this process: an earlier one's are those that it left. */
  const opened = new Set<unknown>();
  const own = () => [...engine.containers.values()].filter((c) => c.request.labels[label.installation] === installation);

  function tell(kind: "created" | "started" | "died" | "destroyed", c: FakeContainer, more: Record<string, string> = {}): void {
    engine.emit({ kind, id: c.id, name: c.request.name, labels: { ...c.request.labels, ...more }, atMs: now() });
  }

  function end(c: FakeContainer, exitCode: number): void {
    if (c.state !== "running") return;
    c.state = "exited";
    c.startedAt = null;
    for (const shell of engine.shells.get(c.id) ?? []) shell.cut();
    tell("died", c, { exitCode: String(exitCode) });
  }

  return {
    list: () =>
      through(engine, "list", () => own().map((c) => ({ id: c.id, name: c.request.name, state: c.state, labels: c.request.labels }))),

    create: (request) =>
      through(engine, "create", () => {
        const taken = [...engine.containers.values()].find((c) => c.request.name === request.name);
        if (taken) {
          const theirs = taken.request.labels;
          const same = theirs[label.installation] === installation && theirs[label.node] === request.labels[label.node];
          if (same && theirs[label.config] === request.labels[label.config]) return taken.id;
          throw new HostError({ code: "name_conflict", message: `The name ${request.name} is taken on this host.`, retryable: same });
        }
        if (![...engine.networks.values()].some((n) => n.id === request.network))
          throw new HostError({
            code: "engine_refused",
            message: "Docker on this host could not create the node's container: network not found",
            retryable: true,
          });
        const c: FakeContainer = { id: engine.nextId(), request, state: "created", startedAt: null };
        engine.containers.set(c.id, c);
        tell("created", c);
        return c.id;
      }),

    start: (id) =>
      through(engine, "start", () => {
        const c = find(id);
        if (!c)
          throw new HostError({
            code: "engine_refused",
            message: "Docker on this host could not start the node's container: no such container",
            retryable: true,
          });
        if (c.state === "running") return;
        if (
          [...engine.containers.values()].some(
            (o) => o !== c && o.state === "running" && o.request.network === c.request.network && o.request.ip === c.request.ip,
          )
        )
          throw new HostError({
            code: "address_conflict",
            message: "The node's address is still held by another container on this host.",
            retryable: true,
          });
        c.state = "running";
        c.startedAt = new Date(now()).toISOString();
        tell("started", c);
      }),

    stop: (id) =>
      through(engine, "stop", () => {
        const c = find(id);
        if (c) end(c, 0);
      }),

    remove: (id) =>
      through(engine, "remove", () => {
        const c = find(id);
        if (!c) return;
        end(c, 137);
        engine.containers.delete(id);
        tell("destroyed", c);
      }),

    inspect: (id) =>
      through(engine, "inspect", () => {
        const c = find(id);
        if (!c) return null;
        const running = c.state === "running";
        return { startedAt: c.startedAt, exitCode: running ? null : 0, sandbox: running ? `/fake/${id}` : null };
      }),

    examine: (id, request) =>
      through(engine, "examine", () => {
        if (!find(id)) return null;
        const approved = { name: request.name, memory: `${request.memoryMb} MB` };
        return { approved, engine: { ...approved, ...engine.altered.get(id) } };
      }),

    usage: (id) => through(engine, "usage", () => (find(id)?.state === "running" ? { cpuNs: 1e9, atMs: now(), memoryMb: 10 } : null)),
    layerMb: (id) => through(engine, "layerMb", () => (find(id) ? 1 : null)),
    facts: () =>
      through(engine, "facts", () => ({
        engine: { version: "fake", apiVersion: "1.41", storageDriver: "fake", cgroup: "1" },
        dataRoot: "/nowhere",
        gpus: false,
      })),

    shell: (id, size) =>
      through(engine, "shell", () => {
        if (find(id)?.state !== "running")
          throw new HostError({
            code: "engine_refused",
            message: "Docker on this host could not open a terminal: not running",
            retryable: true,
          });
        const shell = fakeShell(size);
        opened.add(shell);
        engine.shells.set(id, [...(engine.shells.get(id) ?? []), shell]);
        return shell;
      }),

    async endLeftShells(id) {
      const left = (engine.shells.get(id) ?? []).filter((shell) => shell.running() && !opened.has(shell));
      await Promise.all(left.map((shell) => shell.end()));
      return left.length;
    },

    watch(signal, onEvent) {
      const listener = (event: EngineEvent) => {
        if (!("labels" in event) || event.labels[label.installation] === installation) onEvent(event);
      };
      engine.listeners.add(listener);
      signal.addEventListener("abort", () => engine.listeners.delete(listener), { once: true });
      queueMicrotask(() => {
        if (engine.up && !signal.aborted) listener({ kind: "connected" });
      });
    },
  };
}
