/** The gateway's socket: streams to declared ports, logs, archives. Nothing here changes a node. */
import { createServer, type Server } from "node:http";
import { ArchiveQuery, ImageLogQuery, LogQuery, paths } from "../../protocol/verbs.ts";
import type { Dirs } from "../dirs.ts";
import type { Monitor } from "../monitor/monitor.ts";
import type { World } from "../world.ts";
import { sendArchive } from "./archive.ts";
import { onUpgrade } from "./dial.ts";
import { readImageLog } from "./image-log.ts";
import { notFound, parse, router } from "./respond.ts";

export interface GatewayVerbs {
  readonly world: World;
  readonly dirs: Dirs;
  readonly monitor: Pick<Monitor, "tail">;
}

const text = { "content-type": "text/plain; charset=utf-8" };

export function gatewayServer({ world, dirs, monitor }: GatewayVerbs): Server {
  const server = createServer(
    router(
      {
        [`GET ${paths.log}`]: async (_req, res, query) => {
          const { node, service, bytes } = parse(LogQuery, query);
          if (!world.store.node(node)?.services.some((s) => s.id === service)) throw notFound("This node has no such service.");
          const tail = await monitor.tail(node, service, bytes);
          res.writeHead(200, text).end(tail);
        },
        [`GET ${paths.imageLog}`]: async (_req, res, query) => {
          const { tag } = parse(ImageLogQuery, query);
          const log = await readImageLog(dirs.images, tag);
          res.writeHead(200, text).end(log);
        },
        [`GET ${paths.archive}`]: async (_req, res, query) => {
          const { volume, path } = parse(ArchiveQuery, query);
          if (!world.store.spec()?.volumes.some((v) => v.id === volume)) throw notFound("This host has no such disk.");
          await sendArchive(world.drivers.volumes, volume, path, res);
        },
      },
      world.log,
    ),
  );
  server.on("upgrade", (req, socket, head) => onUpgrade(world, req, socket, head));
  return server;
}
