/** Ends a server with everything that is open on it, also what was upgraded and is no request any more. */
import type { Server, Socket } from "node:net";

/** Follows a server's connections from now on; gives the function that ends it and them. */
export function closer(server: Server): () => Promise<void> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  return () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
}
