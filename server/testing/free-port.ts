import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";

/** Signs of this process, so that they are not collected as garbage. */
const kept = new Set<Socket>();

/** Above what programs are known by, below what the kernel hands out by itself. */
async function ours(): Promise<Range> {
  const [own = "32768"] = (await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8")).split(/\s+/);
  return { first: 20_000, end: Number(own) > 21_000 ? Number(own) : 32_768 };
}

interface Range {
  first: number;
  /** The first that is none of it any more. */
  end: number;
}

/**
 * A port for a server that a test starts later, or stops and starts again. The kernel gives it to nobody who asks for just any, as it may with one
 * that was free a moment ago; and no test beside this one gets it as long as this process lives.
 */
export async function freePort(range?: Range): Promise<number> {
  const { first, end } = range ?? (await ours());
  const from = Math.floor(Math.random() * (end - first));
  for (let step = 0; step < end - first; step += 1) {
    const port = first + ((from + step) % (end - first));
    if (await marked(port)) return port;
  }
  throw new Error(`No port between ${first} and ${end} is free.`);
}

/** The UDP port of the same number is the sign for others: nobody here speaks UDP, and it goes with the process, however that ends. */
async function marked(port: number): Promise<boolean> {
  const sign = createSocket("udp4");
  const server = createServer();
  try {
    sign.bind({ port, address: "127.0.0.1", exclusive: true });
    await once(sign, "listening");
    server.listen(port);
    await once(server, "listening");
  } catch (error) {
    sign.close();
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return false;
    throw error;
  }
  server.close();
  await once(server, "close");
  kept.add(sign.unref());
  return true;
}
