/** The gateway's socket: streams to declared ports of nodes and terminals into nodes, and nothing else. */
import { createServer, type Server } from "node:http";
import { paths } from "../../protocol/verbs.ts";
import type { World } from "../world.ts";
import { onUpgrade } from "./dial.ts";
import { router } from "./respond.ts";
import { type Terminals, terminalQuery } from "./terminal.ts";

export function gatewayServer(world: World, terminals: Pick<Terminals, "upgrade">): Server {
  const server = createServer(router({}, world.log));
  server.on("upgrade", (req, socket, head) => {
    const query = terminalQuery(req, paths.terminal);
    if (query) terminals.upgrade(query, socket, head);
    else onUpgrade(world, req, socket, head);
  });
  return server;
}
