/** All that the agent drives, so that tests can put fakes in the place of each. */
import type { Probe } from "../../protocol/bundle.ts";
import type { ImageSpec } from "../../protocol/spec.ts";
import type { Firewall } from "../firewall/apply.ts";
import type { Answer } from "../probe/probe.ts";
import type { Supervisor } from "../supervisor/client.ts";
import type { ContainerDriver } from "./container/port.ts";
import type { NetworkDriver } from "./network/port.ts";
import type { NodeFilesDriver } from "./nodefiles/port.ts";
import type { VolumeDriver } from "./volume/port.ts";

export interface ImageDriver {
  /** MB of the image, null when it is not there. */
  present(tag: string): Promise<{ sizeMb: number } | null>;
  /** Builds it when it is missing, telling what it does. Throws `image_build_failed`. */
  ensure(spec: ImageSpec, onProgress: (text: string) => void): Promise<{ sizeMb: number }>;
}

export interface Drivers {
  readonly containers: ContainerDriver;
  readonly networks: NetworkDriver;
  readonly volumes: VolumeDriver;
  readonly files: NodeFilesDriver;
  readonly images: ImageDriver;
  readonly firewall: Firewall;
  readonly probe: (ip: string, spec: Probe) => Promise<Answer>;
  /** The supervisor behind a socket that the node owns. */
  readonly supervisorAt: (path: string) => Supervisor;
  /** The bridge's port that leads into this network namespace. */
  readonly bridgePort: (sandbox: string, bridge: string) => Promise<string | null>;
  /** Makes it known on the segment that the address is in this network namespace now. */
  readonly announce: (sandbox: string, ip: string) => Promise<void>;
}
