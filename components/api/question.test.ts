import assert from "node:assert/strict";
import { test } from "node:test";
import { questionAbout } from "./question.ts";

test("a question says that it is busy and why it was refused, and forgets that when it is closed", () => {
  const done: unknown[] = [];
  const error = Object.assign(new Error("It is the last one."), { data: { kind: "conflict", field: null } });
  const work = { isPending: true, error, reset: () => void done.push("reset") };
  const { open, busy, error: why, onOpenChange } = questionAbout(work, true, (next) => void done.push(next));
  assert.deepEqual([open, busy, why], [true, true, "It is the last one."]);
  onOpenChange?.(true);
  onOpenChange?.(false);
  assert.deepEqual(done, [true, false, "reset"]);
  assert.equal(questionAbout({ ...work, error: null }, false, () => undefined).error, null);
});
