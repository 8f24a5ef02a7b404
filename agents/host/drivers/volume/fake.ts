/** Volumes that exist in memory only, with the same promises. */
import { HostError } from "../../../protocol/errors.ts";
import type { Chunk } from "../../copy/frames.ts";
import { type Mishap, through } from "../fake/engine.ts";
import type { VolumeDriver, VolumeSeen } from "./port.ts";

const mb = 1024 * 1024;

async function* once(chunk: Chunk): AsyncGenerator<Chunk> {
  if (chunk.bytes.length > 0) yield chunk;
}

interface FakeVolume {
  state: VolumeSeen["state"];
  sizeMb: number;
  /** Stands for what is on the disk. */
  content: string;
}

export interface FakeVolumes extends VolumeDriver {
  readonly disks: Map<string, FakeVolume>;
  mishap: (op: string) => Mishap;
  readonly calls: string[];
  /** Disks that are on their way in. */
  readonly partial: Set<string>;
  /** Everything unmounted, as after a reboot. */
  reboot(): void;
}

export function fakeVolumes(budgetMb = 1_000_000): FakeVolumes {
  const disks = new Map<string, FakeVolume>();
  const host: FakeVolumes = {
    disks,
    partial: new Set(),
    calls: [],
    mishap: () => null,
    reboot() {
      for (const disk of disks.values()) if (disk.state === "mounted") disk.state = "present";
    },
    list: () => through(host, "volumes", () => [...disks].map(([id, { state, sizeMb }]) => ({ id, state, sizeMb }))),
    ensure: ({ id, sizeMb }) =>
      through(host, "volume.ensure", () => {
        const disk = disks.get(id) ?? { state: "present" as const, sizeMb: 0, content: "" };
        const others = [...disks].reduce((sum, [other, d]) => sum + (other === id ? 0 : d.sizeMb), 0);
        if (sizeMb > disk.sizeMb && others + sizeMb > budgetMb)
          throw new HostError({ code: "disk_full", message: "The disk does not fit this host's budget.", retryable: true });
        disk.sizeMb = Math.max(disk.sizeMb, sizeMb);
        disk.state = "mounted";
        disks.set(id, disk);
        return { path: `/fake/${id}`, sizeMb: disk.sizeMb };
      }),
    remove: (id) => through(host, "volume.remove", () => void disks.delete(id)),
    quarantine: (id) =>
      through(host, "volume.quarantine", () => {
        const disk = disks.get(id);
        if (disk) disk.state = "quarantined";
      }),
    usage: (id) =>
      through(host, "volume.usage", () => {
        const disk = disks.get(id);
        return disk?.state === "mounted" ? { usedMb: 1, sizeMb: disk.sizeMb } : null;
      }),
    mounted: (id) => through(host, "volume.mounted", () => (disks.get(id)?.state === "mounted" ? `/fake/${id}` : null)),
    rest: (id) =>
      through(host, "volume.rest", () => {
        const disk = disks.get(id);
        if (disk) disk.state = "present";
      }),
    send: (id) =>
      through(host, "volume.send", () => {
        const disk = disks.get(id);
        if (disk?.state !== "present") throw new HostError({ code: "volume_busy", message: "The disk is still in use.", retryable: true });
        const bytes = Buffer.from(disk.content);
        return { sizeBytes: disk.sizeMb * mb, dataBytes: bytes.length, chunks: once({ offset: 4096, bytes }) };
      }),
    async receive({ id, sizeMb }, content, signal) {
      if (disks.has(id)) throw new HostError({ code: "volume_exists", message: "The disk is there already.", retryable: false });
      host.partial.add(id);
      try {
        let text = "";
        for await (const { bytes } of content.chunks) text += bytes.toString();
        signal.throwIfAborted();
        return await through(host, "volume.receive", () => {
          disks.set(id, { state: "present", sizeMb: content.sizeBytes / mb, content: text });
          return { sizeMb };
        });
      } finally {
        host.partial.delete(id);
      }
    },
    async discardPartial() {
      host.partial.clear();
    },
  };
  return host;
}
