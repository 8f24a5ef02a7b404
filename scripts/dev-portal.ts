// Pages while they are being written: `DATABASE_URL=… node scripts/dev-portal.ts`. Starts the portal in Next's development mode with the demo
// directory inside, on a home of its own, and says who may sign in. Another port for a second one: KINDLING_PORT=3100.
import { spawn } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const port = process.env.KINDLING_PORT ?? "3000";
const home = process.env.KINDLING_HOME ?? `/var/tmp/kindling-dev/portal-${port}`;
await mkdir(home, { recursive: true, mode: 0o700 });
const child = spawn(process.execPath, [join(import.meta.dirname, "..", "server", "portal", "main.ts")], {
  cwd: join(import.meta.dirname, ".."),
  env: {
    ...process.env,
    KINDLING_PORT: port,
    KINDLING_HOME: home,
    KINDLING_RUN: process.env.KINDLING_RUN ?? `${home}/run`,
    NODE_ENV: "development",
  },
  stdio: ["inherit", "inherit", "inherit", "ipc"],
});
child.on("message", (message) => {
  if (message !== "ready") return;
  readFile(join(home, "accounts.txt"), "utf8").then(
    (accounts) => process.stdout.write(`\nhttp://localhost:${port}\n\n${accounts}\n`),
    () => process.stdout.write(`\nhttp://localhost:${port}\n`),
  );
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
