/** GET /v1/dial: after the upgrade a plain TCP stream to a port that the node's spec declares, and to no other. */
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { HostError } from "../../protocol/errors.ts";
import type { NodeSpec } from "../../protocol/spec.ts";
import { DialQuery, paths } from "../../protocol/verbs.ts";
import { containersOf } from "../converge/nodes.ts";
import type { World } from "../world.ts";
import { notFound, parse, refuseUpgrade } from "./respond.ts";

const connectMs = 5_000;

/** Pure: ports that people may reach through the gateway: endpoints, and what a service guards for the gateway's sake. */
export function declared(spec: Pick<NodeSpec, "services">, port: number): boolean {
  return spec.services.some(
    ({ endpoints, guarded }) =>
      endpoints.some((e) => e.port === port) || guarded.some((g) => (typeof g === "number" ? g === port : port >= g[0] && port <= g[1])),
  );
}

export function onUpgrade(world: World, req: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.on("error", () => socket.destroy());
  const refuse = (error: unknown) => refuseUpgrade(error, world.log, socket);
  try {
    const { ip, port } = target(world, req);
    const upstream = connect({ host: ip, port, noDelay: true });
    const timer = setTimeout(() => upstream.destroy(new Error("timed out")), connectMs);
    upstream.once("error", (error) => {
      clearTimeout(timer);
      refuse(
        new HostError({ code: "service_unreachable", message: "The service does not answer yet.", retryable: true }, { cause: error }),
      );
    });
    upstream.once("connect", () => {
      clearTimeout(timer);
      upstream.removeAllListeners("error");
      upstream.on("error", () => socket.destroy());
      socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: kindling-dial\r\n\r\n");
      if (head.length > 0) upstream.write(head);
      upstream.pipe(socket);
      socket.pipe(upstream);
      socket.once("close", () => upstream.destroy());
      // A service that ended in order has been read to its end, and what was read may still be on its way to whoever reads slowly.
      upstream.once("close", () => {
        if (!upstream.readableEnded) socket.destroy();
      });
    });
    socket.once("close", () => upstream.destroy());
  } catch (error) {
    refuse(error);
  }
}

function target(world: World, req: IncomingMessage): { ip: string; port: number } {
  const url = new URL(req.url ?? "/", "http://agent");
  if (url.pathname !== paths.dial || req.headers.upgrade !== "kindling-dial")
    throw notFound("Only /v1/dial can be upgraded, to kindling-dial, and /v1/terminal, to kindling-terminal.");
  const { node, port } = parse(DialQuery, Object.fromEntries(url.searchParams));
  const spec = world.store.node(node);
  if (!spec) throw notFound("This host has no such node.");
  if (!declared(spec, port))
    throw new HostError({ code: "not_declared", message: "No service of this node declares that port.", retryable: false });
  // An address without our container behind it may be anybody's.
  if (!containersOf(world, node).some((c) => c.state === "running"))
    throw new HostError({ code: "node_not_running", message: "The node does not run.", retryable: true });
  return { ip: spec.ip, port };
}
