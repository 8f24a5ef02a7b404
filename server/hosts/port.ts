import type { Readable } from "node:stream";
import type { HostObservation } from "../../agents/protocol/observed.ts";
import type { HostSpec } from "../../agents/protocol/spec.ts";

/** `first` marks the first picture of a connection: the agent may have restarted, so its sequence may begin anew and it may need its secrets. */
export type OnObservation = (observation: HostObservation, first: boolean) => void;

/** What the reconciler needs of a host: it hears whole pictures, says the whole wanted state, and carries disks from one to another. */
export interface HostAgent {
  /** Calls back with every picture until the signal; reconnects by itself. Resolves after the signal, never rejects. */
  observe(onObservation: OnObservation, signal: AbortSignal): Promise<void>;
  /**
   * Tells the host everything it has to be. Resolves once the host has accepted it; converging goes on afterwards.
   * @returns the generation that the host holds
   * @throws HostError: `host_unreachable` (retryable; the host may have accepted nevertheless) or the host's own refusal
   */
  apply(spec: HostSpec): Promise<number>;
  /**
   * The content of a disk that its spec calls outgoing, to be read at whatever pace. It ends with an error when the host breaks off, when no byte
   * passes for a minute, or at the signal.
   * @throws HostError as `apply` does
   */
  send(volume: string, signal: AbortSignal): Promise<Readable>;
  /**
   * Makes a disk that its spec calls incoming of such a content. Resolves once all of it has its place there; until then there is nothing.
   * @throws HostError as `apply` does
   */
  receive(volume: string, content: Readable, signal: AbortSignal): Promise<void>;
}
