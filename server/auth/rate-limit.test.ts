import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRateLimit } from "./rate-limit.ts";

function limitAt(options = {}) {
  const clock = { now: 0 };
  return { clock, limit: createRateLimit({ now: () => clock.now, ...options }) };
}

describe("slowing guesses down", () => {
  it("lets people mistype, then makes them wait twice as long each time", () => {
    const { limit, clock } = limitAt();
    const waits = [];
    for (let i = 0; i < 9; i += 1) {
      limit.failed("ann", "10.0.0.1");
      waits.push(limit.wait("ann", "10.0.0.1"));
    }
    assert.deepEqual(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16]);
    clock.now += 15_500;
    assert.equal(limit.wait("ann", "10.0.0.1"), 1);
    clock.now += 500;
    assert.equal(limit.wait("ann", "10.0.0.1"), 0);
  });
  it("makes nobody wait longer because the clock was set back", (t) => {
    const limit = createRateLimit({ perAddress: 10 });
    for (let i = 0; i < 10; i += 1) limit.failed("ann", "10.0.0.1");
    t.mock.timers.enable({ apis: ["Date"], now: Date.now() - 3_600_000 });
    for (const name of ["ann", "bob"]) assert.ok(limit.wait(name, "10.0.0.1") <= 900, name);
  });
  it("never locks the owner out from elsewhere, nor others from the same place", () => {
    const { limit } = limitAt();
    for (let i = 0; i < 50; i += 1) limit.failed("ann", "10.0.0.1");
    assert.ok(limit.wait("ann", "10.0.0.1") > 0);
    assert.equal(limit.wait("ann", "10.0.0.2"), 0);
    assert.equal(limit.wait("bob", "10.0.0.1"), 0);
  });
  it("forgets after the right password, and after a quarter of an hour", () => {
    const { limit, clock } = limitAt();
    for (let i = 0; i < 20; i += 1) limit.failed("ann", "a");
    assert.equal(limit.wait("ann", "a"), 900);
    clock.now += 900_000;
    assert.equal(limit.wait("ann", "a"), 0);
    for (let i = 0; i < 20; i += 1) limit.failed("ann", "a");
    limit.succeeded("ann", "a");
    assert.equal(limit.wait("ann", "a"), 0);
  });
  it("takes back a failure that was none", () => {
    const { limit } = limitAt();
    for (let i = 0; i < 5; i += 1) limit.failed("ann", "a");
    assert.equal(limit.wait("ann", "a"), 1);
    limit.unchecked("ann", "a");
    assert.equal(limit.wait("ann", "a"), 0);
    limit.unchecked("nobody", "a");
    assert.equal(limit.wait("nobody", "a"), 0);
  });
  it("slows an address down that tries one account after the other, for as long as its guesses are fresh", () => {
    const { limit, clock } = limitAt({ perAddress: 10 });
    for (let i = 0; i < 10; i += 1) {
      assert.equal(limit.wait(`name${i}`, "a"), 0, `name${i}`);
      limit.failed(`name${i}`, "a");
      clock.now += 1000;
    }
    assert.equal(limit.wait("another", "a"), 890);
    assert.equal(limit.wait("another", "b"), 0);
    clock.now += 890_000;
    assert.equal(limit.wait("another", "a"), 0);
    limit.failed("another", "a");
    assert.equal(limit.wait("one-more", "a"), 1);
  });
  it("keeps nobody out who has signed in from the same address before", () => {
    const { limit } = limitAt({ perAddress: 10 });
    limit.failed("dana", "a");
    limit.succeeded("dana", "a");
    for (let i = 0; i < 50; i += 1) limit.failed(`name${i}`, "a");
    assert.ok(limit.wait("rhea", "a") > 0);
    assert.equal(limit.wait("dana", "a"), 0);
    for (let i = 0; i < 6; i += 1) limit.failed("dana", "a");
    assert.ok(limit.wait("dana", "a") > 0, "dana's own failures count all the same");
  });
  it("does not count those who sign in, nor what could not be checked", () => {
    const { limit } = limitAt({ perAddress: 10 });
    for (let i = 0; i < 100; i += 1) {
      limit.failed(`colleague${i}`, "a");
      limit.succeeded(`colleague${i}`, "a");
      limit.failed(`other${i}`, "a");
      limit.unchecked(`other${i}`, "a");
    }
    assert.equal(limit.wait("new", "a"), 0);
  });
  it("takes a /64 of IPv6 for one address, however it is spelt", () => {
    const { limit } = limitAt({ perAddress: 3 });
    for (const address of ["2001:db8::1", "2001:0db8:0:0:1::2", "2001:db8:0:0:ffff:1:2:3"]) limit.failed("ann", address);
    assert.ok(limit.wait("bob", "2001:db8::7") > 0);
    assert.equal(limit.wait("bob", "2001:db8:0:1::7"), 0);
  });
  it("does not grow without end", () => {
    const { limit } = limitAt({ capacity: 100, perAddress: 1000 });
    for (let i = 0; i < 6; i += 1) limit.failed("old", "a");
    for (let i = 0; i < 100; i += 1) limit.failed(`n${i}`, "a");
    assert.equal(limit.wait("old", "a"), 0);
    const places = limitAt({ capacity: 100, perAddress: 1 }).limit;
    for (let i = 0; i < 101; i += 1) places.failed("ann", `192.0.2.${i}`);
    assert.deepEqual([places.wait("bob", "192.0.2.0"), places.wait("bob", "192.0.2.1")], [0, 900]);
  });
});
