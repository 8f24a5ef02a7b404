/** The reconciler's socket: the picture of this host, the whole wanted spec, disks on their way to other hosts. */
import { createServer, type Server } from "node:http";
import { HostSpec } from "../../protocol/spec.ts";
import { paths } from "../../protocol/verbs.ts";
import { operation } from "../log.ts";
import type { World } from "../world.ts";
import { copyVerbs } from "./copy.ts";
import type { Feed } from "./feed.ts";
import { body, json, parse, router } from "./respond.ts";

const specLimit = 32 * 1024 * 1024;

export function reconcilerServer(world: World, feed: Feed): Server {
  const server = createServer(
    router(
      {
        [`GET ${paths.observe}`]: async (_req, res) => feed.subscribe(res),
        [`PUT ${paths.spec}`]: async (req, res) => {
          const spec = parse(HostSpec, await body(req, specLimit));
          await operation(world.log, "spec.accept", { generation: spec.generation, nodes: spec.nodes.length }, async () => {
            const before = world.store.spec();
            const saved = world.store.accept(spec);
            // Work begins while the spec is still being written to the disk. Also a refusal changes the picture: the host halts.
            world.pokeAll(before);
            await saved;
          });
          json(res, 200, { generation: spec.generation });
        },
        ...copyVerbs(world),
      },
      world.log,
    ),
  );
  // A disk comes for as long as it takes.
  server.requestTimeout = 0;
  return server;
}
