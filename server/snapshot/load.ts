import { z } from "zod";
import type { Tx } from "../db.ts";
import type { Secrets, Snapshot } from "../planner/snapshot.ts";
import { Picture } from "./parse.ts";
import { partNames, snapshotSql } from "./sql.ts";

export type OpenSecrets = (sealed: string, clusterId: string) => Secrets | null;

const noSecrets: Secrets = { sparkAuth: "", jupyterToken: "" };
const nothing: ReadonlySet<string> = new Set();

const Part = z.object({ keys: z.array(z.string()), changed: z.array(z.string()), texts: z.array(z.string()) }).nullable();
const Answer = z.object({
  ...{ place: z.string(), horizon: z.string(), settled: z.boolean() },
  installation: Picture.shape.installation,
  ...{ tenants: Part, hosts: Part, segments: Part, addresses: Part, volumes: Part, flavors: Part },
  ...{ distributions: Part, clusters: Part, nodes: Part, gpus: Part, remnants: Part, steps: Part },
});

interface Held<T> {
  /** By key, in the order of the picture. */
  byKey: ReadonlyMap<string, { text: string; row: T }>;
  rows: readonly T[];
}

/**
 * Keeps a part of the picture as it was read last. A row whose text is as it was is the same object as before, and a list of such rows the same list.
 * @param again rows that are read anew all the same
 */
function keeper<T>(parse: (text: string) => T, again: (row: T) => boolean = () => false) {
  let held: Held<T> = { byKey: new Map(), rows: [] };
  const merge = ({ byKey, rows }: Held<T>, keys: Iterable<string>, fresh: ReadonlyMap<string, string>): Held<T> => {
    const next: [string, { text: string; row: T }][] = [];
    for (const key of keys) {
      const old = byKey.get(key);
      const text = fresh.get(key) ?? old?.text;
      if (text === undefined) throw new Error(`The database left out ${key}, which was not there before.`);
      next.push([key, old !== undefined && old.text === text && !again(old.row) ? old : { text, row: parse(text) }]);
    }
    const same = next.length === rows.length && next.every(([, { row }], index) => row === rows[index]);
    return { byKey: new Map(next), rows: same ? rows : next.map(([, { row }]) => row) };
  };
  return () => {
    // Others read meanwhile: what comes without rows is as this call knew it.
    const asked = held;
    let read = asked;
    return {
      count: asked.rows.length,
      take(answer: z.output<typeof Part>): readonly T[] {
        if (answer) read = merge(asked, answer.keys, new Map(answer.changed.map((key, index) => [key, answer.texts[index] ?? ""])));
        else if (asked.rows.some(again)) read = merge(asked, asked.byKey.keys(), new Map());
        return read.rows;
      },
      keep(): void {
        held = read;
      },
    };
  };
}

const reading = <T>(schema: z.ZodType<T>) => keeper((text) => schema.parse(JSON.parse(text)));
const sealed = (row: { secrets: Secrets | null }): boolean => row.secrets === null;

/**
 * Something that reads the planner's picture of the whole installation in one query, again and again: rows that did not change are not sent anew.
 * @param open gives a cluster's secrets from their sealed text, null where no key opens it, which is tried again each time. Without it the picture
 *   is for looking only: secrets stay empty, and what hosts last said is believed as it is
 */
export function makeLoader(open?: OpenSecrets): (db: Tx) => Promise<Snapshot> {
  const { shape } = Picture;
  const blank = { wantedGeneration: open ? null : 0, toldToDelete: nothing, absent: nothing, listenedSince: null };
  const keepers = {
    tenants: reading(shape.tenants.element),
    hosts: keeper((text) => ({ ...shape.hosts.element.parse(JSON.parse(text)), ...blank })),
    segments: reading(shape.segments.element),
    addresses: reading(shape.addresses.element),
    volumes: reading(shape.volumes.element),
    flavors: reading(shape.flavors.element),
    distributions: reading(shape.distributions.element),
    // The right key may have been put back.
    clusters: keeper((text) => {
      const row = shape.clusters.element.parse(JSON.parse(text));
      return { ...row, secrets: open ? open(row.secrets, row.id) : noSecrets };
    }, sealed),
    nodes: reading(shape.nodes.element),
    gpus: reading(shape.gpus.element),
    remnants: reading(shape.remnants.element),
    steps: reading(shape.steps.element),
  };
  const never = { place: "", horizon: "0" };
  // What the keepers hold is of this moment, all of it.
  let moment = never;
  return async (db) => {
    const { tenants, hosts, segments, addresses, volumes, flavors, distributions, clusters, nodes, gpus, remnants, steps } = keepers;
    const ask = {
      ...{ tenants: tenants(), hosts: hosts(), segments: segments(), addresses: addresses(), volumes: volumes(), flavors: flavors() },
      ...{ distributions: distributions(), clusters: clusters(), nodes: nodes(), gpus: gpus(), remnants: remnants(), steps: steps() },
    };
    const counts = partNames.map((name) => ask[name].count);
    const [row] = await db.$queryRawUnsafe<{ picture: unknown }[]>(snapshotSql, moment.place, moment.horizon, ...counts);
    const answer = Answer.parse(row?.picture);
    const asked = moment;
    // Until all of it is read: whatever goes wrong here, the next one asks for everything.
    moment = never;
    const picture = {
      installation: answer.installation,
      tenants: ask.tenants.take(answer.tenants),
      hosts: ask.hosts.take(answer.hosts),
      segments: ask.segments.take(answer.segments),
      addresses: ask.addresses.take(answer.addresses),
      volumes: ask.volumes.take(answer.volumes),
      flavors: ask.flavors.take(answer.flavors),
      distributions: ask.distributions.take(answer.distributions),
      clusters: ask.clusters.take(answer.clusters),
      nodes: ask.nodes.take(answer.nodes),
      gpus: ask.gpus.take(answer.gpus),
      remnants: ask.remnants.take(answer.remnants),
      steps: ask.steps.take(answer.steps),
    };
    // What a transaction wrote itself may be taken back.
    moment = asked;
    if (answer.settled) {
      moment = { place: answer.place, horizon: answer.horizon };
      for (const name of partNames) ask[name].keep();
    }
    return picture;
  };
}

/**
 * One look at a time for each client, whoever asks: those who ask while one is on its way share the next one, which begins after they asked, so that
 * everybody sees what was written before.
 */
export function sharing(load: (db: Tx) => Promise<Snapshot>): (db: Tx) => Promise<Snapshot> {
  const looks = new WeakMap<Tx, { now: Promise<unknown>; next: Promise<Snapshot> | null }>();
  const look = (db: Tx): Promise<Snapshot> => {
    const now = load(db);
    const mine = { now, next: null };
    looks.set(db, mine);
    const over = (): void => void (looks.get(db) === mine && looks.delete(db));
    now.then(over, over);
    return now;
  };
  return (db) => {
    const under = looks.get(db);
    if (!under) return look(db);
    under.next ??= under.now.then(
      () => look(db),
      () => look(db),
    );
    return under.next;
  };
}

/**
 * The picture for looking, as pages and services have it.
 * @throws when the database holds no installation yet, or a row that no schema allows
 */
export const loadSnapshot: (db: Tx) => Promise<Snapshot> = sharing(makeLoader());
