/** The client for the host's engine. */
import { Agent } from "node:http";
import Docker from "dockerode";

/**
 * Every call has a connection of its own. An engine that is told to end takes no new ones, but still answers on those that it has while it stops its
 * containers: one that is started again over such a connection outlives the engine, and the next engine can never start it ("task already exists").
 */
export function engineClient(socketPath: string): Docker {
  // It is not among the types' options.
  const options = { socketPath, agent: new Agent({ keepAlive: false }) };
  return new Docker(options);
}
