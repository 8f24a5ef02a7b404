import assert from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { supervisorAt } from "./client.ts";

const answer = (value: string) => `<?xml version='1.0'?><methodResponse><params><param>${value}</param></params></methodResponse>`;
const one =
  "<value><array><data><value><struct><member><name>name</name><value><string>jupyter</string></value></member><member><name>state</name><value><int>20</int></value></member><member><name>start</name><value><int>5</int></value></member><member><name>stop</name><value><int>0</int></value></member><member><name>pid</name><value><int>7</int></value></member></struct></value></data></array></value>";

describe("a node's supervisor", () => {
  let dir: string;
  let server: Server;
  let path: string;
  let respond: RequestListener;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "kindling-sup-"));
    path = join(dir, "supervisor.sock");
    respond = (_req, res) => void res.end(answer(one));
    server = createServer((req, res) => respond(req, res));
    await new Promise<void>((resolve) => server.listen(path, resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(dir, { recursive: true });
  });

  it("tells its processes", async () => {
    const [first] = await supervisorAt(path).processes();
    assert.deepEqual([first?.name, first?.state, first?.start], ["jupyter", 20, 5]);
  });

  it("is not looked for behind a link, nor in a file, nor in a directory", async () => {
    const linked = join(dir, "linked.sock");
    await symlink(path, linked);
    await writeFile(join(dir, "file.sock"), "");
    for (const other of [linked, join(dir, "file.sock"), dir]) await assert.rejects(supervisorAt(other).processes(), /not a socket/);
    await assert.rejects(supervisorAt(join(dir, "none.sock")).processes(), /ENOENT/);
  });

  it("does not take the agent's memory with an endless answer", async () => {
    respond = (_req, res) => {
      const more = () => {
        while (!res.destroyed && res.write("x".repeat(65_536)));
      };
      res.on("drain", more);
      more();
    };
    await assert.rejects(supervisorAt(path).processes(), /too long|socket hang up|aborted/);
  });

  it("is not believed when it answers something else", async () => {
    for (const value of ["<value><string>hello</string></value>", one.replace("<int>20</int>", "<string>RUNNING</string>")]) {
      respond = (_req, res) => void res.end(answer(value));
      await assert.rejects(supervisorAt(path).processes());
    }
    respond = (_req, res) => void res.writeHead(401).end();
    await assert.rejects(supervisorAt(path).processes(), /answered 401/);
  });
});
