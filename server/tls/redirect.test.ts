import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { test } from "node:test";
import { readEnv } from "../env.ts";
import { redirectServer, secureAddress } from "./redirect.ts";

const tls = { KINDLING_TLS_CERT: "/a", KINDLING_TLS_KEY: "/b" };
const site = readEnv({ ...tls, KINDLING_PUBLIC_URL: "https://spark.example.com", KINDLING_SERVICES_URL: "https://*.svc.example.com:8443" });

test("plain addresses lead to the same one with https, names that are not ours nowhere", () => {
  assert.equal(secureAddress(site, "spark.example.com", "/t/a?b=c"), "https://spark.example.com/t/a?b=c");
  assert.equal(secureAddress(site, "SPARK.example.com:80", "/"), "https://spark.example.com/");
  assert.equal(secureAddress(site, "jupyter-c1234.svc.example.com", "/lab"), "https://jupyter-c1234.svc.example.com:8443/lab");
  const home = readEnv(tls);
  assert.equal(secureAddress(home, "localhost:8080", "/"), "https://localhost:3000/");
  assert.equal(secureAddress(home, "jupyter-c1234.svc.localhost:8080", "/"), "https://jupyter-c1234.svc.localhost:3001/");
  for (const host of [
    undefined,
    "",
    "evil.example",
    "spark.example.com.evil.example",
    "a@spark.example.com",
    "svc.example.com",
    "x.svc.example.com",
    "10.0.0.1",
  ])
    assert.equal(secureAddress(site, host, "/"), null, host);
  for (const path of ["", "//evil.example\n", "x", "/\r\nset-cookie: a=b"])
    assert.equal(secureAddress(site, "spark.example.com", path), null, path);
});

test("the plain port sends pages to https and takes nothing else", async () => {
  const server = redirectServer(site);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const ask = async (method: string, host: string) => {
    const sent = request({ host: "127.0.0.1", port, path: "/sign-in", method, headers: { host } });
    sent.end(method === "POST" ? "password=secret" : undefined);
    const [answer] = await once(sent, "response");
    answer.resume();
    return [answer.statusCode, answer.headers.location];
  };
  try {
    assert.deepEqual(await ask("GET", "spark.example.com"), [308, "https://spark.example.com/sign-in"]);
    // Whoever sent a password in the open is not helped to do so again.
    assert.deepEqual(await ask("POST", "spark.example.com"), [421, undefined]);
    assert.deepEqual(await ask("GET", "evil.example"), [421, undefined]);
  } finally {
    server.close();
  }
});
