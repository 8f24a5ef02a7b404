import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commandOf, fieldOf, groupName, meant, stateOf, toChange, valuesOf } from "./model.ts";

const settings = {
  servers: ["ldaps://dc1", "ldaps://dc2"],
  startTls: true,
  ca: null,
  bind: "service",
  bindDn: "cn=search",
  userDn: null,
  base: "dc=example",
  groupBase: null,
  personFilter: "(a=b)",
  groupFilter: null,
  loginAttributes: ["uid"],
  nested: "auto",
  timeoutSeconds: 5,
  graceMinutes: 240,
} as const;
const before = valuesOf({ settings: { ...settings, servers: [...settings.servers], loginAttributes: ["uid"] } });

describe("the directory's form", () => {
  it("sends only what was changed, and a password only when it was typed", () => {
    assert.deepEqual(toChange(before, before), {});
    assert.deepEqual(
      toChange(before, { ...before, servers: " ldaps://dc1\nldaps://dc3 ", personFilter: "", graceMinutes: "60", bindPassword: "x" }),
      {
        servers: ["ldaps://dc1", "ldaps://dc3"],
        personFilter: "",
        graceMinutes: 60,
        bindPassword: "x",
      },
    );
    assert.ok(Number.isNaN(toChange(before, { ...before, timeoutSeconds: "soon" }).timeoutSeconds));
  });
  it("begins empty beside the demo directory", () => assert.equal(valuesOf({ settings: null }).servers, ""));
  it("puts a refusal at its field", () => {
    assert.equal(fieldOf("servers.0"), "servers");
    assert.equal(fieldOf("change.bindDn"), "bindDn");
    assert.equal(fieldOf("admin"), null);
  });
  it("shows the command that does the same, and no password in it", () => {
    const command = commandOf(
      toChange(before, { ...before, personFilter: "(mail=it's)", startTls: "no", bindPassword: "hunter2", groupBase: "ou=g" }),
    );
    assert.equal(
      command,
      "kindling directory set --no-start-tls --bind-password-stdin --group-base ou=g --person-filter '(mail=it'\\''s)'",
    );
  });
});

it("a group's name is what people call it", () => {
  assert.deepEqual(["cn=staff,ou=groups,dc=x", "cn=staff\\, of x,dc=x", "odd"].map(groupName), ["staff", "staff, of x", "odd"]);
});

it("a directory of which one server is down is said to be so", () => {
  assert.equal(stateOf({ state: "ok", servers: [{ url: "a", problem: null }] }).state, "ready");
  assert.equal(stateOf({ state: "ok", servers: [{ url: "a", problem: "gone" }] }).state, "degraded");
  assert.equal(stateOf({ state: "failing", servers: [] }).state, "failed");
});

describe("the group that is meant", () => {
  const red = "cn=red,ou=groups,dc=example";
  it("is the only one that matches what was typed, and otherwise what was typed", () => {
    assert.equal(meant(" red ", [red]), red);
    assert.equal(meant(" red ", [red, "cn=reddish,ou=groups,dc=example"]), "red");
    assert.equal(meant("red", []), "red");
    assert.equal(meant("red", undefined), "red");
    assert.equal(meant("cn=blue,dc=example", [red]), "cn=blue,dc=example", "a name in full is never another one's");
  });
});
