/** A way to an engine that a test can cut: what an agent sees when Docker is stopped, without stopping it for others. */
import { rm } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";

export interface Cut {
  readonly path: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export async function cuttable(path: string, engine = "/var/run/docker.sock"): Promise<Cut> {
  const open = new Set<Socket>();
  let server: Server | null = null;
  const cut: Cut = {
    path,
    async cut() {
      await new Promise<void>((resolve) => {
        if (!server) return resolve();
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      });
      server = null;
      await rm(path, { force: true });
    },
    mend() {
      server = createServer({ allowHalfOpen: true }, (down) => {
        const up = connect({ path: engine, allowHalfOpen: true });
        for (const socket of [down, up]) {
          open.add(socket);
          socket.on("error", () => socket.destroy());
          socket.on("close", () => {
            open.delete(socket);
            down.destroy();
            up.destroy();
          });
        }
        down.pipe(up);
        up.pipe(down);
      });
      return new Promise<void>((resolve) => server?.listen(path, resolve));
    },
  };
  await cut.mend();
  return cut;
}
