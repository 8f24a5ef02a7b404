import { randomInt } from "node:crypto";
import { startStack } from "../../agents/host/testing/stack.ts";
import { connectHost } from "./client.ts";
import { hostContract } from "./testing/contract.ts";
import { makeTransport } from "./transport.ts";

// The whole host: a real engine, loop disks, bridges and packet filter, as an installation of its own that leaves nothing.
hostContract("agent on this machine", async () => {
  const stack = await startStack();
  return {
    agent: connectHost({
      host: { id: "testhost", endpoint: stack.dirs.run, certificate: null },
      transport: makeTransport("reconciler", null),
    }),
    installation: stack.installation,
    host: "testhost",
    image: stack.image,
    images: [],
    net: `10.${randomInt(100, 220)}.${randomInt(1, 255)}`,
    restart: () => stack.restart(),
    close: () => stack.dispose(),
  };
});
