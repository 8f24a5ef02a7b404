import assert from "node:assert/strict";
import { test } from "node:test";
import { cardsFor, facts } from "../../reconciler/testing/heard.ts";
import { abilitiesOf } from "./abilities.ts";

const gpus = (change: Parameters<typeof facts>[0]): [boolean, string] => {
  const found = abilitiesOf(facts(change)).find(({ id }) => id === "gpus");
  return [found?.has ?? false, found?.means ?? ""];
};
const cards = (n: number, toolkit = true) => ({
  gpus: cardsFor(0, n).map(({ model }) => model),
  nvidia: { toolkit, cards: cardsFor(0, n) },
});

test("a host says what its cards mean for nodes, and what is missing where none can have them", () => {
  assert.equal(
    abilitiesOf(facts({})).find(({ id }) => id === "gpus"),
    undefined,
    "a host without any is not told of them",
  );
  assert.deepEqual(gpus(cards(1)), [true, "Nodes of flavors with GPUs get it, whole: NVIDIA L4."]);
  assert.deepEqual(gpus(cards(2)), [true, "Nodes of flavors with GPUs get them, each a node's alone: NVIDIA L4 and NVIDIA L4."]);
  const given = { version: "27.0", apiVersion: "1.46", storageDriver: "overlay2", cgroup: "2", handsOutCards: true };
  assert.match(
    gpus({ ...cards(1), engine: given })[1],
    /NVIDIA's runtime is Docker's default there; nodes are made with runc all the same/,
  );
  const [without, toolkit] = gpus(cards(1, false));
  assert.equal(without, false);
  assert.match(
    toolkit,
    /^It has NVIDIA L4, but no node gets one: Docker there cannot hand GPUs to containers\. Install NVIDIA's container toolkit/,
  );
  assert.match(gpus({ gpus: ["NVIDIA L4"] })[1], /its agent is older than GPUs for nodes/);
  assert.match(gpus({ gpus: ["NVIDIA L4"], nvidia: { toolkit: true, cards: [] } })[1], /no id of it.*nvidia-persistenced/);
  assert.match(gpus({ gpus: ["AMD gfx90a"], nvidia: { toolkit: true, cards: [] } })[1], /only NVIDIA's can be given/);
  const [some, asleep] = gpus({ gpus: ["NVIDIA L4", "NVIDIA L4"], nvidia: { toolkit: true, cards: cardsFor(0, 1) } });
  assert.equal(some, true);
  assert.match(asleep, /get it, whole: NVIDIA L4\. NVIDIA L4 cannot be given: the driver tells no id/);
});
