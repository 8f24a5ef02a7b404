import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { refusal } from "./budget.ts";
import { volumeUuid } from "./loop.ts";

describe("the budget for disks", () => {
  it("says whose limit it is and how much is left", () => {
    assert.equal(refusal(10_240, { otherMb: 90_000, writtenMb: 0, freeMb: 1e6 }, 102_400, 1), null);
    assert.match(
      refusal(20_480, { otherMb: 92_160, writtenMb: 0, freeMb: 1e6 }, 102_400, 1) ?? "",
      /needs 20 GB; this host's budget for disks has 10 GB left/,
    );
    assert.match(
      refusal(10_240, { otherMb: 4096, writtenMb: 1024, freeMb: 8192 }, null, 1) ?? "",
      /needs 10 GB; this host may still promise 5 GB/,
    );
  });

  it("lets sparse disks promise more than there is, as far as the site allows", () => {
    assert.equal(refusal(10_240, { otherMb: 4096, writtenMb: 1024, freeMb: 8192 }, null, 2), null);
  });

  it("gives every disk an id that follows from its own", () => {
    assert.match(volumeUuid("volumeone"), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(volumeUuid("volumeone"), volumeUuid("volumeone"));
    assert.notEqual(volumeUuid("volumeone"), volumeUuid("volumetwo"));
  });
});
