import { join } from "node:path";
import { checkEnvironment } from "../auth/directory/settings.ts";
import { type Env, portalOrigin, readEnv, serviceOrigin, tlsMode } from "../env.ts";
import { log } from "../log.ts";
import { checkAddresses } from "./addresses.ts";
import { startPlatform } from "./start.ts";

// The launcher: starts the parts in order, keeps them running, ends them in order. Its log goes to a file, its words to people.
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

function settings(): { env: Env; warning: string | null } {
  try {
    const env = readEnv();
    checkEnvironment(env);
    return { env, warning: checkAddresses(env) };
  } catch (error) {
    say(`\nKindling could not start. These settings are wrong:\n\n${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

const { env, warning } = settings();
if (warning) say(`\nBeware. ${warning}\n`);
const from = performance.now();
const starting = startPlatform(env, join(import.meta.dirname, "..", ".."), (name, ms) =>
  say(`${(ms / 1000).toFixed(1).padStart(6)} s  ${name}`),
);

let stopping = false;
/** Also while it starts: what has begun is brought up and then ended in order, so that nothing is left behind. */
const stop = (): void => {
  if (stopping) return;
  stopping = true;
  say("\nStopping. Clusters keep running.");
  starting
    .then((platform) => platform.stop())
    .then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "platform.stop");
        process.exit(1);
      },
    );
};
let started = false;
process.on("SIGINT", () => {
  // Whoever presses Ctrl-C again does not want to wait for a start. Parts end by themselves without their launcher.
  if (stopping && !started) process.exit(1);
  stop();
});
process.on("SIGTERM", stop);
process.on("SIGHUP", stop);

const platform = await starting.catch((error: unknown) => {
  log.error({ err: error }, "platform.start");
  say(`\nKindling could not start. ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
started = true;

const services = serviceOrigin(env, "jupyter", "…");
const own =
  tlsMode(env) === "own"
    ? `\n  Trust           ${join(env.KINDLING_RUN, "authority", "ca.pem")} signs the addresses above: give it to browsers, and to kindling --ca`
    : "";
const remote = `ssh -L ${env.KINDLING_PORT}:127.0.0.1:${env.KINDLING_PORT} -L ${env.KINDLING_GATEWAY_PORT}:127.0.0.1:${env.KINDLING_GATEWAY_PORT} <this machine>`;
if (!stopping) {
  say(`
Kindling is running (${((performance.now() - from) / 1000).toFixed(1)} s).

  Sign in         ${portalOrigin(env)}
  Notebooks       ${services}
  Accounts        ${platform.accounts ?? "those of your directory"}
  Logs            ${platform.logs}${own}
  From a laptop   ${remote}

Ctrl-C stops the platform; clusters and Docker keep running and are found again at the next start.`);
  // What it cannot tell is no reason to end.
  platform.watchImages(performance.timeOrigin, (line) => say(line)).catch((error: unknown) => log.warn({ err: error }, "images.watch"));
}
