import { readEnv } from "../env.ts";
import { log } from "../log.ts";
import { readAccounts } from "./accounts.ts";
import { serveDirectory } from "./server.ts";

// The demo directory as a process of its own: it knows hashes and nothing else, and writes nothing but its socket.
const { KINDLING_KEYS: keys, KINDLING_DIRECTORY_SOCKET: socket } = readEnv();
const accounts = keys ? await readAccounts(keys) : null;
if (!accounts || !socket)
  throw new Error("The demo directory is started by the platform, which says where its accounts and its socket are.");
const stop = await serveDirectory(accounts, socket);
log.info({ socket }, "directory.listening");
const end = (): void => process.exit(0);
const leave = (): void => {
  stop().then(end, end);
  // A client that keeps its connection would keep the server.
  setTimeout(end, 500).unref();
};
// "disconnect": the launcher is gone, however it ended.
for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(event, leave);
process.send?.("ready");
