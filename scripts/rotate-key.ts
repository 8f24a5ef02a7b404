// Below `npm run rotate-key`: seals every secret in the database with a new site key, while the platform runs.
import { stat } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { readEnv } from "../server/env.ts";
import { count } from "../server/planner/words.ts";
import { settleSiteKey } from "../server/platform/site-key.ts";
import { siteKeyFile } from "../server/secrets.ts";

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const env = readEnv();
const file = join(env.KINDLING_HOME, siteKeyFile);
if (!(await stat(file).catch(() => null))) {
  say(`There is no installation in ${env.KINDLING_HOME}: ${file} is missing. Set KINDLING_HOME if yours lies elsewhere.`);
  process.exit(2);
}
const embedded = `postgresql://kindling@localhost/kindling?host=${encodeURIComponent(join(env.KINDLING_RUN, "postgres"))}`;
try {
  const { key, resealed, retired, unreadable } = await settleSiteKey(
    {
      databaseUrl: env.DATABASE_URL ?? embedded,
      home: env.KINDLING_HOME,
      copies: ["reconciler", "gateway", "portal"].map((part) => join(env.KINDLING_RUN, "keys", part)),
      who: `${process.env.SUDO_USER ?? "root"} on ${hostname()}`,
      step: (name) => say(`  ${name}`),
    },
    "new",
  );
  say(`\n${count(resealed, "secret is", "secrets are")} sealed with the new key ${key}.`);
  if (unreadable.length > 0) {
    say(`No key opens these, so the old keys stay beside it:\n  ${unreadable.join("\n  ")}
Put back the site.key that they were sealed with, or delete those clusters, then run this again.`);
    process.exitCode = 1;
  } else {
    say(`Gone: ${retired.join(", ") || "none"}. Put a copy of ${file} with your backups now.
A backup of the database from before this needs the site.key from before this: keep that one with it.`);
  }
} catch (error) {
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "ENOENT" || code === "ECONNREFUSED")
    say("The database does not answer. Start the platform first (sudo npm start), then run this beside it. Nothing was changed.");
  else
    say(
      `It was interrupted: ${error instanceof Error ? error.message : String(error)}\nNothing is lost. Run it again: it goes on where it ended.`,
    );
  process.exitCode = 1;
}
