import { z } from "zod";
import { Id } from "./ids.ts";

/** What an agent says it understands when it can send a disk to another host and take one; older ones say nothing. */
export const knowsCopies = "volume-copy";

/** Whoever lets no byte pass for so long has left: a copy ends, and begins again from the start. It may last as long as it likes otherwise. */
export const copyQuietMs = 60_000;

/** A disk that is to come from another host. Until it is there whole, nothing is made in its place. */
export const IncomingSpec = z.object({ id: Id, tenant: Id, sizeMb: z.number().int().min(64), driver: z.enum(["loop", "lvm"]) });
export type IncomingSpec = z.infer<typeof IncomingSpec>;

/**
 * How far a disk's copy is, as the host tells it that sends (`ready`: out of use, to be read) or takes. `complete` is said only of a disk that
 * came whole, was checked and has its place.
 */
export const VolumeCopy = z.object({
  state: z.enum(["ready", "sending", "waiting", "receiving", "complete"]),
  doneMb: z.number(),
  /** Null until it is known. */
  ofMb: z.number().nullable(),
});
export type VolumeCopy = z.infer<typeof VolumeCopy>;

/** GET /v1/volume/export?volume= of a disk that is at rest; PUT /v1/volume/import?volume= of one that is to come. */
export const CopyQuery = z.object({ volume: Id });
