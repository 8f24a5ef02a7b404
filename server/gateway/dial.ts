import { Agent, type ClientRequest, type ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import { paths } from "../../agents/protocol/verbs.ts";
import { type HostTarget, identityTrouble, type Transport } from "../hosts/transport.ts";

/** Where a service listens: a node's port behind a host's agent. */
export interface Dial {
  host: HostTarget;
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
export async function dial(transport: Transport, { host, node, port }: Dial): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const asked = begin(transport, host, `${paths.dial}?${new URLSearchParams({ node, port: String(port) })}`);
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
  asked.once("error", (cause) => reject(hostAway(cause)));
  asked.end();
  return promise;
}

function begin(transport: Transport, host: HostTarget, path: string): ClientRequest {
  try {
    return transport(host, { path, headers: { host: "agent", connection: "Upgrade", upgrade: "kindling-dial" }, timeout: dialTimeoutMs });
  } catch (cause) {
    throw hostAway(cause);
  }
}

function hostAway(cause: unknown): DialError {
  return cause instanceof DialError ? cause : new DialError("host", identityTrouble(cause) ?? "the host does not answer", { cause });
}

class DialAgent extends Agent {
  private readonly transport: Transport;
  private readonly to: Dial;
  constructor(transport: Transport, to: Dial, keepAlive: boolean) {
    // Services close idle connections after about 30 s themselves (Jetty); ours go first, so that hardly a request meets that race.
    super(keepAlive ? { keepAlive, maxFreeSockets: 8, timeout: 20_000 } : {});
    this.transport = transport;
    this.to = to;
  }
  override createConnection(_options: ClientRequestArgs, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    dial(this.transport, this.to).then(
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
  private readonly transport: Transport;
  private readonly most: number;
  constructor(transport: Transport, most = 256) {
    this.transport = transport;
    this.most = most;
  }

  /** @param reuse false: a connection of its own, for what must not be lost on one that the service is just closing */
  to(dialled: Dial, reuse: boolean): Agent {
    const key = `${dialled.host.endpoint}|${dialled.host.certificate}|${dialled.node}|${dialled.port}|${reuse}`;
    const known = this.pools.get(key);
    if (known) return known;
    if (this.pools.size >= this.most)
      for (const [old, agent] of this.pools)
        if (agent.idle()) {
          agent.destroy();
          this.pools.delete(old);
        }
    const made = new DialAgent(this.transport, dialled, reuse);
    this.pools.set(key, made);
    return made;
  }

  close(): void {
    for (const agent of this.pools.values()) agent.destroy();
    this.pools.clear();
  }
}
