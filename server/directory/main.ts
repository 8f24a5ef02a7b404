import { readEnv } from "../env.ts";
import { log } from "../log.ts";
import { startDemoDirectory } from "./server.ts";

// The demo directory as a process of its own.
const env = readEnv();
const directory = await startDemoDirectory({ home: env.KINDLING_HOME, port: env.KINDLING_DIRECTORY_PORT });
log.info({ url: directory.url, accounts: directory.accountsFile, first: directory.madeNow }, "directory.listening");
const end = (): void => process.exit(0);
const leave = (): void => {
  directory.stop().then(end, end);
  // A client that keeps its connection would keep the server.
  setTimeout(end, 500).unref();
};
// "disconnect": the launcher is gone, however it ended.
for (const event of ["SIGTERM", "SIGINT", "disconnect"] as const) process.once(event, leave);
process.send?.("ready");
