import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, it, test } from "node:test";
import fc from "fast-check";
import type { Target } from "./access.ts";
import type { ServiceHost } from "./host.ts";
import { endedPage, isPrivateHost, mendedProxyId, publicLocation } from "./location.ts";
import { PublicLinks, replaceLinks } from "./rewrite.ts";

const host: ServiceHost = { endpoint: "spark", clusterId: "cflights", origin: "https://spark-cflights.svc.example.com", secure: true };
const target: Target = {
  cluster: { id: "cflights", name: "flights", phase: "ready", reason: null },
  title: "Spark master",
  path: "/",
  dial: { host: { id: "h1", endpoint: "unix:/x", certificate: null }, node: "n1", port: 8080 },
  sealed: null,
  spark: { applications: ["app-1-0"] },
  nodes: [
    { names: ["kindling-1", "kindling-1.bdlocal", "10.35.219.2"], master: true },
    { names: ["kindling-2", "kindling-2.bdlocal", "10.35.219.3"], master: false },
  ],
  endpoints: [
    { id: "spark", port: 8080 },
    { id: "jupyter", port: 8888 },
  ],
  hostSilentSeconds: 1,
};

for (const [location, expected] of [
  ["/jobs/", "/jobs/"],
  ["jobs/?a=1", "jobs/?a=1"],
  ["../stages", "../stages"],
  // Jetty builds absolute addresses from the Host header and never knows of https.
  ["http://spark-cflights.svc.example.com/app/?appId=1", `${host.origin}/app/?appId=1`],
  [`${host.origin}/x#y`, `${host.origin}/x#y`],
  ["http://10.35.219.2:8080/app/?appId=1", `${host.origin}/app/?appId=1`],
  ["http://kindling-1.bdlocal:8080/", `${host.origin}/`],
  ["http://kindling-1.bdlocal:4040/jobs/", `${host.origin}/proxy/app-1-0/jobs/`],
  ["http://10.35.219.2:8888/lab", "https://jupyter-cflights.svc.example.com/lab"],
  ["https://spark.apache.org/docs/", "https://spark.apache.org/docs/"],
  ["http://10.35.219.3:8080/", null],
  ["http://10.35.219.3:22/", null],
  ["//10.35.219.9/", null],
  ["//evil\\@10.0.0.1/", null],
  ["http://169.254.169.254/latest/meta-data", null],
  ["http://localhost:3000/", null],
  ["http://[::1]/", null],
  ["http://[fd00::1]/", null],
  ["http://[::ffff:10.0.0.1]/", null],
  ["http://0x0a000001/", null],
  ["http://167772161/", null],
  ["http://portal/", null],
  ["javascript:alert(1)", null],
  ["file:///etc/passwd", null],
  ["http://", null],
] as const)
  test(`a redirect to ${location} ${expected === null ? "is refused" : `becomes ${expected}`}`, () => {
    assert.equal(publicLocation(location, host, target), expected);
  });

test("an address in a page becomes the public one, other sites' stay", () => {
  const page =
    '<a href="http://kindling-1.bdlocal:4040/jobs/">ui</a> <a href="http://10.35.219.3:8081/logPage?x=1&amp;y=2">log</a> <a href="https://spark.apache.org/">x</a>';
  assert.equal(
    replaceLinks(page, host, target),
    `<a href="${host.origin}/proxy/app-1-0/jobs/">ui</a> <a href="#/logPage?x=1&amp;y=2">log</a> <a href="https://spark.apache.org/">x</a>`,
  );
  assert.equal(replaceLinks('{"u":"http:\\/\\/10.35.219.2:8080\\/x"}', host, target), `{"u":"${host.origin}\\/x"}`);
});

test("cut anywhere, a stream is rewritten as the whole text would be", async () => {
  const piece = fc.constantFrom(
    "http://10.35.219.2:8080/a",
    "http://kindling-2:8081/",
    "htt",
    "p",
    "é",
    "😀",
    " ",
    '"',
    "<a href='",
    "https://x.org/y",
    "text ",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      async (pieces, cuts) => {
        const whole = Buffer.from(pieces.join(""));
        const chunks: Buffer[] = [];
        for (let at = 0, turn = 0; at < whole.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          chunks.push(whole.subarray(at, at + size));
          at += size;
        }
        const links = PublicLinks.for("text/html;charset=utf-8", host, target);
        assert.ok(links);
        assert.equal(await text(Readable.from(chunks).pipe(links)), replaceLinks(whole.toString(), host, target));
      },
    ),
  );
});

test("pictures and archives are not touched", () => {
  assert.equal(PublicLinks.for("image/png", host, target), null);
  assert.equal(PublicLinks.for(undefined, host, target), null);
});

test("what Spark's proxy forgot is found at the master", () => {
  assert.equal(endedPage("/proxy/app-20261121-0001/jobs/?a=1"), "/app/?appId=app-20261121-0001");
  assert.equal(endedPage("/proxy/worker-2026-10.35.219.2-4000"), "/");
  assert.equal(endedPage("/proxy/other"), null);
  assert.equal(endedPage("/app/"), null);
});

test("public addresses are told from private ones", () => {
  for (const name of [
    "10.0.0.1",
    "172.31.0.1",
    "192.168.1.1",
    "127.0.0.1",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "[fe80::1]",
    "localhost",
    "kindling-1",
  ])
    assert.ok(isPrivateHost(name), name);
  for (const name of ["8.8.8.8", "172.32.0.1", "100.128.0.1", "spark.apache.org", "2001:db8::1"]) assert.ok(!isPrivateHost(name), name);
});

describe("a redirect that Spark's proxy cut short", () => {
  const cases: [string, string, string][] = [
    [
      "http://spark-c1.localhost/proxy/261121115249-0000/jobs/",
      "/proxy/app-20261121115249-0000",
      "http://spark-c1.localhost/proxy/app-20261121115249-0000/jobs/",
    ],
    ["/proxy/261121115249-0000", "/proxy/app-20261121115249-0000/", "/proxy/app-20261121115249-0000"],
    ["/proxy/-20261121115249-10.1.0.2-8081/", "/proxy/worker-20261121115249-10.1.0.2-8081", "/proxy/worker-20261121115249-10.1.0.2-8081/"],
    ["/proxy/app-20261121115249-0000/jobs/", "/proxy/app-20261121115249-0000", "/proxy/app-20261121115249-0000/jobs/"],
    ["/proxy/261121115249-0001/jobs/", "/proxy/app-20261121115249-0000", "/proxy/261121115249-0001/jobs/"],
    ["/jobs/", "/", "/jobs/"],
  ];
  for (const [location, asked, expected] of cases)
    it(`${asked} → ${location}`, () => {
      assert.equal(mendedProxyId(location, asked), expected);
    });
});
