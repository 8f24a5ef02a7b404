/** Persistent disks. The engine never sees them: the agent mounts them and binds the mount to /data. */
import type { VolumeSpec } from "../../../protocol/spec.ts";

export interface VolumeSeen {
  readonly id: string;
  readonly state: "present" | "mounted" | "quarantined";
  readonly sizeMb: number;
}

export interface VolumeDriver {
  list(): Promise<VolumeSeen[]>;
  /** Creates, grows and mounts as needed; never shrinks. Gives the directory to bind. Throws `disk_full` and others. */
  ensure(spec: Pick<VolumeSpec, "id" | "sizeMb">): Promise<{ path: string; sizeMb: number }>;
  /** Unmounts and destroys the data. One that is gone is fine. */
  remove(id: string): Promise<void>;
  /** Unmounts and puts aside under another name; the data stays. */
  quarantine(id: string): Promise<void>;
  /** MB used and size of the file system, when mounted. */
  usage(id: string): Promise<{ usedMb: number; sizeMb: number } | null>;
  /** The directory that is bound, or null unless the volume is mounted there right now. */
  mounted(id: string): Promise<string | null>;
}
