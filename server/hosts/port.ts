import type { HostObservation } from "../../agents/protocol/observed.ts";
import type { HostSpec } from "../../agents/protocol/spec.ts";

/** `first` marks the first picture of a connection: the agent may have restarted, so its sequence may begin anew and it may need its secrets. */
export type OnObservation = (observation: HostObservation, first: boolean) => void;

/** What the reconciler needs of a host: it hears whole pictures and says the whole wanted state. */
export interface HostAgent {
  /** Calls back with every picture until the signal; reconnects by itself. Resolves after the signal, never rejects. */
  observe(onObservation: OnObservation, signal: AbortSignal): Promise<void>;
  /**
   * Tells the host everything it has to be. Resolves once the host has accepted it; converging goes on afterwards.
   * @returns the generation that the host holds
   * @throws HostError: `host_unreachable` (retryable; the host may have accepted nevertheless) or the host's own refusal
   */
  apply(spec: HostSpec): Promise<number>;
}
