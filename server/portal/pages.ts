import { join } from "node:path";
import next from "next";
import type { Pages } from "./server.ts";

/** Next's request handler: of the production build, or compiling on demand while pages are being written. */
export async function startPages(options: { dev: boolean; port: number }): Promise<Pages & { close(): Promise<void> }> {
  // Next allows one development server per output folder; two engineers have two ports. next.config.ts reads this.
  if (options.dev) process.env.KINDLING_PAGES_DIR ??= `.next/port-${options.port}`;
  const app = next({ dev: options.dev, dir: join(import.meta.dirname, "..", ".."), port: options.port, hostname: "localhost" });
  await app.prepare();
  const handle = app.getRequestHandler();
  const upgrade = app.getUpgradeHandler();
  return {
    dev: options.dev,
    handle: (request, response) => handle(request, response),
    upgrade: (request, socket, head) => upgrade(request, socket, head),
    close: () => app.close(),
  };
}
