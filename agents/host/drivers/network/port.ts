/** A tenant's network on this host: a Linux bridge known to the engine. */
import type { SegmentSpec } from "../../../protocol/spec.ts";

export interface NetworkSeen {
  /** The engine's own id. */
  readonly id: string;
  readonly segment: string;
  readonly bridge: string;
  readonly subnet: string;
}

export interface NetworkDriver {
  list(): Promise<NetworkSeen[]>;
  /** Makes the bridge with exactly this subnet and gateway, or finds it. Gives the name to attach containers to. */
  ensure(spec: SegmentSpec): Promise<NetworkSeen>;
  /** One that is gone is fine; one in use is a retryable fault. */
  remove(id: string): Promise<void>;
}
