import { randomInt } from "node:crypto";
import { startStack } from "../../agents/host/testing/stack.ts";
import { connectHost } from "./client.ts";
import { hostContract } from "./testing/contract.ts";

// The whole host: a real engine, loop disks, bridges and packet filter, as an installation of its own that leaves nothing.
hostContract("agent on this machine", async () => {
  const stack = await startStack();
  return {
    agent: connectHost({ endpoint: stack.dirs.run }),
    installation: stack.installation,
    host: "testhost",
    image: stack.image,
    images: [],
    net: `10.${randomInt(100, 220)}.${randomInt(1, 255)}`,
    restart: () => stack.restart(),
    close: () => stack.dispose(),
  };
});
