/** The client for the host's engine. */
import { Agent } from "node:http";
import { inspect } from "node:util";
import Docker from "dockerode";

/**
 * The library writes out the options of each call for its debug log, also when there is none. An agent lists all its sockets and calls there: that
 * took a quarter of the host agent's CPU while nodes start.
 */
class TerseAgent extends Agent {
  [inspect.custom](): string {
    return "Agent";
  }
}

/**
 * Every call has a connection of its own. An engine that is told to end takes no new ones, but still answers on those that it has while it stops its
 * containers: one that is started again over such a connection outlives the engine, and the next engine can never start it ("task already exists").
 */
export function engineClient(socketPath: string): Docker {
  // It is not among the types' options.
  const options = { socketPath, agent: new TerseAgent({ keepAlive: false }) };
  return new Docker(options);
}
