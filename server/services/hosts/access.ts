import type { Readable } from "node:stream";
import type { LogView } from "../views.ts";

/** What services ask of a host directly, without changing anything desired. Implemented by the client of the agent's portal socket. */
export interface HostAccess {
  /** The end of a service's log, or what came after an earlier answer's `after`. @throws UserError with the host's own sentence */
  log(endpoint: string, query: { node: string; service: string; bytes: number; after?: string }): Promise<LogView>;
  /** How an image was built. */
  imageLog(endpoint: string, tag: string): Promise<string>;
  /** A tar stream of the volume's notebooks. */
  archive(endpoint: string, volume: string, signal: AbortSignal): Promise<Readable>;
  restartService(endpoint: string, query: { node: string; service: string }): Promise<void>;
}
