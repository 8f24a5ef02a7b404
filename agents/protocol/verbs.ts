import { z } from "zod";
import { Id, Label, Port } from "./ids.ts";
import { ContainerDifference } from "./observed.ts";
import { TerminalSize } from "./terminal.ts";

/**
 * The host agent speaks HTTP. On the platform's own machine it listens on three Unix sockets of mode 0600, one a role; elsewhere on one port with
 * TLS 1.3, where the role is that of the client's certificate (agents/identity). The verbs are the same:
 *
 * | role             | verbs |
 * |------------------|-------|
 * | reconciler       | GET /v1/observe (newline-separated HostObservation), PUT /v1/spec, GET /v1/volume/export, PUT /v1/volume/import |
 * | gateway          | GET /v1/dial, GET /v1/terminal (upgrades) |
 * | portal           | GET /v1/log, GET /v1/image-log, GET /v1/archive, GET /v1/metrics, GET /v1/attest, POST /v1/service/restart, POST /v1/image/build |
 *
 * A refusal answers with a status ≥ 400 and `{ fault: Fault }`.
 */
export const paths = {
  observe: "/v1/observe",
  spec: "/v1/spec",
  restart: "/v1/service/restart",
  dial: "/v1/dial",
  terminal: "/v1/terminal",
  log: "/v1/log",
  imageLog: "/v1/image-log",
  build: "/v1/image/build",
  archive: "/v1/archive",
  metrics: "/v1/metrics",
  attest: "/v1/attest",
  volumeExport: "/v1/volume/export",
  volumeImport: "/v1/volume/import",
} as const;

/** PUT /v1/spec answers at once: converging goes on in the background. */
export const SpecAccepted = z.object({ generation: z.number().int() });

/** POST /v1/service/restart. */
export const RestartRequest = z.object({ node: Id, service: Label });

/** GET /v1/dial?node=&port= with `Upgrade: kindling-dial`: after 101 the socket is a plain TCP stream to a port that the node's spec declares. */
export const DialQuery = z.object({ node: Id, port: z.coerce.number().pipe(Port) });

/** GET /v1/terminal?node=&columns=&rows= with `Upgrade: kindling-terminal`: after 101 frames to and from a shell in the node, see terminal.ts. */
export const TerminalQuery = TerminalSize.extend({ node: Id });

/** A place in a log: file, offset, size and line. Only the agent that gave it reads it. */
export const LogPlace = z.string().regex(/^\d{1,20}(:\d{1,20}){3}$/, "This is no place in a log.");

/**
 * GET /v1/log?node=&service=&bytes=&after=: whole lines from the end of the service's log as text, at most so many bytes. With `after` from an
 * earlier answer only what came since, which costs next to nothing where nothing came. A log is turned over at 5 MB, so 6 MiB is all of it.
 */
export const LogQuery = z.object({
  node: Id,
  service: Label,
  bytes: z.coerce.number().int().min(1).max(6_291_456).default(65_536),
  after: LogPlace.optional(),
});

/** What the answer's headers say: number of its first line, where to go on, and whether it follows on what `after` stood for. */
export const logHeaders = { line: "kindling-log-line", after: "kindling-log-after", continues: "kindling-log-continues" } as const;

/** GET /v1/image-log?tag=: the build log as text. */
export const ImageLogQuery = z.object({ tag: z.string().max(200) });

/** POST /v1/image/build: another try of a build that failed. */
export const BuildRequest = z.object({ tag: z.string().max(200) });

/** GET /v1/archive?volume=&path=notebooks: a tar stream of that directory of the volume. */
export const ArchiveQuery = z.object({ volume: Id, path: z.enum(["notebooks"]) });

/** GET /v1/metrics?node=: what a node used during the last hour; without a node what the host itself used, nodes and everything else. */
export const MetricsQuery = z.object({ node: Id.optional() });

/** GET /v1/attest?cluster=&tenant=: the running containers, of one cluster or tenant or all, compared now with what was approved. */
export const AttestQuery = z.object({ cluster: Id.optional(), tenant: Id.optional() });

/** Facts in words, by what they are about. */
export const ContainerFacts = z.record(z.string().max(60), z.string().max(20_000));

export const Attested = z.array(
  z.object({
    node: Id,
    container: z.string().max(80),
    comparedAt: z.iso.datetime(),
    approved: ContainerFacts,
    engine: ContainerFacts,
    differences: z.array(ContainerDifference),
  }),
);
export type Attested = z.infer<typeof Attested>;

/** A value every five seconds, oldest first, as columns: an hour is 720 of each. A gap is a stretch for which there are none. */
export const Metrics = z.object({
  stepMs: z.number().int().positive(),
  /** Milliseconds since the epoch, by the host's clock. */
  at: z.array(z.number()),
  cpuCores: z.array(z.number()),
  memoryMb: z.array(z.number()),
  /** Of a node its /data, of a host the disk below its volumes. */
  diskUsedMb: z.array(z.number()),
});
export type Metrics = z.infer<typeof Metrics>;
