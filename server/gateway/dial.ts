import { Agent, type ClientRequestArgs, request } from "node:http";
import type { Duplex } from "node:stream";
import { paths } from "../../agents/protocol/verbs.ts";

/** Where a service listens: a node's port behind a host agent's socket. */
export interface Dial {
  socketPath: string;
  node: string;
  port: number;
}

/** `host`: the agent does not answer. `service`: the agent does, and could not connect to the port. */
export class DialError extends Error {
  readonly kind: "host" | "service";
  constructor(kind: "host" | "service", message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DialError";
    this.kind = kind;
  }
}

const dialTimeoutMs = 10_000;

/** Opens a plain TCP stream to a node's port through its host agent. @throws DialError */
export async function dial({ socketPath, node, port }: Dial): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const asked = request({
    socketPath,
    path: `${paths.dial}?${new URLSearchParams({ node, port: String(port) })}`,
    headers: { host: "agent", connection: "Upgrade", upgrade: "kindling-dial" },
    agent: false,
    timeout: dialTimeoutMs,
  });
  asked.once("upgrade", (_response, socket, head) => {
    if (head.length > 0) socket.unshift(head);
    asked.setTimeout(0);
    resolve(socket);
  });
  asked.once("response", (response) => {
    response.resume();
    reject(new DialError("service", `the host refused to connect (${response.statusCode})`));
  });
  asked.once("timeout", () => asked.destroy(new DialError("host", "the host did not answer in time")));
  asked.once("error", (cause) => reject(cause instanceof DialError ? cause : new DialError("host", "the host does not answer", { cause })));
  asked.end();
  return promise;
}

class DialAgent extends Agent {
  private readonly to: Dial;
  constructor(to: Dial, keepAlive: boolean) {
    // Services close idle connections after about 30 s themselves (Jetty); ours go first, so that hardly a request meets that race.
    super(keepAlive ? { keepAlive, maxFreeSockets: 8, timeout: 20_000 } : {});
    this.to = to;
  }
  override createConnection(_options: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    dial(this.to).then(
      (stream) => callback?.(null, stream),
      // Node's own type wants a stream even beside an error; the agent reads only the error then.
      (error: Error) => Reflect.apply(callback ?? (() => {}), undefined, [error]),
    );
    return undefined;
  }
  idle(): boolean {
    return Object.keys(this.sockets).length === 0 && Object.keys(this.requests).length === 0;
  }
}

/** Connections to services, kept alive in a pool per port of a node. */
export class DialPools {
  private readonly pools = new Map<string, DialAgent>();
  private readonly most: number;
  constructor(most = 256) {
    this.most = most;
  }

  /** @param reuse false: a connection of its own, for what must not be lost on one that the service is just closing */
  to(dialled: Dial, reuse: boolean): Agent {
    const key = `${dialled.socketPath}|${dialled.node}|${dialled.port}|${reuse}`;
    const known = this.pools.get(key);
    if (known) return known;
    if (this.pools.size >= this.most)
      for (const [old, agent] of this.pools)
        if (agent.idle()) {
          agent.destroy();
          this.pools.delete(old);
        }
    const made = new DialAgent(dialled, reuse);
    this.pools.set(key, made);
    return made;
  }

  close(): void {
    for (const agent of this.pools.values()) agent.destroy();
    this.pools.clear();
  }
}
