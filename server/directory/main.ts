import { readEnv } from "../env.ts";
import { log } from "../log.ts";
import { startDemoDirectory } from "./server.ts";

// The demo directory as a process of its own.
const env = readEnv();
const directory = await startDemoDirectory({ home: env.KINDLING_HOME, port: env.KINDLING_DIRECTORY_PORT });
log.info({ url: directory.url, accounts: directory.accountsFile, first: directory.madeNow }, "directory.listening");
const end = (): void => process.exit(0);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => {
    directory.stop().then(end, end);
    // A client that keeps its connection would keep the server.
    setTimeout(end, 500).unref();
  });
process.send?.("ready");
