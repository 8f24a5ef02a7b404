/** GET /v1/terminal: after the upgrade frames to and from a shell in a node (agents/protocol/terminal.ts). */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { HostError } from "../../protocol/errors.ts";
import { dataFrames, endFrame, FrameReader, frameKinds, said, type TerminalEnd, TerminalSize } from "../../protocol/terminal.ts";
import { TerminalQuery } from "../../protocol/verbs.ts";
import { containersOf } from "../converge/nodes.ts";
import type { Shell } from "../drivers/container/port.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";
import { notFound, parse, refuseUpgrade } from "./respond.ts";

const mostPerNode = 8;
/** What was typed and no program has read yet, bytes; beyond it is dropped, as a terminal does whose program reads nothing. */
const mostUnread = 1_048_576;
const stopMs = 7_000;

export interface Terminals {
  /** Answers an upgrade of /v1/terminal. */
  upgrade(query: Record<string, string>, socket: Duplex, head: Buffer): void;
  /** Ends what an agent that was killed left in the nodes. */
  collect(): Promise<void>;
  /** Hangs up all of them; resolves when their shells have ended. */
  stop(): Promise<void>;
}

export function makeTerminals(world: World): Terminals {
  const open = new Map<string, number>();
  const under = new Set<Promise<void>>();
  const halt = new AbortController();

  function containerOf(node: string): string {
    const spec = world.store.node(node);
    if (!spec) throw notFound("This host has no such node.");
    const container = containersOf(world, node).find((c) => c.state === "running");
    if (!container || spec.desired !== "running" || world.ending.has(container.id) || halt.signal.aborted)
      throw new HostError({ code: "node_not_running", message: "The node does not run.", retryable: true });
    return container.id;
  }

  /** Holds one of the node's places from before the shell is there until after it has ended. */
  async function serve(query: Record<string, string>, socket: Duplex, head: Buffer): Promise<void> {
    const { node, ...size } = parse(TerminalQuery, query);
    const container = containerOf(node);
    const count = open.get(node) ?? 0;
    if (count >= mostPerNode)
      throw new HostError({
        code: "terminals_taken",
        message: `This node has ${mostPerNode} terminals open, and no more are allowed. Close one of them, then connect again.`,
        retryable: true,
      });
    open.set(node, count + 1);
    const fields = { node, container: container.slice(0, 12) };
    try {
      const shell = await operation(world.log, "terminal.open", fields, () => world.drivers.containers.shell(container, size));
      try {
        await converse(shell, socket, head, halt.signal, () => endOf(shell, node, container));
      } finally {
        await operation(world.log, "terminal.end", fields, () => shell.end());
      }
    } finally {
      const rest = (open.get(node) ?? 1) - 1;
      if (rest > 0) open.set(node, rest);
      else open.delete(node);
    }
  }

  async function endOf(shell: Shell, node: string, container: string): Promise<TerminalEnd> {
    // The engine may have gone, and the stream with it.
    const code = await shell.exitCode().catch(() => undefined);
    if (code === undefined) return { why: "failed", code: null };
    const lives = world.containers.get(container)?.state === "running" && !world.ending.has(container);
    const wanted = world.store.node(node)?.desired === "running";
    return code === null || !lives || !wanted ? { why: "stopped", code: null } : { why: "exited", code };
  }

  return {
    upgrade(query, socket, head) {
      socket.on("error", () => socket.destroy());
      const done = serve(query, socket, head)
        .catch((error: unknown) => refuseUpgrade(error, world.log, socket))
        .finally(() => under.delete(done));
      under.add(done);
    },

    async collect() {
      const running = [...world.containers.values()].filter((c) => c.state === "running");
      for (const { id } of running)
        await world.drivers.containers.endLeftShells(id).then(
          (count) => {
            if (count > 0) world.log.info({ op: "terminal.collect", container: id.slice(0, 12), count }, "terminal.collect");
          },
          (error: unknown) => world.log.warn({ op: "terminal.collect", err: error }, "terminal.collect"),
        );
    },

    async stop() {
      halt.abort();
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(late.resolve, stopMs);
      await Promise.race([Promise.all(under), late.promise]);
      clearTimeout(timer);
    },
  };
}

/** Until the shell ends or whoever listens leaves. Who reads slowly makes the shell wait; nothing is piled up for them. */
async function converse(shell: Shell, socket: Duplex, head: Buffer, halt: AbortSignal, how: () => Promise<TerminalEnd>): Promise<void> {
  const left = new AbortController();
  const over = AbortSignal.any([left.signal, halt]);
  const reader = new FrameReader();
  const resize = lastOf((size: TerminalSize) => shell.resize(size));
  const hear = (chunk: Buffer): void => {
    try {
      for (const frame of reader.push(chunk)) {
        if (frame.kind === frameKinds.data && shell.stream.writableLength < mostUnread) shell.stream.write(frame.payload);
        if (frame.kind === frameKinds.resize) void resize(said(TerminalSize, frame));
      }
    } catch {
      // Not what was agreed on: there is nothing to be understood any more.
      socket.destroy();
    }
  };
  socket.once("close", () => left.abort());
  // A server's socket outlives the end of what it is sent: whoever says no more has left.
  socket.once("end", () => socket.destroy());
  shell.stream.on("error", () => shell.stream.destroy());
  over.addEventListener("abort", () => shell.stream.destroy(), { once: true });
  if (socket.destroyed || over.aborted) return;
  socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: kindling-terminal\r\n\r\n");
  // Never paused: that somebody left is only seen while it is read.
  socket.on("data", hear);
  if (head.length > 0) hear(head);
  try {
    for await (const chunk of shell.stream) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      if (!socket.write(dataFrames(bytes))) await once(socket, "drain", { signal: over });
    }
  } catch (error) {
    if (!over.aborted) {
      socket.end(endFrame({ why: "failed", code: null }));
      throw error;
    }
  }
  if (halt.aborted) socket.destroy();
  else if (!left.signal.aborted) socket.end(endFrame(await how()));
}

/** One at a time: what is wanted meanwhile waits, and of that only the last. The engine is everybody's on the host. */
function lastOf<T>(work: (wanted: T) => Promise<void>): (wanted: T) => Promise<void> {
  const waiting: T[] = [];
  let busy = false;
  return async (wanted) => {
    waiting.splice(0, waiting.length, wanted);
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await work(next);
    } finally {
      busy = false;
    }
  };
}

/** The query of an upgrade that wants a terminal, or null. */
export function terminalQuery(req: IncomingMessage, path: string): Record<string, string> | null {
  const url = URL.parse(req.url ?? "/", "http://agent");
  return url?.pathname === path && req.headers.upgrade === "kindling-terminal" ? Object.fromEntries(url.searchParams) : null;
}
