/** The portal's socket: what a page asks of a node at once. Nothing here changes what is desired. */
import { createServer, type Server } from "node:http";
import type { NodeSpec } from "../../protocol/spec.ts";
import {
  ArchiveQuery,
  AttestQuery,
  BuildRequest,
  ImageLogQuery,
  LogQuery,
  logHeaders,
  MetricsQuery,
  paths,
  RestartRequest,
} from "../../protocol/verbs.ts";
import type { Auditor } from "../audit/auditor.ts";
import { rebuildImage } from "../converge/rebuild.ts";
import type { Dirs } from "../dirs.ts";
import { operation } from "../log.ts";
import type { Monitor } from "../monitor/monitor.ts";
import type { World } from "../world.ts";
import { sendArchive } from "./archive.ts";
import { atMost } from "./at-most.ts";
import { readImageLog } from "./image-log.ts";
import { body, json, notFound, parse, router } from "./respond.ts";

export interface PortalVerbs {
  readonly world: World;
  readonly dirs: Dirs;
  readonly monitor: Pick<Monitor, "tail" | "restart" | "metrics">;
  readonly auditor: Pick<Auditor, "attest">;
}

const text = { "content-type": "text/plain; charset=utf-8" };

export function portalServer({ world, dirs, monitor, auditor }: PortalVerbs): Server {
  // Each is a process outside of every node's limits, for as long as whoever downloads takes.
  const archiving = atMost(8, "This host sends as many downloads as it can. Try again when one of them is done.");
  const needService = (node: string, service: string) => {
    if (!world.store.node(node)?.services.some((s) => s.id === service)) throw notFound("This node has no such service.");
  };
  return createServer(
    router(
      {
        [`GET ${paths.log}`]: async (_req, res, query) => {
          const { node, service, bytes, after } = parse(LogQuery, query);
          needService(node, service);
          const part = await monitor.tail(node, service, bytes, after ?? null);
          const place = {
            ...(part.line === null ? {} : { [logHeaders.line]: String(part.line) }),
            ...(part.after === null ? {} : { [logHeaders.after]: part.after }),
            ...(part.continues ? { [logHeaders.continues]: "1" } : {}),
          };
          res.writeHead(200, { ...text, ...place }).end(part.bytes);
        },
        [`GET ${paths.imageLog}`]: async (_req, res, query) => {
          const { tag } = parse(ImageLogQuery, query);
          const log = await readImageLog(dirs.images, tag);
          res.writeHead(200, text).end(log);
        },
        [`POST ${paths.build}`]: async (req, res) => {
          const { tag } = parse(BuildRequest, await body(req, 10_000));
          if (!rebuildImage(world, tag)) throw notFound("This host is to have no such image.");
          json(res, 200, {});
        },
        [`GET ${paths.metrics}`]: async (_req, res, query) => {
          const { node } = parse(MetricsQuery, query);
          if (node !== undefined && !world.store.node(node)) throw notFound("This host has no such node.");
          json(res, 200, monitor.metrics(node ?? null));
        },
        [`GET ${paths.attest}`]: async (_req, res, query) => {
          const { cluster, tenant } = parse(AttestQuery, query);
          const wanted = (node: NodeSpec) => (!cluster || node.cluster.id === cluster) && (!tenant || node.tenant === tenant);
          json(res, 200, await auditor.attest(wanted));
        },
        [`GET ${paths.archive}`]: async (_req, res, query) => {
          const { volume, path } = parse(ArchiveQuery, query);
          if (!world.store.spec()?.volumes.some((v) => v.id === volume)) throw notFound("This host has no such disk.");
          await archiving(() => sendArchive(world.drivers.volumes, volume, path, res));
        },
        [`POST ${paths.restart}`]: async (req, res) => {
          const { node, service } = parse(RestartRequest, await body(req, 10_000));
          needService(node, service);
          await operation(world.log, "service.restart", { node, service }, () => monitor.restart(node, service));
          json(res, 200, {});
        },
      },
      world.log,
    ),
  );
}
