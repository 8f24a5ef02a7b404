import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { dataFrames, FrameReader, frameKinds, resizeFrame, said, TerminalEnd } from "../../protocol/terminal.ts";
import { paths } from "../../protocol/verbs.ts";
import { installation, type Pretended, pretend } from "../testing/fakes.ts";
import { hostSpec, net, node, volume } from "../testing/specs.ts";

let p: Pretended;
const own = node({ id: "nodeone", ip: "10.1.1.1", segment: "segmentone", volume: "volumeone", image: "image", tenant: "tenantone" });
const spec = (desired: "running" | "stopped", generation: number) =>
  hostSpec({
    ...{ installation, host: "testhost", generation, images: [{ bundle: "bundle", tag: "image" }], nodes: [{ ...own, desired }] },
    ...{ segments: [{ ...net("tenantone", "segmentone").segment, subnet: "10.1.1.0/24", gateway: "10.1.1.254" }] },
    volumes: [volume("volumeone", "tenantone")],
  });

beforeEach(async () => {
  p = await pretend();
  await p.accept(spec("running", 1));
  await p.until("running", (x) => x.nodes[0]?.state === "running");
});
afterEach(() => p.dispose());

interface Opened {
  socket: Socket;
  /** Reads until the terminal shows this. */
  shows(text: string): Promise<void>;
  end: Promise<TerminalEnd | null>;
}

/** A terminal, or the status and sentence of a refusal. */
function open(query: Record<string, string> = {}): Promise<Opened | { status: number; message: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<Opened | { status: number; message: string }>();
  const asked = request({
    socketPath: join(p.agent().world.env.run, "gateway.sock"),
    path: `${paths.terminal}?${new URLSearchParams({ node: own.id, columns: "80", rows: "24", ...query })}`,
    headers: { connection: "upgrade", upgrade: "kindling-terminal" },
  });
  asked.on("error", reject);
  asked.on("upgrade", (_answer, socket: Socket, head: Buffer) => {
    socket.on("error", () => undefined);
    const reader = new FrameReader();
    let shown = "";
    const end = new Promise<TerminalEnd | null>((done) => {
      const read = (chunk: Buffer): void => {
        for (const frame of reader.push(chunk)) {
          if (frame.kind === frameKinds.end) done(said(TerminalEnd, frame));
          else shown += frame.payload.toString("utf8");
        }
      };
      read(head);
      socket.on("data", read).once("close", () => done(null));
    });
    const shows = async (text: string): Promise<void> => {
      while (!shown.includes(text)) await once(socket, "data");
    };
    resolve({ socket, shows, end });
  });
  asked.on("response", async (answer) => {
    let body = "";
    for await (const chunk of answer) body += String(chunk);
    resolve({ status: answer.statusCode ?? 0, message: JSON.parse(body).fault.message });
  });
  asked.end();
  return promise;
}

async function opened(): Promise<Opened> {
  const one = await open();
  assert.ok("socket" in one, JSON.stringify(one));
  return one;
}

const shells = () => [...p.engine.shells.values()].flat();
/** The fake's shells end within a turn or two. */
async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setImmediate(resolve));
}

test("frames go in and out, a size reaches the terminal, and the last word is the shell's code", async () => {
  const { socket, shows, end } = await opened();
  socket.write(resizeFrame({ columns: 132, rows: 43 }));
  socket.write(dataFrames(Buffer.from("stty size\n")));
  await shows("43 132");
  socket.write(dataFrames(Buffer.from("exit 3\n")));
  assert.deepEqual(await end, { why: "exited", code: 3 });
});

test("however many sizes are said, the engine is asked for one after the other, and the last one counts", async () => {
  const { socket, shows } = await opened();
  const [shell] = shells();
  assert.ok(shell);
  const asked: number[] = [];
  const answer = Promise.withResolvers<void>();
  shell.resize = ({ columns }) => {
    asked.push(columns);
    return answer.promise;
  };
  for (let columns = 1; columns <= 500; columns += 1) socket.write(resizeFrame({ columns, rows: 24 }));
  socket.write(dataFrames(Buffer.from("id -u\n")));
  await shows("1000");
  assert.deepEqual(asked, [1], "each would be a request to the engine, which all nodes of the host share");
  answer.resolve();
  await until(() => asked.length > 1);
  assert.deepEqual(asked, [1, 500]);
});

test("whoever leaves leaves no shell behind, however they go, and neither does what is no frame", async () => {
  for (const leave of [
    (socket: Socket) => socket.destroy(),
    (socket: Socket) => socket.end(),
    (socket: Socket) => socket.write(Buffer.from([0, 255, 255, 255, 255])),
    (socket: Socket) => socket.write(Buffer.from([frameKinds.resize, 0, 0, 0, 2, 123, 125])),
  ]) {
    const { socket, shows } = await opened();
    socket.write(dataFrames(Buffer.from("id -u\n")));
    await shows("1000");
    leave(socket);
    await until(() => shells().every((shell) => !shell.running()));
  }
  assert.equal(shells().length, 4);
});

test("a node has eight at most, and a place again when one has ended", async () => {
  const all = [];
  for (let n = 0; n < 8; n += 1) all.push(await opened());
  const refused = await open();
  assert.deepEqual(refused, {
    status: 429,
    message: "This node has 8 terminals open, and no more are allowed. Close one of them, then connect again.",
  });
  all[0]?.socket.destroy();
  await until(() => shells().filter((shell) => shell.running()).length === 7);
  let again = await open();
  while (!("socket" in again)) again = await open();
  for (const { socket } of [...all, again]) socket.destroy();
});

test("a node that stops ends its terminals with that reason, and opens none; one that is not there either", async () => {
  const { end } = await opened();
  await p.accept(spec("stopped", 2));
  assert.deepEqual(await end, { why: "stopped", code: null });
  const refused = await open();
  assert.ok("status" in refused);
  assert.deepEqual([refused.status, refused.message], [503, "The node does not run."]);
  assert.deepEqual(await open({ node: "nodetwo" }), { status: 404, message: "This host has no such node." });
  assert.equal("status" in (await open({ columns: "0" })), true);
});

test("a node whose stop failed, and that is wanted again, opens terminals as before", async () => {
  p.mishaps((op) => (op === "stop" ? "refused" : null));
  await p.accept(spec("stopped", 2));
  await p.until("refused", (x) => x.nodes[0]?.fault?.code === "engine_refused");
  await p.accept(spec("running", 3));
  await p.until("running", (x) => x.nodes[0]?.state === "running" && x.nodes[0]?.fault === null);
  const { socket, shows } = await opened();
  socket.write(dataFrames(Buffer.from("id -u\n")));
  await shows("1000");
  socket.destroy();
});

test("an agent that ends hangs up, and one that was killed has it done by the next", async () => {
  const { end } = await opened();
  await p.restart();
  assert.equal(await end, null);
  assert.ok(shells().every((shell) => !shell.running()));
  // What an agent that was killed leaves: nobody's of this process.
  const [id] = [...p.engine.containers.keys()];
  const { fakeContainers } = await import("../drivers/container/fake.ts");
  const left = await fakeContainers(p.engine, installation, Date.now).shell(id ?? "", { columns: 80, rows: 24 });
  const gone = once(left.stream.resume(), "close");
  await p.restart();
  await gone;
});
