/** The gateway's socket: streams to declared ports of nodes, and nothing else. */
import { createServer, type Server } from "node:http";
import type { World } from "../world.ts";
import { onUpgrade } from "./dial.ts";
import { router } from "./respond.ts";

export function gatewayServer(world: World): Server {
  const server = createServer(router({}, world.log));
  server.on("upgrade", (req, socket, head) => onUpgrade(world, req, socket, head));
  return server;
}
