import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ImageObservation } from "../../agents/protocol/observed.ts";
import { imageLine } from "./watch-images.ts";

const built: ImageObservation = {
  bundle: "spark",
  tag: "kindling/spark:1",
  state: "present",
  progress: null,
  startedAt: "2026-11-22T10:00:00.000Z",
  endedAt: "2026-11-22T10:01:53.800Z",
  sizeMb: 1500,
  fault: null,
};

describe("what a start says of images", () => {
  it("tells how long a build took that ended after the start", () =>
    assert.equal(imageLine(built, Date.parse("2026-11-22T10:00:30Z")), " 113.8 s  image spark is ready"));
  it("says nothing of an image that an earlier start built", () =>
    assert.equal(imageLine(built, Date.parse("2026-11-22T12:00:00Z")), null));
  it("says nothing of one that was there already", () => assert.equal(imageLine({ ...built, startedAt: null, endedAt: null }, 0), null));
  it("tells of builds that go on, and of those that failed whenever that was", () => {
    assert.match(imageLine({ ...built, state: "building", progress: "step 4 of 11", endedAt: null }, 0) ?? "", /spark: step 4 of 11$/);
    const fault = { code: "build", message: "No space.", retryable: false };
    assert.match(imageLine({ ...built, state: "failed", fault }, Date.parse("2026-11-22T12:00:00Z")) ?? "", /No space\. The site's Images/);
  });
});
