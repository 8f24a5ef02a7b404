import type { Readable } from "node:stream";
import type { Attested, Metrics } from "../../../agents/protocol/verbs.ts";
import type { LogView } from "../views.ts";

/** A host's agent: where it answers, and the SHA-256 of the public key that it must show (null: reached by Unix sockets, or revoked). */
export interface HostTarget {
  readonly id: string;
  readonly endpoint: string;
  readonly certificate: string | null;
}

/** What services ask of a host directly, without changing anything desired. Implemented by the client of the agent's portal socket. */
export interface HostAccess {
  /** The end of a service's log, or what came after an earlier answer's `after`. @throws UserError with the host's own sentence */
  log(host: HostTarget, query: { node: string; service: string; bytes: number; after?: string }): Promise<LogView>;
  /** How an image was built. */
  imageLog(host: HostTarget, tag: string): Promise<string>;
  /** Tries a build that failed once more. @throws UserError with the host's own sentence */
  buildImage(host: HostTarget, tag: string): Promise<void>;
  /** A tar stream of the volume's notebooks. */
  archive(host: HostTarget, volume: string, signal: AbortSignal): Promise<Readable>;
  restartService(host: HostTarget, query: { node: string; service: string }): Promise<void>;
  /** What a node used during the last hour; without a node what the host itself used. */
  metrics(host: HostTarget, node: string | null): Promise<Metrics>;
  /** Its running containers, of one cluster or tenant or all, compared now with what was approved. */
  attest(host: HostTarget, of: { cluster?: string; tenant?: string }): Promise<Attested>;
}
