import type { Db } from "../db.ts";
import { log } from "../log.ts";
import type { DirectoryStatus } from "../services/directory/schemas.ts";
import { admitPerson, barPerson } from "./bar.ts";
import { rereads } from "./directory/config.ts";
import type { DirectoryDesk } from "./directory/desk.ts";
import type { Found } from "./directory/directory.ts";
import { someoneElse } from "./directory/entry.ts";
import { problemWords } from "./directory/words.ts";
import { byGroup, differs, followDirectory, rolesOf } from "./roles.ts";
import { aliveSession } from "./sessions.ts";
import { aliveToken } from "./tokens.ts";

/** People with live sessions or tokens are read again so often, seconds. */
export const rereadSeconds = 30;
/** A directory that does not answer is asked again sooner: people wait at the sign-in. */
const failingSeconds = 5;

export interface Reread {
  /** One round; rounds do not overlap. Never throws: what went wrong is the status. */
  round(): Promise<void>;
  status(): DirectoryStatus;
  /** Rounds until the function that it returns is called. */
  start(): () => void;
}

/** Everybody who may do something now, or could again once the directory answers. */
function concerned(db: Db, now: Date) {
  return db.user.findMany({
    where: {
      kind: "person",
      AND: [
        { OR: [{ barredAt: null }, { barredFor: "unconfirmed" }] },
        { OR: [{ sessions: { some: aliveSession(now) } }, { tokens: { some: aliveToken(now) } }] },
      ],
    },
    include: { memberships: { select: { tenantId: true, role: true } } },
  });
}
type Person = Awaited<ReturnType<typeof concerned>>[number];

/**
 * Reads people who are signed in again. Who is disabled or gone is out at once. When the directory cannot be asked nobody is thrown out before the
 * settings' grace is over: counted for each person from when the directory confirmed them last, so that a directory that is away, or one that can only
 * be asked with a person's own password, cannot keep anybody in for longer.
 */
export function createReread(made: { db: Db; desk: DirectoryDesk; now: () => Date }): Reread {
  const { db, desk, now } = made;
  let status: DirectoryStatus = {
    state: "unknown",
    at: null,
    since: null,
    problem: null,
    people: 0,
    milliseconds: null,
    endsAt: null,
    servers: [],
  };
  let running: Promise<void> | null = null;

  const settle = async (person: Person, found: Found, context: Awaited<ReturnType<typeof rules>>): Promise<void> => {
    if (found.state === "unreadable") throw new Error(found.why);
    if (found.state !== "here" || someoneElse(person.entry, found.user.entry)) {
      const reason = found.state === "here" ? "replaced" : found.state;
      await db.$transaction((tx) => barPerson(tx, person, reason, now()));
      log.info({ user: person.username, reason }, "directory.barred");
      return;
    }
    const roles = rolesOf(context.mappings, found.user.groups);
    // Nearly always nothing is new: of five thousand people none costs a transaction then.
    if (person.barredAt === null && !differs(person, found.user, roles)) return;
    await db.$transaction(async (tx) => {
      await followDirectory(tx, person, found.user, roles, context.tenants);
      if (person.barredAt !== null) await admitPerson(tx, person, now());
    });
  };
  const rules = async () => ({
    mappings: byGroup(await db.groupMapping.findMany()),
    tenants: new Map((await db.tenant.findMany({ select: { id: true, slug: true } })).map(({ id, slug }) => [id, slug])),
  });

  const endUnconfirmed = async (graceMs: number): Promise<void> => {
    const before = new Date(now().getTime() - graceMs);
    const late = (await concerned(db, now())).filter((person) => person.barredAt === null && person.confirmedAt < before);
    for (const person of late) {
      await db.$transaction((tx) => barPerson(tx, person, "unconfirmed", now()));
      log.warn({ user: person.username }, "directory.unconfirmed");
    }
  };

  const once = async (): Promise<void> => {
    const began = performance.now();
    const at = now().toISOString();
    const people = await concerned(db, now());
    let graceMs = 4 * 3600_000;
    let problem: string | null = null;
    let servers: DirectoryStatus["servers"] = [];
    try {
      const { config, settings } = await desk.effective();
      graceMs = settings.graceMinutes * 60_000;
      const directory = await desk.directory();
      try {
        if (rereads(config)) {
          const found = await directory.look(people.map(({ username }) => username));
          const context = await rules();
          const here: string[] = [];
          let unsettled: unknown = null;
          for (const person of people) {
            const state = found.get(person.username) ?? { state: "missing" };
            // One person's trouble keeps nobody else in: they stay unconfirmed, and are out when the grace is over.
            await settle(person, state, context).then(
              () => state.state === "here" && here.push(person.id),
              (error: unknown) => {
                unsettled = error;
                log.error({ err: error, user: person.username }, "directory.reread.person");
              },
            );
          }
          if (unsettled !== null && here.length === 0) throw unsettled;
          await db.user.updateMany({ where: { id: { in: here } }, data: { confirmedAt: now() } });
        }
      } finally {
        servers = config.servers.map((url) => {
          const trouble = directory.problem(url);
          return { url, problem: trouble === null ? null : problemWords(trouble) };
        });
      }
    } catch (error) {
      problem = problemWords(error);
      log.warn({ err: error }, "directory.reread");
    }
    await endUnconfirmed(graceMs);
    const oldest = people.reduce<Date | null>(
      (least, { confirmedAt }) => (least === null || confirmedAt < least ? confirmedAt : least),
      null,
    );
    status = {
      state: problem === null ? "ok" : "failing",
      at,
      since: problem === null ? null : (status.since ?? at),
      problem,
      people: people.length,
      milliseconds: Math.round(performance.now() - began),
      endsAt: problem !== null && oldest ? new Date(oldest.getTime() + graceMs).toISOString() : null,
      servers,
    };
  };

  const round = (): Promise<void> => {
    running ??= once()
      // Without a database nobody can be read; nor can anybody's session be.
      .catch((error: unknown) => log.error({ err: error }, "directory.reread"))
      .finally(() => {
        running = null;
      });
    return running;
  };

  return {
    round,
    status: () => status,
    start() {
      let stopped = false;
      let timer: NodeJS.Timeout | undefined;
      const turn = (): void => {
        clearTimeout(timer);
        const began = performance.now();
        void round().then(() => {
          if (stopped) return;
          clearTimeout(timer);
          const seconds = status.state === "failing" ? failingSeconds : rereadSeconds;
          timer = setTimeout(turn, Math.max(1000, seconds * 1000 - (performance.now() - began)));
        });
      };
      desk.onChange(() => !stopped && turn());
      turn();
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
  };
}
