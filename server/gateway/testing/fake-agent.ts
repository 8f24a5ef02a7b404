import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import type { z } from "zod";
import { DialQuery, paths, TerminalQuery } from "../../../agents/protocol/verbs.ts";

/** A host agent that dials, and opens terminals. Ports of nodes are mapped to ports of this machine. */
export class FakeAgent {
  readonly socketPath: string;
  /** "<node>:<port>" → local port; what is missing is refused as the real agent would. */
  readonly ports = new Map<string, number>();
  /** Where those ports are. */
  address = "127.0.0.1";
  dials = 0;
  /** What a terminal is connected with, or the sentence of a refusal. */
  shell: ((socket: Duplex, query: z.output<typeof TerminalQuery>) => void) | string = "This host opens no terminals.";
  private readonly server: Server;
  private readonly streams = new Set<Duplex>();

  constructor(socketPath: string) {
    this.socketPath = socketPath;
    this.server = createServer((_request, response) => response.writeHead(404).end());
    this.server.on("upgrade", (request, socket) => {
      this.dials++;
      const url = new URL(request.url ?? "/", "http://agent");
      if (url.pathname === paths.terminal) {
        this.openShell(socket, Object.fromEntries(url.searchParams));
        return;
      }
      const query = DialQuery.safeParse(Object.fromEntries(url.searchParams));
      const port = query.success ? this.ports.get(`${query.data.node}:${query.data.port}`) : undefined;
      const refuse = (code: string): void => {
        const body = JSON.stringify({ fault: { code, message: "refused", retryable: true } });
        socket.end(`HTTP/1.1 502 Bad Gateway\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      };
      if (url.pathname !== paths.dial || request.headers.upgrade !== "kindling-dial" || port === undefined) return refuse("not_declared");
      const service = connect(port, this.address);
      const before = (): void => refuse("unreachable");
      service.once("error", before);
      service.once("connect", () => {
        service.off("error", before);
        this.streams.add(socket);
        socket.once("close", () => this.streams.delete(socket));
        service.on("error", () => socket.destroy());
        service.on("close", () => socket.destroy());
        socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: kindling-dial\r\n\r\n");
        socket.pipe(service).pipe(socket);
      });
      socket.on("error", () => service.destroy());
      socket.on("close", () => service.destroy());
    });
  }

  private openShell(socket: Duplex, query: Record<string, string>): void {
    this.streams.add(socket);
    socket.once("close", () => this.streams.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("end", () => socket.destroy());
    if (typeof this.shell === "string") {
      const body = JSON.stringify({ fault: { code: "terminals_taken", message: this.shell, retryable: true } });
      socket.end(`HTTP/1.1 429 Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      return;
    }
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: kindling-terminal\r\n\r\n");
    this.shell(socket, TerminalQuery.parse(query));
  }

  /** Ends every stream, as a service's end would. */
  cut(): void {
    for (const stream of this.streams) stream.destroy();
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(this.socketPath, resolve);
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    this.cut();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
