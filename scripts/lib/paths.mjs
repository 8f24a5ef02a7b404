import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's top folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Node 24 from the packages: the system's own node may be older. */
export const node24 = join(root, "node_modules", ".bin", "node");

/** The environment for everything that runs below: our Node and our programs come first. */
export const env = { ...process.env, PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH}`, NEXT_TELEMETRY_DISABLED: "1" };
