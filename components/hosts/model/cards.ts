import type { HostDetailView } from "../../../server/services/hosts/schemas.ts";

type Facts = Pick<NonNullable<HostDetailView["facts"]>, "gpus" | "cards">;

/** "NVIDIA L4 · GPU-5c6f8f1c · kindling-3 has it": each card, and of those that nodes can have whose it is; then those that none can have. */
export function cardRows({ gpus, cards }: Facts): string[] {
  const rest = [...gpus];
  for (const { model, state } of cards) if (state !== "gone") rest.splice(rest.indexOf(model), 1);
  const own = cards.map((card) => `${card.model} · ${card.id.slice(0, 12)} · ${whose(card)}`);
  return [...own, ...new Set(rest)];
}

function whose({ node, state }: Facts["cards"][number]): string {
  if (state === "gone") return `not there any more; it was ${node === null ? "a node" : node}'s`;
  if (state === "left") return "a container from before still has it";
  return node === null ? "no node has it" : `${node} has it`;
}
