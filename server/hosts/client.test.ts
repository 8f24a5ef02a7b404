import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { installation, pretend } from "../../agents/host/testing/fakes.ts";
import { emptySpec } from "../../agents/host/testing/specs.ts";
import { HostError } from "../../agents/protocol/errors.ts";
import { connectHost } from "./client.ts";
import { hostContract } from "./testing/contract.ts";
import { type HostTarget, makeTransport } from "./transport.ts";

const transport = makeTransport("reconciler", null);
const here = (folder: string): HostTarget => ({ id: "testhost", endpoint: folder, certificate: null });

// The client and the agent are real, with sockets between them; only engine, disks and firewall are pretended.
hostContract("agent on pretended drivers", async () => {
  const host = await pretend();
  const { env } = host.agent().world;
  return {
    agent: connectHost({ host: here(`unix:${env.run}`), transport }),
    installation: env.installation,
    host: env.host,
    image: "image",
    images: [],
    net: "10.99.1",
    restart: () => host.restart(),
    close: () => host.dispose(),
  };
});

test("a host that is not there is unreachable, which is worth another try", async () => {
  const agent = connectHost({ host: here("/nowhere"), transport });
  await assert.rejects(
    agent.apply(emptySpec({ installation, host: "testhost", generation: 1 })),
    (error) => error instanceof HostError && error.fault.retryable && error.fault.code === "host_unreachable",
  );
});

test("a spec that is too large is refused in words", async () => {
  const host = await pretend();
  try {
    const agent = connectHost({ host: here(`unix:${host.agent().world.env.run}`), transport });
    const spec = { ...emptySpec({ installation, host: "testhost", generation: 1 }), deny: ["1".repeat(40 * 1024 * 1024)] };
    await assert.rejects(agent.apply(spec), (error) => error instanceof HostError && error.fault.code === "too_large");
  } finally {
    await host.dispose();
  }
});

test("an answer that does not end is not waited for", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kindling-client-"));
  const server = createServer((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(16_384)));
    };
    response.writeHead(503).on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(join(folder, "reconciler.sock"), resolve));
  const agent = connectHost({ host: here(folder), transport });
  try {
    await assert.rejects(
      agent.send("volumeone", AbortSignal.timeout(10_000)),
      (error) => error instanceof HostError && error.fault.code === "host_protocol",
    );
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  }
});

test("something that is no picture ends the connection instead of being believed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kindling-client-"));
  const server = createServer((_request, response) => void response.end('{"protocol":1}\n'));
  await new Promise<void>((resolve) => server.listen(join(folder, "reconciler.sock"), resolve));
  const stop = new AbortController();
  const reasons: (string | null)[] = [];
  const seen: unknown[] = [];
  const agent = connectHost({
    host: here(folder),
    transport,
    onLink(state, reason) {
      if (state !== "lost") return;
      reasons.push(reason);
      stop.abort();
    },
  });
  await agent.observe((picture) => void seen.push(picture), stop.signal);
  assert.deepEqual(seen, []);
  assert.match(reasons[0] ?? "", /something else than a picture/);
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});
