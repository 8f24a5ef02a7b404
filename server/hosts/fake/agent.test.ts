import { hostContract } from "../testing/contract.ts";
import { fakeAgent } from "./agent.ts";
import { makeFakeHost, restartAgent } from "./host.ts";

hostContract("fake host", async () => {
  const host = makeFakeHost({ id: "testhost", installation: "installone", now: Date.now });
  const agent = fakeAgent(host);
  return {
    agent,
    installation: host.installation,
    host: host.id,
    image: "image:1",
    images: [{ bundle: "test", tag: "image:1" }],
    net: "10.99.1",
    async restart() {
      restartAgent(host);
      agent.reconnect();
    },
    close: () => Promise.resolve(),
  };
});
