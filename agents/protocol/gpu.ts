import { z } from "zod";

/** A card's own id, as its driver says it: the same in another slot and after a start. Until the driver has woken a card, it has none. */
export const GpuId = z.string().regex(/^GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, "not the id of a card");

/** What a host has of cards that nodes can have. */
export const NvidiaFacts = z.object({
  /** The engine can hand cards to containers, as far as can be seen: NVIDIA's container toolkit is there. */
  toolkit: z.boolean(),
  cards: z.array(z.object({ id: GpuId, model: z.string().max(100) })),
});
export type NvidiaFacts = z.infer<typeof NvidiaFacts>;

/** Ids of the cards that a host can give to nodes, in a fixed order. An agent that is older than cards says nothing: none. */
export function cardsToGive(facts: { readonly nvidia?: NvidiaFacts | undefined } | null | undefined): readonly string[] {
  const { nvidia } = facts ?? {};
  return nvidia?.toolkit ? nvidia.cards.map(({ id }) => id).sort() : [];
}
