/** What the agent asks a node's supervisor: states, a restart, the end of a log. Everything it answers is hostile. */
import { request } from "node:http";
import { z } from "zod";
import { connectNoFollow } from "./socket.ts";
import { readResponse, writeCall, type XmlValue } from "./xml.ts";

const timeoutMs = 4_000;
const answerLimit = 4 * 1024 * 1024;

const Process = z.object({
  name: z.string().max(100),
  state: z.number().int(),
  start: z.number(),
  stop: z.number(),
  pid: z.number().int(),
  spawnerr: z.string().default(""),
  description: z.string().default(""),
});
export type Process = z.infer<typeof Process>;
const Processes = z.array(Process).max(100);

export interface Supervisor {
  processes(): Promise<Process[]>;
  restart(service: string, stopSeconds: number): Promise<void>;
  /** The last `bytes` of the service's log. */
  tail(service: string, bytes: number): Promise<string>;
}

/** The supervisor behind the socket at `path`. Every call may throw. */
export function supervisorAt(path: string): Supervisor {
  const call = async (method: string, params: readonly (string | number | boolean)[], patienceMs = timeoutMs): Promise<XmlValue> =>
    readResponse(await post(path, writeCall(method, params), patienceMs));
  return {
    processes: async () => Processes.parse(await call("supervisor.getAllProcessInfo", [])),
    async restart(service, stopSeconds) {
      // Not running is fine: what counts is that it runs afterwards.
      await call("supervisor.stopProcess", [service, true], stopSeconds * 1000 + timeoutMs).catch(() => undefined);
      await call("supervisor.startProcess", [service, false]);
    },
    async tail(service, bytes) {
      const [text] = z
        .tuple([z.string(), z.number(), z.boolean()])
        .parse(await call("supervisor.tailProcessStdoutLog", [service, 0, bytes]));
      return text.slice(-bytes);
    },
  };
}

async function post(path: string, body: string, patienceMs: number): Promise<string> {
  const socket = await connectNoFollow(path, timeoutMs);
  // A request on it would wait for an end that is past.
  if (socket.destroyed) throw new Error("the supervisor hung up");
  return new Promise((resolve, reject) => {
    const done = setTimeout(() => socket.destroy(new Error("the supervisor does not answer")), patienceMs);
    const req = request(
      {
        method: "POST",
        path: "/RPC2",
        createConnection: () => socket,
        headers: { "content-type": "text/xml", "content-length": Buffer.byteLength(body), connection: "close" },
      },
      (res) => {
        const chunks: Buffer[] = [];
        let size = 0;
        res.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > answerLimit) socket.destroy(new Error("the supervisor's answer is too long"));
          else chunks.push(chunk);
        });
        res.on("error", reject);
        res.on("end", () =>
          res.statusCode === 200
            ? resolve(Buffer.concat(chunks).toString("utf8"))
            : reject(new Error(`the supervisor answered ${res.statusCode}`)),
        );
      },
    );
    req.on("error", reject);
    req.on("close", () => {
      clearTimeout(done);
      socket.destroy();
    });
    req.end(body);
  });
}
