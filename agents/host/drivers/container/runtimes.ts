/** Which programs an engine runs containers with, and which of them hand out cards that nobody asked for. */
import { z } from "zod";

export const EngineRuntimes = z.object({
  DefaultRuntime: z.string().default("runc"),
  Runtimes: z.record(z.string(), z.object({ path: z.string().nullish() }).nullish()).default({}),
});
export type EngineRuntimes = z.infer<typeof EngineRuntimes>;

/** Docker keeps this name for its own: nobody can configure another program under it. */
export const plainRuntime = "runc";

/**
 * Pure: NVIDIA's runtimes, under whatever name. They give a container the cards that its environment names, and so every card to one whose image
 * says `NVIDIA_VISIBLE_DEVICES=all`, as CUDA's do.
 */
export function cardRuntimes({ Runtimes }: EngineRuntimes): readonly string[] {
  return Object.entries(Runtimes).flatMap(([name, runtime]) => (/nvidia/i.test(`${name} ${runtime?.path ?? ""}`) ? [name] : []));
}

/** Pure: a container that names no runtime gets one that hands out cards. */
export function handsOutCards(runtimes: EngineRuntimes): boolean {
  return cardRuntimes(runtimes).includes(runtimes.DefaultRuntime);
}
