import { z } from "zod";

/** A card's own id, as its driver says it: the same in another slot and after a start. Until the driver has woken a card, it has none. */
export const GpuId = z.string().regex(/^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "not the id of a card");

/** What a host has of cards that nodes can have. */
export const NvidiaFacts = z.object({
  /** The engine can hand cards to containers, as far as can be seen: NVIDIA's container toolkit is there. */
  toolkit: z.boolean(),
  cards: z.array(z.object({ id: GpuId, model: z.string().max(100) })),
  /** Cards that the driver has not woken yet: they are there, and it does not say which. Absent: none. */
  asleep: z.number().int().optional(),
});
export type NvidiaFacts = z.infer<typeof NvidiaFacts>;

/**
 * Ids of the cards that a host can give to nodes, each once, in a fixed order. An agent that is older than cards says nothing: none. Whether an engine that does
 * not answer just now can hand them out is not known; nodes get none there before it does, so its cards count as they are.
 */
export function cardsToGive(
  facts: { readonly nvidia?: NvidiaFacts | undefined; readonly engine?: unknown } | null | undefined,
): readonly string[] {
  const { nvidia, engine } = facts ?? {};
  return nvidia && (nvidia.toolkit || engine === null) ? [...new Set(nvidia.cards.map(({ id }) => id))].sort() : [];
}
