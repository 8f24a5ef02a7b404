import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { before, describe, it } from "node:test";
import { makeKey } from "../../agents/identity/key.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import { type Ca, makeCa, openCa } from "../authority/ca.ts";
import { certificateProblems, endsSoon } from "./check.ts";

const day = 86_400_000;
const now = new Date("2026-06-01T12:00:00Z");

describe("the site's certificate", () => {
  let ca: Ca;
  let key: string;
  before(async () => {
    const caKey = makeKey();
    ca = await openCa(caKey, await makeCa(caKey, "itest1", now));
    key = makeKey();
  });
  const made = async (names: string[], days = 90, from = now) =>
    ca.issue(await makeRequest(key), { uri: names, use: "server", lifetimeMs: days * day }, from);
  const said = async (pem: string, names = ["spark.example.com"], own = key, at = now) =>
    certificateProblems({ certificate: pem, key: own }, names, at);

  it("is taken for the names that it covers, a wildcard for services and addresses among them", async () => {
    const pem = `${await made(["spark.example.com", "*.svc.example.com", "10.0.0.7"])}\n${ca.certificate}`;
    assert.deepEqual(await said(pem, ["spark.example.com", "*.svc.example.com", "10.0.0.7"]), []);
    assert.equal(new X509Certificate(pem).checkHost("jupyter-c1.svc.example.com"), "*.svc.example.com");
    assert.equal(endsSoon(pem, now), null);
  });

  it("is refused with a sentence for each thing that is wrong", async () => {
    const pem = await made(["spark.example.com"]);
    const matches = async (problems: Promise<string[]>, ...words: RegExp[]) => {
      const found = await problems;
      assert.equal(found.length, words.length, found.join("\n"));
      for (const [at, word] of words.entries()) assert.match(found[at] ?? "", word);
    };
    await matches(said(pem, ["spark.example.com"], makeKey()), /key does not belong to the certificate/);
    await matches(said(pem, undefined, key, new Date(now.getTime() + 91 * day)), /ended on 2026-08-30: renew it/);
    await matches(said(pem, undefined, key, new Date(now.getTime() - day)), /does not count before 2026-06-01.*clock/);
    await matches(said(pem, ["other.example.com"]), /does not cover other\.example\.com; it is for spark\.example\.com/);
    // One service's name is not all of them.
    await matches(
      said(await made(["spark.example.com", "svc.example.com"]), ["*.svc.example.com"]),
      /does not cover \*\.svc\.example\.com/,
    );
    await matches(said(await made(["10.0.0.7"]), ["10.0.0.8"]), /does not cover 10\.0\.0\.8/);
    await matches(said(pem, ["other.example.com"], makeKey(), new Date(now.getTime() + 91 * day)), /belong/, /ended/, /cover/);
    await matches(said(key), /key and not a certificate.*mixed up/);
    await matches(said(pem, undefined, pem), /not a private key/);
    await matches(said(pem, undefined, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n-----END ENCRYPTED PRIVATE KEY-----"), /passphrase/);
    await matches(said("nonsense"), /not a certificate in PEM/);
  });

  it("warns two weeks before its end", async () => {
    const pem = await made(["spark.example.com"]);
    assert.equal(endsSoon(pem, new Date(now.getTime() + 75 * day)), null);
    assert.match(endsSoon(pem, new Date(now.getTime() + 80 * day)) ?? "", /ends on 2026-08-30, in 10 days/);
  });
});
