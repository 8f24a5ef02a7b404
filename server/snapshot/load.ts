import { z } from "zod";
import type { Tx } from "../db.ts";
import type { Secrets, Snapshot } from "../planner/snapshot.ts";
import { Picture } from "./parse.ts";
import { partNames, snapshotSql } from "./sql.ts";

export type OpenSecrets = (sealed: string, clusterId: string) => Secrets | null;

const noSecrets: Secrets = { sparkAuth: "", jupyterToken: "" };
const nothing: ReadonlySet<string> = new Set();

const Part = z.object({ version: z.string(), rows: z.array(z.string()).nullable() });
const Answer = z.object({
  installation: Picture.shape.installation,
  ...{ tenants: Part, hosts: Part, segments: Part, addresses: Part, volumes: Part, flavors: Part },
  ...{ distributions: Part, clusters: Part, nodes: Part, remnants: Part, steps: Part },
});

/**
 * Reads a list of rows. A row whose text is as it was is the same object as before, and a list of such rows the same list.
 * @param again rows that are read anew all the same
 */
function rowReader<T>(parse: (text: string) => T, again: (row: T) => boolean = () => false): (texts: readonly string[]) => readonly T[] {
  let known = new Map<string, T>();
  let last: readonly T[] = [];
  return (texts) => {
    const next = new Map<string, T>();
    const rows = texts.map((text) => {
      const old = known.get(text);
      const row = old === undefined || again(old) ? parse(text) : old;
      next.set(text, row);
      return row;
    });
    known = next;
    if (rows.length !== last.length || rows.some((row, index) => row !== last[index])) last = rows;
    return last;
  };
}

interface Answered {
  version: string;
  /** Null: as they were in the version that the caller knew. */
  rows: readonly string[] | null;
}

/**
 * Keeps a part of the picture as it was read last.
 * @param again rows that are read anew all the same, so that the whole part is asked for while there is one
 */
function keeper<T>(parse: (text: string) => T, again: (row: T) => boolean = () => false) {
  const read = rowReader(parse, again);
  let known: { version: string; rows: readonly T[] } = { version: "", rows: [] };
  return () => {
    // Others read meanwhile: what comes without rows is as this call knew it.
    const asked = known;
    return {
      version: asked.version,
      take({ version, rows }: Answered): readonly T[] {
        if (rows === null) return asked.rows;
        const now = read(rows);
        known = { version: now.some(again) ? "" : version, rows: now };
        return now;
      },
    };
  };
}

const reading = <T>(schema: z.ZodType<T>) => keeper((text) => schema.parse(JSON.parse(text)));
const sealed = (row: { secrets: Secrets | null }): boolean => row.secrets === null;

/**
 * Something that reads the planner's picture of the whole installation in one query, again and again: tables that did not change are not sent anew,
 * rows that did not are not parsed anew.
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
    remnants: reading(shape.remnants.element),
    steps: reading(shape.steps.element),
  };
  return async (db) => {
    const { tenants, hosts, segments, addresses, volumes, flavors, distributions, clusters, nodes, remnants, steps } = keepers;
    const ask = {
      ...{ tenants: tenants(), hosts: hosts(), segments: segments(), addresses: addresses(), volumes: volumes(), flavors: flavors() },
      ...{ distributions: distributions(), clusters: clusters(), nodes: nodes(), remnants: remnants(), steps: steps() },
    };
    const [row] = await db.$queryRawUnsafe<{ picture: unknown }[]>(snapshotSql, ...partNames.map((name) => ask[name].version));
    const answer = Answer.parse(row?.picture);
    return {
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
      remnants: ask.remnants.take(answer.remnants),
      steps: ask.steps.take(answer.steps),
    };
  };
}

/**
 * The picture for looking, as pages and services have it.
 * @throws when the database holds no installation yet, or a row that no schema allows
 */
export const loadSnapshot: (db: Tx) => Promise<Snapshot> = makeLoader();
