/** Volumes from sparse files: ext4 on a loop device, found again by file, never by device name. For machines without LVM. */
import { createHash } from "node:crypto";
import { access, link, mkdir, open, readdir, rename, rm, rmdir, stat, statfs, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { HostError } from "../../../protocol/errors.ts";
import { ExecError, run } from "../../exec.ts";
import { mountAt, mount as mountIt, readMounts, unmount as unmountIt } from "../../mounts.ts";
import { checkBudget } from "./budget.ts";
import { readContent, writeContent } from "./content.ts";
import type { VolumeDriver, VolumeSeen } from "./port.ts";

const mb = 1024 * 1024;

/** A large disk is checked and enlarged for many minutes; whoever ends that half way leaves it as nobody knows. */
const growMs = 3_600_000;
/** Giving back what was deleted. */
const trimMs = 600_000;

/** As mkfs makes it: whoever sent a disk does not say how it is mounted here, nor that this machine is to stop when its file system is damaged. */
const plainMount = [
  ...["-e", "continue", "-E", "mount_opts="],
  ...["-o", "user_xattr,acl,^debug,^bsdgroups,^uid16,^journal_data,^nobarrier,^block_validity,^discard,^nodelalloc"],
];

export interface LoopOptions {
  readonly files: string;
  readonly mounts: string;
  readonly budgetMb: number | null;
  readonly overcommit: number;
}

/** A file system id that follows from the volume's own, so that a moved file is still recognised. */
export function volumeUuid(id: string): string {
  const hex = createHash("sha256").update(`kindling-volume:${id}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Files `<id>.img` below `files`, mounted at `mounts`/<id>. */
export function loopVolumes({ files, mounts, budgetMb, overcommit }: LoopOptions): VolumeDriver {
  const fileOf = (id: string) => join(files, `${id}.img`);
  const mountOf = (id: string) => join(mounts, id);

  async function create(id: string, sizeMb: number): Promise<void> {
    await checkBudget({ files, id, sizeMb, budgetMb, overcommit });
    // Made under another name first: a half-made file system never carries the volume's.
    const fresh = `${fileOf(id)}.new`;
    const handle = await open(fresh, "w", 0o600);
    await handle.truncate(sizeMb * mb).finally(() => handle.close());
    const lazy = "lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=0:0";
    await run("mkfs.ext4", ["-q", "-F", "-m", "0", "-U", volumeUuid(id), "-L", id.slice(0, 16), "-E", lazy, fresh]);
    await rename(fresh, fileOf(id));
  }

  /** The loop device is found and released with the mount; it has no life of its own. */
  async function mount(id: string, device?: string): Promise<void> {
    await mkdir(mountOf(id), { recursive: true, mode: 0o700 });
    const options = `${device ? "" : "loop,"}nosuid,nodev,noatime`;
    await mountIt({ type: "ext4", source: device ?? fileOf(id), target: mountOf(id), options });
  }

  async function unmount(id: string): Promise<void> {
    for (let entry = await mountAt(mountOf(id)); entry; entry = await mountAt(mountOf(id))) await unmountIt(mountOf(id));
    await rmdir(mountOf(id)).catch(ignoreMissing);
  }

  async function resizeFile(id: string, sizeMb: number, before: number): Promise<void> {
    if (sizeMb > before) await checkBudget({ files, id, sizeMb, budgetMb, overcommit });
    const handle = await open(fileOf(id), "r+");
    await handle.truncate(sizeMb * mb).finally(() => handle.close());
  }

  /** Makes the file system as large as its file, while it is in use. */
  async function fill(id: string): Promise<void> {
    const device = (await mountAt(mountOf(id)))?.source;
    if (!device?.startsWith("/dev/loop"))
      throw new HostError({ code: "volume_lost", message: "The disk is no longer mounted.", retryable: true });
    await run("losetup", ["-c", device]);
    try {
      await run("resize2fs", [device], { timeoutMs: growMs });
    } catch (error) {
      // The kernel wants SYS_RESOURCE for this, which some hosts lack: then it is done with the disk at rest.
      if (!(error instanceof ExecError && error.stderr.includes("Permission denied"))) throw error;
      await fillAtRest(id);
    }
  }

  /** The loop device that still has the disk's file, if one has. */
  async function deviceOf(id: string): Promise<string | undefined> {
    return /^(\/dev\/loop\d+):/.exec(await run("losetup", ["-j", fileOf(id)]))?.[1];
  }

  async function rest(id: string): Promise<void> {
    // Only spares copying what was deleted; not every host lets us.
    if (await mountAt(mountOf(id))) await run("fstrim", [mountOf(id)], { timeoutMs: trimMs }).catch(() => undefined);
    await unmount(id);
    if (await deviceOf(id))
      throw new HostError({ code: "volume_busy", message: "The disk is still in use; it is tried again.", retryable: true });
  }

  /** Whether a file that came from elsewhere is a sound disk. It gets the name that a disk of this id has. */
  async function check(path: string, id: string): Promise<void> {
    await correct(path).catch((error: unknown) => {
      const why = error instanceof ExecError ? (error.stderr.trim().split("\n").at(-1) ?? "") : String(error);
      const message = `The disk came whole, but this host cannot use its file system: ${why}. Take the drain back, or drain with data kept.`;
      // Another try would bring the same.
      throw new HostError({ code: "copy_unusable", message: message.slice(0, 600), retryable: false }, { cause: error });
    });
    if ((await fileSystemSize(path)) > (await stat(path)).size)
      throw new HostError({
        code: "copy_damaged",
        message: "The copy of the disk was thrown away: it is not whole. It begins again.",
        retryable: true,
      });
    await run("tune2fs", ["-U", volumeUuid(id), "-L", id.slice(0, 16), ...plainMount, path], { timeoutMs: growMs });
  }

  /** Bytes that its file system fills. While it is mounted the file may lag behind the device. */
  async function filled(id: string): Promise<number> {
    return fileSystemSize((await mountAt(mountOf(id)))?.source ?? fileOf(id));
  }

  async function fillAtRest(id: string): Promise<void> {
    const waits = new HostError({
      code: "growth_waits",
      message: "This host cannot enlarge a disk in use. Stop the cluster for a moment; the disk grows before it starts again.",
      retryable: true,
    });
    await unmount(id);
    // A node that still has it keeps the device: the same device is mounted again, never a second one on the same file.
    const device = await deviceOf(id);
    if (device) {
      await mount(id, device);
      throw waits;
    }
    await correct(fileOf(id));
    await run("resize2fs", [fileOf(id)], { timeoutMs: growMs });
    await mount(id);
  }

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw volumeFault(error);
    }
  }

  return {
    list: () =>
      guarded(async () => {
        const mounted = new Set((await readMounts()).map((entry) => entry.target));
        const seen: VolumeSeen[] = [];
        const filed = new Set<string>();
        for (const name of await readdir(files)) {
          const match = /^(.+)\.img(\.quarantined)?$/.exec(name);
          if (!match?.[1]) continue;
          // A disk may go while the list is made.
          const size = await sizeOf(join(files, name));
          if (size === null) continue;
          if (!match[2]) filed.add(match[1]);
          else if (mounted.has(mountOf(match[1]))) continue;
          seen.push({
            id: match[1],
            sizeMb: Math.floor(size / mb),
            state: match[2] ? "quarantined" : mounted.has(mountOf(match[1])) ? "mounted" : "present",
          });
        }
        // A `mount` may outlive the agent that began it, and end after its disk was removed or put aside: then it is all that is left.
        for (const target of mounted)
          if (dirname(target) === mounts && !filed.has(basename(target))) seen.push({ id: basename(target), sizeMb: 0, state: "mounted" });
        return seen;
      }),

    ensure: ({ id, sizeMb }) =>
      guarded(async () => {
        const aside = `${fileOf(id)}.quarantined`;
        if (!(await exists(fileOf(id)))) {
          if (await exists(aside)) await rename(aside, fileOf(id));
          else await create(id, sizeMb);
        }
        const before = Math.floor((await stat(fileOf(id))).size / mb);
        const larger = sizeMb > before;
        if (larger) await resizeFile(id, sizeMb, before);
        if (!(await mountAt(mountOf(id)))) await mount(id);
        const inside = await statfs(mountOf(id));
        // ext4 keeps a few percent for itself; a file system much smaller than its file was interrupted while it grew.
        if (larger || (inside.blocks * inside.bsize) / mb < Math.max(before, sizeMb) * 0.85 - 32)
          await fill(id).catch(async (error: unknown) => {
            // The file goes back to what its file system fills: its size is what the next look believes. One that grew although it was said to
            // have failed fills the file, and what is cut off it would be people's data.
            if (larger && (await filled(id)) <= before * mb) await resizeFile(id, before, before);
            throw error;
          });
        return { path: mountOf(id), sizeMb: Math.max(before, sizeMb) };
      }),

    remove: (id) =>
      guarded(async () => {
        await unmount(id);
        for (const half of ["new", "part"]) await rm(`${fileOf(id)}.${half}`, { force: true });
        await unlink(fileOf(id)).catch(ignoreMissing);
      }),

    quarantine: (id) =>
      guarded(async () => {
        await unmount(id);
        await rename(fileOf(id), `${fileOf(id)}.quarantined`).catch(ignoreMissing);
      }),

    usage: (id) =>
      guarded(async () => {
        if (!(await mountAt(mountOf(id)))) return null;
        const { blocks, bfree, bsize } = await statfs(mountOf(id));
        return { usedMb: Math.round(((blocks - bfree) * bsize) / mb), sizeMb: Math.round((blocks * bsize) / mb) };
      }),

    mounted: async (id) => ((await mountAt(mountOf(id))) ? mountOf(id) : null),

    rest: (id) => guarded(() => rest(id)),

    send: (id) =>
      guarded(async () => {
        await rest(id);
        return readContent(fileOf(id));
      }),

    receive: ({ id, sizeMb }, content, signal) =>
      guarded(async () => {
        const part = `${fileOf(id)}.part`;
        if (content.sizeBytes > sizeMb * mb || content.sizeBytes % mb !== 0)
          throw new HostError({ code: "copy_damaged", message: "The copy of the disk was refused: it has another size.", retryable: true });
        for (const there of [fileOf(id), `${fileOf(id)}.quarantined`])
          if (await exists(there)) throw new HostError({ code: "volume_exists", message: "The disk is there already.", retryable: false });
        await checkBudget({ files, id, sizeMb, budgetMb, overcommit });
        await rm(part, { force: true });
        try {
          await writeContent(part, content);
          signal.throwIfAborted();
          await check(part, id);
          signal.throwIfAborted();
          // A link, not a renaming: that would take the place of one that is there.
          await link(part, fileOf(id));
          // Its name has to outlast a loss of power: the node moves as soon as it is said to be there, and where there is none an empty one is made.
          await saveFolder(files);
        } finally {
          await rm(part, { force: true });
        }
        return { sizeMb: content.sizeBytes / mb };
      }),

    discardPartial: () =>
      guarded(async () => {
        for (const name of await readdir(files)) if (name.endsWith(".img.part")) await rm(join(files, name), { force: true });
      }),
  };
}

/** Checks a file system, and corrects what can be without a question. 1 means that it corrected something, which is as good. */
async function correct(path: string): Promise<void> {
  await run("e2fsck", ["-f", "-p", path], { timeoutMs: growMs }).catch((error: unknown) => {
    if (!(error instanceof ExecError && error.exitCode === 1)) throw error;
  });
}

async function saveFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}

function volumeFault(error: unknown): HostError {
  if (error instanceof HostError) return error;
  const text = error instanceof ExecError ? error.stderr : error instanceof Error ? error.message : String(error);
  if (/no space left|ENOSPC/i.test(text))
    return new HostError(
      {
        code: "disk_full",
        message: "The host's disk is full, so the node's disk cannot be made. Free some space on it; it is tried again.",
        retryable: true,
      },
      { cause: error },
    );
  if (/target is busy/i.test(text))
    return new HostError(
      { code: "volume_busy", message: "The disk is still in use; it is tried again.", retryable: true },
      { cause: error },
    );
  return new HostError(
    {
      code: "volume_failed",
      message: `The host could not prepare the disk: ${text.trim().split("\n").at(-1) ?? ""}`.slice(0, 600),
      retryable: true,
    },
    { cause: error },
  );
}

const ext4 = 0xef53;

/** Bytes that the ext4 file system in a file or a device fills, as its superblock says; infinitely many where none can be read. */
export async function fileSystemSize(path: string): Promise<number> {
  const handle = await open(path, "r");
  try {
    const block = Buffer.alloc(1024);
    const { bytesRead } = await handle.read(block, 0, block.length, 1024);
    if (bytesRead < block.length || block.readUInt16LE(0x38) !== ext4) return Number.POSITIVE_INFINITY;
    const wide = (block.readUInt32LE(0x60) & 0x80) !== 0;
    const blocks = block.readUInt32LE(0x04) + (wide ? block.readUInt32LE(0x150) * 2 ** 32 : 0);
    return blocks * 1024 * 2 ** block.readUInt32LE(0x18);
  } finally {
    await handle.close();
  }
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => found.size,
    (error: unknown) => {
      ignoreMissing(error);
      return null;
    },
  );
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}
