import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

async function taken(bind: string, port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, bind);
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") return true;
    throw error;
  }
  server.close();
  await once(server, "close");
  return false;
}

/**
 * Checks that a port can be listened on, before anything is started. A part of a launcher that was killed gives its port up within seconds.
 * @param patience milliseconds
 * @throws when another program has it, naming the setting
 */
export async function portFree(setting: string, bind: string, port: number, patience = 5000): Promise<void> {
  const until = performance.now() + patience;
  while (await taken(bind, port)) {
    if (performance.now() > until)
      throw new Error(`Port ${port} of ${bind} is in use by another program. End that one, or set ${setting} to another port.`);
    await pause(100);
  }
}
