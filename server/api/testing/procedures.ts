import { z } from "zod";
import { appRouter } from "../root.ts";
import type { Scope } from "../trpc.ts";

/** A procedure as the router holds it. */
export interface Procedure {
  path: string;
  kind: "query" | "mutation" | "subscription";
  /** Null: nobody said whose data it touches. */
  scope: Scope | null;
  /** It only takes access away. */
  takesAway: boolean;
  /** What it takes, in the order in which it is checked. */
  inputs: z.ZodType[];
}

const Def = z.object({
  type: z.enum(["query", "mutation", "subscription"]),
  meta: z
    .object({
      scope: z.enum(["public", "self", "tenant-member", "tenant-admin", "site"]).nullable().catch(null),
      takesAway: z.literal(true).optional(),
    })
    .optional(),
  inputs: z.array(z.instanceof(z.ZodType)),
});

/** Every procedure that exists, found in the router: one that is added tomorrow is tested tomorrow. */
export function proceduresOf(router: { _def: { procedures: object } } = appRouter): Procedure[] {
  return Object.entries(router._def.procedures).map(([path, procedure]) => {
    const { type, meta, inputs } = Def.parse(Reflect.get(Object(procedure), "_def"));
    return { path, kind: type, scope: meta?.scope ?? null, takesAway: meta?.takesAway === true, inputs };
  });
}
