import { z } from "zod";
import { Capability } from "./capability.ts";
import { Label, Line, Port } from "./ids.ts";

/** How the agent finds out that a service answers. `spark-master` also reads the registered workers and applications. */
export const Probe = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("tcp"), port: Port }),
  z.object({ kind: z.literal("http"), port: Port, path: z.string().startsWith("/") }),
  z.object({ kind: z.literal("spark-master"), port: Port }),
]);
export type Probe = z.infer<typeof Probe>;

/** A page of a service that people open through the gateway, on an origin of its own. */
export const Endpoint = z.object({
  id: Label,
  title: Line,
  port: Port,
  /** Where the link lands, for example /lab. */
  path: z.string().startsWith("/").default("/"),
});
export type Endpoint = z.infer<typeof Endpoint>;

/** One program under supervisor. Commands are argument lists of fixed words: what varies is read from /etc/kindling. */
export const BundleService = z.object({
  title: Line,
  command: z.array(Line).min(1),
  user: Label.default("spark"),
  probe: Probe,
  endpoints: z.array(Endpoint).default([]),
  /** Ports that only the gateway and nodes of the same cluster may reach, ranges inclusive. */
  guarded: z.array(z.union([Port, z.tuple([Port, Port])])).default([]),
  /** Seconds that supervisor waits for a clean end. */
  stopSeconds: z.number().int().min(1).max(60).default(5),
});
export type BundleService = z.infer<typeof BundleService>;

export const Role = z.enum(["master", "worker"]);
export type Role = z.infer<typeof Role>;

/** bundle.yaml: what a distribution is made of. One image serves every role. */
export const Bundle = z
  .object({
    id: Label,
    name: Line,
    type: z.enum(["spark", "utility"]),
    summary: Line,
    contents: z.array(z.object({ name: Line, version: Line })),
    /** Capabilities that the image's own programs cannot do without. The tenant's set limits them further: what lacks one is not started. */
    capabilities: z.array(Capability),
    /** What people use beyond that who install packages with sudo; given as far as the set and the host have it. */
    tools: z.array(Capability).default([]),
    roles: z.object({
      master: z.object({ services: z.array(Label), minimumMemoryMb: z.number().int() }),
      worker: z.object({ services: z.array(Label), minimumMemoryMb: z.number().int() }).optional(),
    }),
    services: z.record(Label, BundleService),
  })
  .superRefine((bundle, ctx) => {
    for (const [role, { services }] of Object.entries(bundle.roles))
      for (const name of services)
        if (!bundle.services[name]) ctx.addIssue(`role ${role} names the service ${name}, which the bundle does not define`);
    for (const { id } of Object.values(bundle.services).flatMap((service) => service.endpoints))
      if (/^terminal(-|$)/.test(id)) ctx.addIssue(`no endpoint may be called ${id}: so are the terminals of nodes`);
  });
export type Bundle = z.infer<typeof Bundle>;
