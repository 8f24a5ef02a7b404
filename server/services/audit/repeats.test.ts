import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { makeRepeats, repeatMs } from "./repeats.ts";

test("a refusal is told at once, its repetitions once a minute with a count", () => {
  const repeats = makeRepeats<string>();
  assert.equal(repeats.isNew("dana", "delete flights", "1", 0), true);
  for (let n = 2; n <= 100; n += 1) assert.equal(repeats.isNew("dana", "delete flights", String(n), n), false);
  assert.equal(repeats.isNew("omar", "delete flights", "other", 100), true);
  assert.deepEqual(repeats.due(repeatMs - 1), []);
  assert.deepEqual(repeats.due(repeatMs), [{ last: "100", times: 99, mixed: false }]);
  assert.equal(repeats.isNew("dana", "delete flights", "again", repeatMs), true);
});

test("whatever is refused how often, nothing is lost and a person's rows are bounded", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(200), fc.nat(3_000)), { maxLength: 400 }), (calls) => {
      const repeats = makeRepeats<null>();
      let [now, told, counted] = [0, 0, 0];
      const rows: { person: number; at: number }[] = [];
      for (const [person, thing, ms] of calls) {
        now += ms;
        const due = repeats.due(now);
        counted += due.reduce((sum, { times }) => sum + times, 0);
        if (!repeats.isNew(`p${person}`, `t${thing}`, null, now)) continue;
        told += 1;
        rows.push({ person, at: now });
      }
      counted += repeats.due(now, true).reduce((sum, { times }) => sum + times, 0);
      assert.equal(told + counted, calls.length);
      for (const { person, at } of rows)
        assert.ok(rows.filter((row) => row.person === person && row.at > at - repeatMs && row.at <= at).length <= 60);
    }),
  );
});
