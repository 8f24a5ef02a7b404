import { log } from "../log.ts";
import { startDemoDirectory } from "./server.ts";

// The demo directory as a process of its own: home and port come from the launcher.
const home = process.env.KINDLING_HOME;
if (!home) throw new Error("KINDLING_HOME: required");
const directory = await startDemoDirectory({ home, port: Number(process.env.KINDLING_DIRECTORY_PORT ?? 0) });
log.info({ url: directory.url }, "directory.start");
process.on("SIGTERM", () => void directory.stop().then(() => process.exit(0)));
process.send?.("ready");
