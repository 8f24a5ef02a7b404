/** A tenant's network on this host: a Linux bridge known to the engine, and the uplink that joins it to the segment on other hosts. */
import type { SegmentSpec } from "../../../protocol/spec.ts";

export interface NetworkSeen {
  /** The engine's own id; `link:<name>` where only an uplink is left of a network. */
  readonly id: string;
  readonly segment: string;
  /** Empty where only an uplink is left. */
  readonly bridge: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly mtu: number;
}

export interface NetworkDriver {
  /** Looks at everything of ours. */
  list(): Promise<NetworkSeen[]>;
  /** Whether the last look found this segment, its uplink and forwarding entries exactly as the spec wants them. */
  settled(spec: SegmentSpec): boolean;
  /**
   * Makes the bridge with exactly this subnet and gateway, or finds it; joins its uplink to it and brings forwarding entries to what the
   * members say. Only differences are applied. Gives the name to attach containers to.
   */
  ensure(spec: SegmentSpec): Promise<NetworkSeen>;
  /** One that is gone is fine; one in use is a retryable fault. Its uplink goes with it, unless the link was there before us. */
  remove(id: string): Promise<void>;
}
