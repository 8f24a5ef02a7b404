/** Asks a service of a node, from the host, whether it answers. */
import { request } from "node:http";
import { connect } from "node:net";
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
  try {
    if (spec.kind === "tcp") return { healthy: await tcp(ip, spec.port), sparkMaster: null };
    const answer = await get(ip, spec.port, spec.kind === "http" ? spec.path : "/json/");
    if (spec.kind === "http") return { healthy: answer.status < 500, sparkMaster: null };
    const sparkMaster = answer.status === 200 ? readMaster(answer.text) : null;
    return { healthy: sparkMaster !== null, sparkMaster };
  } catch {
    return { healthy: false, sparkMaster: null };
  }
}

function tcp(ip: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port, timeout: timeoutMs });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

function get(ip: string, port: number, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const req = request({ host: ip, port, path, agent: false, signal: AbortSignal.timeout(timeoutMs) }, (res) => {
      const chunks: Buffer[] = [];
      let size = 0;
      res.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > answerLimit) req.destroy(new Error("too long"));
        else chunks.push(chunk);
      });
      res.on("error", reject);
      res.on("end", () => resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }));
    });
    req.on("error", reject);
    req.end();
  });
}
