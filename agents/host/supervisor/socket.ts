/**
 * Connects to a socket in a directory that a node can write to. The path is opened without following a link, the open thing is checked
 * to be a socket, and the connection goes through the descriptor: a node that swaps its socket for a link to Docker's gets nothing,
 * and there is no moment between the check and the use.
 */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { connect, type Socket } from "node:net";

/** Names a file without opening it for reading; a constant of Linux that Node does not list. */
const O_PATH = 0o10000000;

/** A connected socket. Throws when the path is missing, a link, or anything but a socket. `timeoutMs` bounds the connecting. */
export async function connectNoFollow(path: string, timeoutMs: number): Promise<Socket> {
  const handle = await open(path, O_PATH | constants.O_NOFOLLOW);
  try {
    if (!(await handle.stat()).isSocket()) throw new Error("what is there is not a socket");
    return await connected(connect(`/proc/self/fd/${handle.fd}`), timeoutMs);
  } finally {
    await handle.close();
  }
}

function connected(socket: Socket, timeoutMs: number): Promise<Socket> {
  // The node may close at any moment, also before whoever asked listens himself: an error that nobody hears would end the agent.
  socket.on("error", () => undefined);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(new Error("the socket does not accept")), timeoutMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", failed);
      resolve(socket);
    });
    const failed = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    socket.once("error", failed);
  });
}
