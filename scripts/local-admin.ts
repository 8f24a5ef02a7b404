// Below `npm run local-admin`: switches the administrator for emergencies on and off, beside the running platform.
import { hostname } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { localName } from "../server/auth/local-admin.ts";
import { createDb } from "../server/db.ts";
import { readEnv } from "../server/env.ts";
import { count } from "../server/planner/words.ts";
import { localAdminStatus, switchOff, switchOn } from "../server/platform/local-admin.ts";

const usage = `npm run local-admin -- on [--minutes 60]   a password for at most a day; prints it once
npm run local-admin -- off                 ends it, and every session that was opened with it
npm run local-admin -- status`;

/** "2026-03-01 12:00 UTC". */
const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const { values, positionals } = parseArgs({ options: { minutes: { type: "string", default: "60" } }, allowPositionals: true });
const [verb] = positionals;
const minutes = Number(values.minutes);
if (!["on", "off", "status"].includes(verb ?? "")) {
  say(usage);
  process.exit(2);
}
if (!Number.isInteger(minutes) || minutes < 1 || minutes > 1440) {
  say(`--minutes is a whole number from 1 to 1440, a day; it was ${values.minutes}.`);
  process.exit(2);
}
const env = readEnv();
const embedded = `postgresql://kindling@localhost/kindling?host=${encodeURIComponent(join(env.KINDLING_RUN, "postgres"))}`;
const db = createDb(env.DATABASE_URL ?? embedded, 1);
const who = `${process.env.SUDO_USER ?? "root"} on ${hostname()}`;
try {
  if (verb === "on") {
    const { password, until } = await switchOn(db, { who, minutes, now: new Date() });
    say(`The local administrator is switched on until ${minuteOf(until)}. Sign in as

  ${localName}
  ${password}

It is shown this once. Every page says that it is on. Switch it off as soon as you can: sudo npm run local-admin -- off`);
  } else if (verb === "off") {
    const { was, sessions } = await switchOff(db, { who, now: new Date() });
    say(was ? `It is switched off; ${count(sessions, "session of it was", "sessions of it were")} ended.` : "It was not switched on.");
  } else {
    const status = await localAdminStatus(db, new Date());
    say(
      status
        ? `Switched on until ${minuteOf(status.until)} by ${status.by}; ${count(status.sessions, "session is", "sessions are")} open.`
        : "It is switched off.",
    );
  }
} catch (error) {
  const text = String(error instanceof Error ? error.message : error);
  const away = /ECONNREFUSED|ENOENT|not reachable|Can't reach/i.test(text);
  say(away ? "The database does not answer. Start the platform first (sudo npm start), then run this beside it." : text);
  process.exitCode = 1;
} finally {
  await db.$disconnect();
}
