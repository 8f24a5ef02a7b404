import assert from "node:assert/strict";
import { test } from "node:test";
import { cardRows } from "./cards.ts";

test("each card says whose it is, and one that is gone whose it was", () => {
  const card = (n: number, node: string | null, state: "there" | "left" | "gone" = "there") => ({
    ...{ id: `GPU-0000000${n}-0000-0000-0000-000000000001`, model: state === "gone" ? "GPU" : "NVIDIA L4" },
    ...{ node, state },
  });
  assert.deepEqual(
    cardRows({
      gpus: ["NVIDIA L4", "NVIDIA L4", "NVIDIA L4", "AMD gfx90a"],
      cards: [card(1, "kindling-3"), card(2, null), card(3, null, "left"), card(4, "kindling-5", "gone")],
    }),
    [
      "NVIDIA L4 · GPU-00000001 · kindling-3 has it",
      "NVIDIA L4 · GPU-00000002 · no node has it",
      "NVIDIA L4 · GPU-00000003 · a container from before still has it",
      "GPU · GPU-00000004 · not there any more; it was kindling-5's",
      "AMD gfx90a",
    ],
  );
  assert.deepEqual(cardRows({ gpus: [], cards: [] }), []);
});
