import type { IncomingMessage } from "node:http";
import { Agent, type ClientRequest, type ClientRequestArgs } from "node:http";
import type { Duplex } from "node:stream";
import { z } from "zod";
import { Fault } from "../../agents/protocol/errors.ts";
import type { TerminalSize } from "../../agents/protocol/terminal.ts";
import { paths } from "../../agents/protocol/verbs.ts";
import { type HostTarget, identityTrouble, type Transport } from "../hosts/transport.ts";

/** Where a service listens: a node's port behind a host's agent. */
export interface Dial {
  host: HostTarget;
  node: string;
  port: number;
}

/** Where a terminal is: a node behind a host's agent. */
export interface TerminalDial {
  host: HostTarget;
  node: string;
}

/** `host`: the agent does not answer. `service`: the agent does, and could not connect; its message is the agent's. */
export class DialError extends Error {
  readonly kind: "host" | "service";
  constructor(kind: "host" | "service", message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DialError";
    this.kind = kind;
  }
}

const dialTimeoutMs = 10_000;
/** A host whose processors are all taken is slow to start a shell. */
const shellTimeoutMs = 30_000;

/** Opens a plain TCP stream to a node's port through its host agent. @throws DialError */
export function dial(transport: Transport, { host, node, port }: Dial): Promise<Duplex> {
  const path = `${paths.dial}?${new URLSearchParams({ node, port: String(port) })}`;
  return upgraded(() => begin(transport, host, path, "kindling-dial", dialTimeoutMs));
}

/** Opens a shell in a node; the stream carries frames (agents/protocol/terminal.ts). @throws DialError */
export function dialTerminal(transport: Transport, { host, node }: TerminalDial, { columns, rows }: TerminalSize): Promise<Duplex> {
  const path = `${paths.terminal}?${new URLSearchParams({ node, columns: String(columns), rows: String(rows) })}`;
  return upgraded(() => begin(transport, host, path, "kindling-terminal", shellTimeoutMs));
}

async function upgraded(ask: () => ClientRequest): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const asked = ask();
  asked.once("upgrade", (_response, socket, head) => {
    if (head.length > 0) socket.unshift(head);
    asked.setTimeout(0);
    resolve(socket);
  });
  asked.once("response", (response) => {
    refusal(response).then(
      (words) => reject(new DialError("service", words ?? `the host refused to connect (${response.statusCode})`)),
      reject,
    );
  });
  asked.once("timeout", () => asked.destroy(new DialError("host", "the host did not answer in time")));
  asked.once("error", (cause) => reject(hostAway(cause)));
  asked.end();
  return promise;
}

const Refusal = z.object({ fault: Fault });

/** What an agent said when it refused; null where that is not to be understood. */
async function refusal(response: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      size += bytes.length;
      if (size > 10_000) return null;
      chunks.push(bytes);
    }
    return Refusal.parse(JSON.parse(Buffer.concat(chunks).toString("utf8"))).fault.message;
  } catch {
    return null;
  }
}

function begin(transport: Transport, host: HostTarget, path: string, upgrade: string, timeout: number): ClientRequest {
  try {
    return transport(host, { path, headers: { host: "agent", connection: "Upgrade", upgrade }, timeout });
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
