import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createPortalHosts } from "./portal-client.ts";
import { makeTransport } from "./transport.ts";

describe("the portal's verbs of a host's agent", () => {
  let folder: string;
  let server: Server;
  const seen: string[] = [];
  const hosts = createPortalHosts(makeTransport("portal", null));
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "kindling-agent-"));
    server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      seen.push(`${request.method} ${request.url} ${body}`);
      const refuse = (status: number, code: string, retryable: boolean) => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify({ fault: { code, message: `The host says ${code}.`, retryable } }));
      };
      if (request.url?.includes("nowhere")) return refuse(404, "no_such_node", false);
      if (request.url?.includes("busy")) return refuse(503, "engine_unreachable", true);
      if (request.url?.includes("broken")) return response.writeHead(500).end("<html>");
      if (request.url === "/v1/attest?tenant=tten1")
        return response.end(
          JSON.stringify([
            {
              node: "nnode1",
              container: "c",
              comparedAt: "2026-01-01T00:00:00.000Z",
              approved: { a: "b" },
              engine: { a: "b" },
              differences: [],
            },
          ]),
        );
      if (request.url?.startsWith("/v1/archive")) return response.end(Buffer.from("tar"));
      if (request.url?.includes("after="))
        response.setHeaders(
          new Map([
            ["kindling-log-line", "41"],
            ["kindling-log-after", "1:2:9:42"],
            ["kindling-log-continues", "1"],
          ]),
        );
      return response.end(`the last\nline ✓\n`);
    });
    server.listen(join(folder, "portal.sock"));
    await once(server, "listening");
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });
  const endpoint = () => ({ id: "hone1", endpoint: `unix:${folder}`, certificate: null });

  it("fetch logs, archives and restart services", async () => {
    const log = { node: "nnode1", service: "jupyter", bytes: 10 };
    assert.deepEqual(await hosts.log(endpoint(), log), { text: "the last\nline ✓\n", line: null, after: null, continues: false });
    const more = await hosts.log(endpoint(), { ...log, after: "1:2:3:4" });
    assert.deepEqual([more.line, more.after, more.continues], [41, "1:2:9:42", true]);
    assert.equal(await hosts.imageLog(endpoint(), "kindling/a:b c"), "the last\nline ✓\n");
    await hosts.buildImage(endpoint(), "kindling/a:b c");
    await hosts.restartService(endpoint(), { node: "nnode1", service: "jupyter" });
    const stream = await hosts.archive(endpoint(), "vvol1", new AbortController().signal);
    assert.equal(Buffer.concat(await stream.toArray()).toString(), "tar");
    assert.deepEqual(seen, [
      "GET /v1/log?node=nnode1&service=jupyter&bytes=10 ",
      "GET /v1/log?node=nnode1&service=jupyter&bytes=10&after=1%3A2%3A3%3A4 ",
      "GET /v1/image-log?tag=kindling%2Fa%3Ab+c ",
      'POST /v1/image/build {"tag":"kindling/a:b c"}',
      'POST /v1/service/restart {"node":"nnode1","service":"jupyter"}',
      "GET /v1/archive?volume=vvol1&path=notebooks ",
    ]);
  });

  it("take an attestation only in the form that it has", async () => {
    const [one] = await hosts.attest(endpoint(), { tenant: "tten1" });
    assert.deepEqual([one?.node, one?.engine, one?.differences], ["nnode1", { a: "b" }, []]);
    await assert.rejects(hosts.attest(endpoint(), {}), { code: "unavailable" });
  });

  it("pass the host's own sentence on", async () => {
    const ask = (service: string) => hosts.log(endpoint(), { node: "nnode1", service, bytes: 1 });
    await assert.rejects(ask("nowhere"), { code: "not_found", message: "The host says no_such_node." });
    await assert.rejects(ask("busy"), { code: "unavailable", message: "The host says engine_unreachable." });
    await assert.rejects(ask("broken"), { code: "unavailable", message: /does not answer just now/ });
  });

  it("say that the host does not answer when nobody listens", async () => {
    await assert.rejects(hosts.log({ ...endpoint(), endpoint: "unix:/nonexistent" }, { node: "n", service: "s", bytes: 1 }), {
      code: "unavailable",
      message: /does not answer just now/,
    });
  });
});
