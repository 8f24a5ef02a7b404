import { parentPort, workerData } from "node:worker_threads";
import fc from "fast-check";
import { z } from "zod";
import type { Db } from "../../db.ts";
import { log } from "../../log.ts";
import { hear } from "../../portal/testing/host.ts";
import { type Person, type Stand, startStand } from "../../portal/testing/stand.ts";
import { publicError } from "../errors.ts";
import type { Caller } from "../root.ts";
import { found, placed, sampleOf, stringPlaces } from "./inputs.ts";
import { metacharacters } from "./metacharacters.ts";
import { type Procedure, proceduresOf } from "./procedures.ts";
import { watchSpawns } from "./spawned.ts";

// The thread behind fuzz.db.test.ts.
const Asked = z.object({ strings: z.number(), seed: z.number() });

/** Whose call gets furthest into a procedure. */
const callers = { public: null, self: "dana", "tenant-member": "tina", "tenant-admin": "tina", site: "sam" } as const;

/** Each of their answers takes the directory's time. */
const asksDirectory = new Set(["auth.token", "directory.groups", "directory.test", "directory.set"]);

const places = proceduresOf().flatMap((procedure) =>
  procedure.inputs.flatMap((schema) => stringPlaces(schema).map((at) => ({ procedure, at, name: `${procedure.path} ${at.join(".")}` }))),
);

/** The same database, which is asked once for the tenant that every call names. */
function remembering(db: Db, slug: string): Db {
  const known = JSON.stringify({ where: { slug } });
  let row: unknown;
  const tenant = new Proxy(db.tenant, {
    get(model, verb) {
      const own: unknown = Reflect.get(model, verb);
      if (verb !== "findUnique") return own;
      return (question: object) => {
        if (row !== undefined && JSON.stringify(question) === known) return row;
        const answer: unknown = Reflect.apply(Object(own), model, [question]);
        if (JSON.stringify(question) === known) row = answer;
        return answer;
      };
    },
  });
  return new Proxy(db, { get: (client, name) => (name === "tenant" ? tenant : Reflect.get(client, name)) });
}

/** Rows that procedures ask for, and values that lead past the first check. */
async function makeThings(stand: Stand): Promise<Record<string, unknown>> {
  const host = await hear(stand.db);
  const { id: cluster } = await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "flights", workerCount: 0 });
  const volume = { tenantId: stand.tenantId("analytics"), hostId: host, sizeMb: 64 };
  await stand.db.volume.create({ data: { id: "vfuzz1", name: "kindling-1", state: "attached", ...volume } });
  await stand.db.volume.create({ data: { id: "vkept1", name: "kindling-9", state: "kept", ...volume } });
  const size = { vcpus: 1, memoryMb: 2048, rootGb: 20, dataMb: 64, imageTag: "kindling/spark:test" };
  await stand.db.node.create({
    data: { id: "nfuzz1", clusterId: cluster, hostId: host, number: 1, name: "kindling-1", role: "master", volumeId: "vfuzz1", ...size },
  });
  const segment = await stand.db.segment.findFirstOrThrow();
  return {
    ...{
      tenant: "analytics",
      cluster,
      clusterId: cluster,
      node: "nfuzz1",
      service: "jupyter",
      volume: "vkept1",
      host,
      segment: segment.id,
    },
    ...{ distribution: "utility", flavor: "small", masterFlavor: "small", workerFlavor: "small", person: "dana", owner: "analytics" },
    ...{ endpoint: "jupyter", nonceHash: "0".repeat(64), vlanPool: "100-199", vniPool: "7000-7999", reserved: "10.9.0.7", tags: "ssd" },
    // Nobody answers there, and says so at once.
    ...{ servers: "ldaps://127.0.0.1:1", timeoutSeconds: 1, base: "dc=x", bindDn: "cn=x,dc=x", userDn: "uid={username},dc=x" },
    ...{
      loginAttributes: "uid",
      group: "cn=x,dc=x",
      personFilter: "(uid=*)",
      groupFilter: "(cn=*)",
      username: "dana",
      password: "wrong",
    },
  };
}

const call = async (caller: Caller | undefined, { path }: Procedure, input: unknown): Promise<unknown> => {
  const verb = path.split(".").reduce<unknown>((at, name) => Reflect.get(Object(at), name), caller);
  const answer: unknown = await Reflect.apply(Object(verb), undefined, [input]);
  if (typeof answer !== "object" || answer === null || !(Symbol.asyncIterator in answer)) return answer;
  const iterator: unknown = Reflect.apply(Object(answer[Symbol.asyncIterator]), answer, []);
  await Reflect.apply(Object(Reflect.get(Object(iterator), "return")), iterator, []);
  return "a stream";
};

async function fuzz({
  strings,
  seed,
}: z.output<typeof Asked>): Promise<{ wrong: string[]; asked: number; places: number; started: string[] }> {
  const stand = await startStand();
  const known = await makeThings(stand);
  const db = remembering(stand.db, "analytics");
  const api = new Map<Person | null, Caller>();
  for (const person of [null, "dana", "tina", "sam"] as const) api.set(person, await stand.as(person, { db }));
  // Nearly every call is refused: what is said of each is not looked at, nor where it was thrown.
  log.level = "error";
  Error.stackTraceLimit = 0;
  const spawned = watchSpawns();
  const quick = places.filter(({ procedure }) => !asksDirectory.has(procedure.path)).length;
  const each = Math.ceil(strings / quick);
  const wrong: string[] = [];
  let asked = 0;
  const work = [...places.entries()];
  const worker = async (): Promise<void> => {
    for (let next = work.pop(); next; next = work.pop()) {
      const [number, { procedure, at, name }] = next;
      const base = sampleOf(procedure.inputs, known);
      const likely = found(base, at);
      const bad = fc.sample(metacharacters(typeof likely === "string" ? likely : ""), {
        numRuns: asksDirectory.has(procedure.path) ? Math.min(each, 40) : each,
        seed: seed + number,
      });
      for (const text of bad) {
        asked += 1;
        const error = await call(api.get(callers[procedure.scope ?? "public"]), procedure, placed(base, at, text)).then(
          () => null,
          (thrown: unknown) => publicError(thrown),
        );
        if (error?.unexpected) wrong.push(`${name}: ${JSON.stringify(text).slice(0, 200)}`);
        if (wrong.length > 30) return;
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  const started = spawned.stop();
  await stand.stop();
  return { wrong, asked, places: places.length, started };
}

parentPort?.postMessage(await fuzz(Asked.parse(workerData)));
