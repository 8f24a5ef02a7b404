/** Persistent disks. The engine never sees them: the agent mounts them and binds the mount to /data. */
import type { VolumeSpec } from "../../../protocol/spec.ts";
import type { Content } from "../../copy/frames.ts";

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
  /** Takes it out of use so that it can be read as a whole: what was deleted on it is given back, it is unmounted, and nobody holds it. */
  rest(id: string): Promise<void>;
  /** What is on a disk that rests. */
  send(id: string): Promise<Content>;
  /**
   * Makes a disk of another host's content: under another name until all of it is there and was checked. Never takes the place of one that is there.
   * When it fails, or the signal comes before it has its place, nothing is left.
   */
  receive(spec: Pick<VolumeSpec, "id" | "sizeMb">, content: Content, signal: AbortSignal): Promise<{ sizeMb: number }>;
  /** Throws away what an agent that was killed had not received whole. */
  discardPartial(): Promise<void>;
}
