import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { makeKey } from "../agents/identity/key.ts";
import { makeRequest } from "../agents/identity/request.ts";
import { type Ca, makeCa, openCa } from "../server/authority/ca.ts";
import { webServer } from "../server/tls/serve.ts";

const me = { username: "dana", displayName: "Dana", siteAdmin: false, tenants: [] };

describe("a portal whose certificate is signed by the site's own authority", () => {
  let folder: string;
  let ca: Ca;
  let other: Ca;
  const servers: Server[] = [];
  const urls = { good: "", ended: "", named: "" };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kindling-trust-"));
    const authority = async (name: string): Promise<Ca> => {
      const key = makeKey();
      const made = await openCa(key, await makeCa(key, "itest1", new Date()));
      await writeFile(join(folder, name), made.certificate);
      return made;
    };
    [ca, other] = [await authority("ca.pem"), await authority("other.pem")];
    assert.notEqual(ca.fingerprint, other.fingerprint);
    await writeFile(join(folder, "none.pem"), "no certificate");
    for (const [which, name, minutes] of [
      ["good", "localhost", 60],
      ["ended", "localhost", -1],
      ["named", "elsewhere.example", 60],
    ] as const) {
      const key = makeKey();
      const certificate = await ca.issue(await makeRequest(key), { uri: [name], use: "server", lifetimeMs: minutes * 60_000 }, new Date());
      const server = webServer({ key, certificate }, {}, (_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ result: { data: { json: me } } }));
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      servers.push(server);
      urls[which] = `https://localhost:${(server.address() as AddressInfo).port}`;
    }
  });
  after(async () => {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true });
  });

  const kindling = async (words: string[], env: Record<string, string> = {}) => {
    const child = spawn(join(import.meta.dirname, "kindling.mjs"), words, {
      cwd: folder,
      env: { NODE_ENV: "test", PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: join(folder, "config"), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const read = async (stream: AsyncIterable<unknown>): Promise<string> => {
      let text = "";
      for await (const chunk of stream) text += String(chunk);
      return text;
    };
    const [out, err, [code]] = await Promise.all([read(child.stdout), read(child.stderr), once(child, "exit")]);
    return { code: Number(code), out, err };
  };
  const at = (which: keyof typeof urls) => ({ KINDLING_URL: urls[which], KINDLING_TOKEN: "kdl_x" });

  it("is refused with a sentence that says what to do, and with somebody else's authority too", async () => {
    for (const words of [["whoami"], ["--ca", "other.pem", "whoami"]]) {
      const { code, err } = await kindling(words, at("good"));
      assert.equal(code, 8, err);
      assert.match(err, /is signed by nobody whom this machine trusts\. Ask your administrator .*--ca or KINDLING_CA/);
    }
  });

  it("is trusted with the authority's file, by option, by environment, and ever after when it was named at the login", async () => {
    assert.match((await kindling(["whoami", "--ca", "ca.pem"], at("good"))).out, /dana/);
    assert.match((await kindling(["whoami"], { ...at("good"), KINDLING_CA: join(folder, "ca.pem") })).out, /dana/);
    const login = await kindling(["--ca", "ca.pem", "login", urls.good, "--token", "kdl_x"]);
    assert.equal(login.code, 0, login.err);
    assert.match((await kindling(["whoami"])).out, /dana/);
  });

  it("is refused when its certificate ended or is for another name, in words for each", async () => {
    const trusting = { KINDLING_CA: join(folder, "ca.pem") };
    assert.match((await kindling(["whoami"], { ...at("ended"), ...trusting })).err, /has ended\. Your administrator has to renew it/);
    assert.match((await kindling(["whoami"], { ...at("named"), ...trusting })).err, /certificate for another name/);
  });

  it("needs a file that holds certificates", async () => {
    for (const [file, words] of [
      ["nowhere.pem", /--ca: "nowhere\.pem" cannot be read: there is no such file/],
      ["none.pem", /holds no certificate in PEM/],
    ] as const) {
      const { code, err } = await kindling(["--ca", file, "whoami"], at("good"));
      assert.equal(code, 2, err);
      assert.match(err, words);
    }
  });
});
