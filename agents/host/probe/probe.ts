/** Asks a service of a node, from the host, whether it answers. */
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import type { Probe } from "../../protocol/bundle.ts";
import type { NodeObservation } from "../../protocol/observed.ts";
import { readMaster } from "./spark-master.ts";

const timeoutMs = 2_000;
const answerLimit = 2 * 1024 * 1024;

export interface Answer {
  readonly healthy: boolean;
  readonly sparkMaster: NodeObservation["sparkMaster"];
}

/** Never throws: what does not answer properly is not healthy. */
export async function probe(ip: string, spec: Probe): Promise<Answer> {
  // While a program starts its port refuses: finding that out must cost next to nothing, it is asked very often.
  const socket = await open(ip, spec.port);
  if (!socket) return unhealthy;
  if (spec.kind === "tcp") {
    socket.destroy();
    return { healthy: true, sparkMaster: null };
  }
  try {
    const answer = await get(socket, ip, spec.kind === "http" ? spec.path : "/json/");
    if (spec.kind === "http") return { healthy: answer.status < 500, sparkMaster: null };
    const sparkMaster = answer.status === 200 ? readMaster(answer.text) : null;
    return { healthy: sparkMaster !== null, sparkMaster };
  } catch {
    return unhealthy;
  } finally {
    socket.destroy();
  }
}

const unhealthy: Answer = { healthy: false, sparkMaster: null };

function open(host: string, port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const give = () => {
      socket.destroy();
      resolve(null);
    };
    socket.once("connect", () => {
      socket.off("timeout", give);
      resolve(socket);
    });
    socket.once("timeout", give);
    // Stays: a socket that is in nobody's hands may still fail.
    socket.on("error", give);
  });
}

function get(socket: Socket, host: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error("timed out")), timeoutMs);
    const req = request({ createConnection: () => socket, path, headers: { host, connection: "close" } }, (res) => {
      const chunks: Buffer[] = [];
      let size = 0;
      res.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > answerLimit) socket.destroy(new Error("too long"));
        else chunks.push(chunk);
      });
      res.on("error", reject);
      res.on("end", () => resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }));
    });
    req.on("error", reject);
    req.on("close", () => {
      clearTimeout(timer);
      reject(new Error("closed"));
    });
    req.end();
  });
}
