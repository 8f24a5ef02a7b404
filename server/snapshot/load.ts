import { z } from "zod";
import type { Tx } from "../db.ts";
import type { Secrets, Snapshot } from "../planner/snapshot.ts";
import { Picture } from "./parse.ts";
import { snapshotSql } from "./sql.ts";

export type OpenSecrets = (sealed: string, clusterId: string) => Secrets | null;

const noSecrets: Secrets = { sparkAuth: "", jupyterToken: "" };
const nothing: ReadonlySet<string> = new Set();

const Texts = z.array(z.string());
const Answer = z.object({
  installation: Picture.shape.installation,
  ...{ tenants: Texts, hosts: Texts, segments: Texts, addresses: Texts, volumes: Texts, flavors: Texts },
  ...{ distributions: Texts, clusters: Texts, nodes: Texts, remnants: Texts, steps: Texts },
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

const reading = <T>(schema: z.ZodType<T>): ((texts: readonly string[]) => readonly T[]) =>
  rowReader((text) => schema.parse(JSON.parse(text)));

/**
 * Something that reads the planner's picture of the whole installation in one query, again and again: what did not change is not parsed anew.
 * @param open gives a cluster's secrets from their sealed text, null where no key opens it, which is tried again each time. Without it the picture
 *   is for looking only: secrets stay empty, and what hosts last said is believed as it is
 */
export function makeLoader(open?: OpenSecrets): (db: Tx) => Promise<Snapshot> {
  const { shape } = Picture;
  const blank = { wantedGeneration: open ? null : 0, toldToDelete: nothing, absent: nothing, listenedSince: null };
  const tenants = reading(shape.tenants.element);
  const hosts = rowReader((text) => ({ ...shape.hosts.element.parse(JSON.parse(text)), ...blank }));
  const segments = reading(shape.segments.element);
  const addresses = reading(shape.addresses.element);
  const volumes = reading(shape.volumes.element);
  const flavors = reading(shape.flavors.element);
  const distributions = reading(shape.distributions.element);
  const clusters = rowReader(
    (text) => {
      const row = shape.clusters.element.parse(JSON.parse(text));
      return { ...row, secrets: open ? open(row.secrets, row.id) : noSecrets };
    },
    // The right key may have been put back.
    (row) => row.secrets === null,
  );
  const nodes = reading(shape.nodes.element);
  const remnants = reading(shape.remnants.element);
  const steps = reading(shape.steps.element);
  return async (db) => {
    const [row] = await db.$queryRawUnsafe<{ picture: unknown }[]>(snapshotSql);
    const answer = Answer.parse(row?.picture);
    return {
      installation: answer.installation,
      tenants: tenants(answer.tenants),
      hosts: hosts(answer.hosts),
      segments: segments(answer.segments),
      addresses: addresses(answer.addresses),
      volumes: volumes(answer.volumes),
      flavors: flavors(answer.flavors),
      distributions: distributions(answer.distributions),
      clusters: clusters(answer.clusters),
      nodes: nodes(answer.nodes),
      remnants: remnants(answer.remnants),
      steps: steps(answer.steps),
    };
  };
}

/**
 * The picture for looking, as pages and services have it.
 * @throws when the database holds no installation yet, or a row that no schema allows
 */
export const loadSnapshot: (db: Tx) => Promise<Snapshot> = makeLoader();
