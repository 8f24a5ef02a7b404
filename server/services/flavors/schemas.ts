import { z } from "zod";
import { Label } from "../../../agents/protocol/ids.ts";
import type { FlavorView } from "../views.ts";

const whole = (what: string, least: number, most: number) =>
  z
    .number(`${what} is a whole number.`)
    .int(`${what} is a whole number.`)
    .min(least, `${what} is at least ${least}.`)
    .max(most, `${what} is at most ${most}.`);

const Size = z.object({
  vcpus: whole("The number of vCPUs", 1, 512),
  memoryMb: z
    .number("Memory is a number.")
    .int("Memory is a whole number of MB.")
    .min(512, "Memory is at least 0.5 GB.")
    .max(16_777_216, "Memory is at most 16384 GB."),
  /** Size of /data. */
  dataGb: whole("/data in GB", 1, 1_000_000),
  /** What the container's own file system may grow to. */
  rootGb: whole("The root disk in GB", 1, 1_000_000),
  /** Whole cards of its host that each node gets for itself. */
  gpus: whole("The number of GPUs", 0, 64),
});

const Name = z
  .string()
  .trim()
  .min(1, "A flavor needs a name.")
  .max(40, "A name has at most 40 characters.")
  .regex(/^\P{Cc}*$/u, "A name is one line of text.");

/** Slugs of the tenants that may use it; null: everybody. */
const Tenants = z.array(Label).max(500, "At most 500 tenants can be named.").nullable();

export const FlavorRef = z.object({ flavor: Label });

export const CreateFlavor = Size.extend({
  /** Its short name, for commands and for good. */
  slug: Label,
  name: Name,
  dataGb: Size.shape.dataGb.default(10),
  rootGb: Size.shape.rootGb.default(20),
  gpus: Size.shape.gpus.default(0),
  tenants: Tenants.default(null),
});
export type CreateFlavor = z.input<typeof CreateFlavor>;

/** What is left out stays. */
export const EditFlavor = FlavorRef.extend({ ...Size.partial().shape, name: Name.optional(), tenants: Tenants.optional() });
export type EditFlavor = z.input<typeof EditFlavor>;

export const RetireFlavor = FlavorRef.extend({
  /** false: it is offered again. */
  retired: z.boolean().default(true),
});

export const DeleteFlavor = FlavorRef.extend({
  /** Must repeat the short name. */
  confirm: z.string().max(200),
});

export interface SiteFlavorView extends FlavorView {
  /** Offered no more. */
  retired: boolean;
  /** Slugs of the tenants that may use it; null: everybody. */
  tenants: string[] | null;
  /** Clusters that have it as it is now. */
  clusters: number;
  /** Clusters that have a size that it had before. */
  older: number;
}
