import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { keyPin, makeKey, renewAt } from "../../agents/identity/key.ts";
import { hostOf, hostUri, roleOf, roleUri, uriOf } from "../../agents/identity/names.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import { expiryOf, makeCa, openCa, RequestError } from "./ca.ts";

const run = promisify(execFile);
const installation = "iabcdef";
const now = new Date();
const hour = 3_600_000;

async function authority() {
  const key = makeKey();
  return { key, ca: await openCa(key, await makeCa(key, installation, now)) };
}

describe("the certificate authority", () => {
  it("makes certificates that OpenSSL verifies for their use and for no other", async () => {
    const { ca } = await authority();
    const folder = await mkdtemp(join(tmpdir(), "kindling-ca-"));
    try {
      await writeFile(join(folder, "ca"), ca.certificate);
      const uri = roleUri(installation, "gateway");
      await writeFile(join(folder, "leaf"), await ca.issue(await makeRequest(makeKey()), { uri, use: "client", lifetimeMs: hour }, now));
      const verify = (purpose: string, more: string[] = []) =>
        run("openssl", ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", join(folder, "ca"), ...more, join(folder, "leaf")]);
      await verify("sslclient");
      await assert.rejects(verify("sslserver"));
      await assert.rejects(verify("sslclient", ["-attime", String(Math.floor(now.getTime() / 1000) + 2 * 3600)]), /expired/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("decides by itself who a certificate is for", async () => {
    const { ca } = await authority();
    const key = makeKey();
    const uri = hostUri(installation, "hone1");
    const first = await ca.issue(await makeRequest(key), { uri, use: "both", lifetimeMs: 30 * 24 * hour }, now);
    const leaf = new X509Certificate(first);
    assert.deepEqual(
      [uriOf(leaf), hostOf(leaf, installation), hostOf(leaf, "iother"), roleOf(leaf, installation)],
      [uri, "hone1", null, null],
    );
    assert.ok(Math.abs(expiryOf(first).getTime() - now.getTime() - 30 * 24 * hour) < 1000);
    assert.ok(Math.abs(renewAt(first) - now.getTime() - 20 * 24 * hour) < hour);
    assert.ok(leaf.verify(new X509Certificate(ca.certificate).publicKey));
    const second = new X509Certificate(await ca.issue(await makeRequest(key), { uri, use: "both", lifetimeMs: hour }, now));
    assert.equal(keyPin(second, "hex"), keyPin(leaf, "hex"), "renewing keeps the key");
    assert.notEqual(second.serialNumber, leaf.serialNumber);
  });

  it("signs no request that was changed, is of another kind, or is none", async () => {
    const { ca } = await authority();
    const wanted = { uri: hostUri(installation, "hone1"), use: "both", lifetimeMs: hour } as const;
    const good = await makeRequest(makeKey());
    const bytes = Buffer.from(good.replace(/-----[^-]+-----/g, ""), "base64");
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
    const changed = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
    const { stdout: rsa } = await run("openssl", [
      "req",
      "-new",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      "/dev/null",
      "-subj",
      "/CN=x",
    ]);
    await ca.issue(good, wanted, now);
    for (const request of [changed, rsa, "nothing", ""])
      await assert.rejects(ca.issue(request, wanted, now), RequestError, request.slice(0, 20));
  });

  it("does not open with another one's certificate", async () => {
    const [one, other] = await Promise.all([authority(), authority()]);
    await openCa(one.key, one.ca.certificate);
    await assert.rejects(openCa(one.key, other.ca.certificate), /does not belong/);
  });
});

describe("the name in a certificate", () => {
  it("counts only when it stands alone", () => {
    const roles = (subjectAltName: string | undefined) => roleOf({ subjectAltName }, installation);
    assert.equal(roles(`URI:kindling://${installation}/role/portal`), "portal");
    for (const other of [
      `URI:kindling://${installation}/role/portal, URI:kindling://${installation}/role/gateway`,
      `URI:kindling://iother/role/portal`,
      `URI:kindling://${installation}/role/root`,
      `URI:kindling://${installation}/role/portal/x`,
      `DNS:kindling://${installation}/role/portal`,
      "",
      undefined,
    ])
      assert.equal(roles(other), null, other);
  });
});
