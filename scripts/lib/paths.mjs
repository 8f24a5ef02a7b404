import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's top folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const nodeFolder = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin");

/** Node 24 from the packages: the system's own node may be older. */
export const node24 = join(nodeFolder, "node");

/** The environment for everything that runs below: our Node and our programs come first. */
export const env = {
  ...process.env,
  PATH: [nodeFolder, join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
  NEXT_TELEMETRY_DISABLED: "1",
  // Compiled code is kept between runs: a test file or a part of the platform begins in half the time.
  NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compiled"),
  // Blocks from this size on are the system's again once freed; glibc would raise the limit to 32 MB and keep what a password's hash took.
  MALLOC_MMAP_THRESHOLD_: "1048576",
};
