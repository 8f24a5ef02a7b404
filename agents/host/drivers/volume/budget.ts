/** Whether a disk of this size may still be promised. A refusal says whose limit it is. */
import { readdir, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { HostError } from "../../../protocol/errors.ts";

const mb = 1024 * 1024;

export interface Promised {
  /** MB that the other volumes may grow to. */
  readonly otherMb: number;
  /** MB of them that are written already. */
  readonly writtenMb: number;
  readonly freeMb: number;
}

/** Pure: null when it fits, else the sentence. */
export function refusal(sizeMb: number, promised: Promised, budgetMb: number | null, overcommit: number): string | null {
  const gb = (value: number) => `${Math.max(0, Math.round(value / 102.4) / 10)} GB`;
  const budgetLeft = budgetMb === null ? null : budgetMb - promised.otherMb;
  if (budgetLeft !== null && sizeMb > budgetLeft)
    return `The disk needs ${gb(sizeMb)}; this host's budget for disks has ${gb(budgetLeft)} left. Delete disks, take a smaller one, or raise the host's budget.`;
  const left = promised.freeMb * overcommit - (promised.otherMb - promised.writtenMb);
  if (budgetLeft === null && sizeMb > left)
    return `The disk needs ${gb(sizeMb)}; this host may still promise ${gb(left)}. Delete disks, take a smaller one, or add space to the host.`;
  return null;
}

/** Throws `disk_full` when the volume `id` may not have `sizeMb`. */
export async function checkBudget(ask: {
  files: string;
  id: string;
  sizeMb: number;
  budgetMb: number | null;
  overcommit: number;
}): Promise<void> {
  let otherMb = 0;
  let writtenMb = 0;
  for (const name of await readdir(ask.files)) {
    if (name.startsWith(`${ask.id}.img`)) continue;
    // A file may vanish between listing and looking: another volume's deletion.
    const info = await stat(join(ask.files, name)).catch(() => null);
    if (!info) continue;
    otherMb += info.size / mb;
    writtenMb += (info.blocks * 512) / mb;
  }
  const { bavail, bsize } = await statfs(ask.files);
  const message = refusal(ask.sizeMb, { otherMb, writtenMb, freeMb: (bavail * bsize) / mb }, ask.budgetMb, ask.overcommit);
  if (message) throw new HostError({ code: "disk_full", message, retryable: true });
}
