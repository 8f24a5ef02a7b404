import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readEnv } from "../env.ts";
import { checkAddresses } from "./addresses.ts";

const check = (publicUrl?: string, services?: string, more: Record<string, string> = {}) =>
  checkAddresses(readEnv({ KINDLING_PUBLIC_URL: publicUrl, KINDLING_SERVICES_URL: services, ...more }));

describe("the addresses that people type", () => {
  it("are fine on this machine, and with TLS anywhere", () => {
    for (const [portal, services] of [
      [undefined, undefined],
      ["http://127.0.0.1:3000", undefined],
      ["http://localhost:3100", "http://*.localhost:3101"],
      ["https://spark.example.com", "https://*.svc.example.com"],
      ["https://example.com", "https://*.example.com"],
    ])
      assert.equal(check(portal, services), null, portal);
  });

  it("are refused where a login would travel in the open, unless somebody says so", () => {
    const services = "https://*.svc.example.com";
    for (const host of ["spark.example.com", "10.0.0.5:3000", "localhost.example.com", "127.0.0.1.example.com"])
      assert.throws(
        () => check(`http://${host}`, services),
        /^Error: KINDLING_PUBLIC_URL: .*in the open.*https:\/\/.*KINDLING_INSECURE_HTTP=1/,
      );
    assert.throws(() => check("https://spark.example.com", "http://*.svc.example.com"), /^Error: KINDLING_SERVICES_URL: .*in the open/);
    assert.match(
      check("http://spark.lan", "http://*.svc.lan", { KINDLING_INSECURE_HTTP: "1" }) ?? "",
      /KINDLING_PUBLIC_URL and KINDLING_SERVICES_URL: without https/,
    );
    assert.throws(() => readEnv({ KINDLING_INSECURE_HTTP: "yes" }), /KINDLING_INSECURE_HTTP/);
  });

  it("never put notebooks under the portal's name", () => {
    for (const portal of ["https://portal.example.com", "https://jupyter-c1.example.com"])
      assert.throws(
        () => check(portal, "https://*.example.com"),
        /KINDLING_SERVICES_URL: \*\.example\.com covers .*https:\/\/\*\.svc\.example\.com/,
      );
    assert.throws(() => check("http://portal.localhost:3000"), /KINDLING_SERVICES_URL/);
  });

  it("end a start with a sentence before anything is made", async () => {
    const base = await mkdtemp(join(tmpdir(), "kindling-addresses-"));
    const home = join(base, "home");
    try {
      const env: NodeJS.ProcessEnv = {
        NODE_ENV: "test",
        PATH: process.env.PATH ?? "",
        KINDLING_HOME: home,
        KINDLING_PUBLIC_URL: "http://10.0.0.5:3000",
      };
      const { code, out } = await new Promise<{ code: unknown; out: string }>((resolve) => {
        execFile(process.execPath, [join(import.meta.dirname, "main.ts")], { env, timeout: 30_000 }, (error, stdout) =>
          resolve({ code: error?.code, out: stdout }),
        );
      });
      assert.equal(code, 1);
      assert.match(out, /could not start.*KINDLING_PUBLIC_URL: .*in the open/s);
      await assert.rejects(access(home));
    } finally {
      await rm(base, { recursive: true });
    }
  });
});
