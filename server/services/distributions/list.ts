import { Bundle } from "../../../agents/protocol/bundle.ts";
import { ImageObservation } from "../../../agents/protocol/observed.ts";
import type { Distribution } from "../../db/generated/client.ts";
import type { TenantCtx } from "../context.ts";
import type { DistributionView } from "../views.ts";
import { usableDistributions } from "./usable.ts";

type Image = DistributionView["image"];

const seconds = (from: string | null, to: string | null): number | null =>
  from && to ? Math.round((Date.parse(to) - Date.parse(from)) / 1000) : null;

/** One image on one host in words of the catalogue; null: no host has spoken of it. */
export function imageView(observed: unknown): Image {
  const seen = ImageObservation.safeParse(observed).data;
  if (!seen) return { state: "absent", progress: null, sizeMb: null, reason: null, seconds: null };
  return {
    state: seen.state,
    progress: seen.progress,
    sizeMb: seen.sizeMb,
    reason: seen.fault?.message ?? null,
    seconds: seconds(seen.startedAt, seen.endedAt),
  };
}

// What says most about whether one can start now: an image that is there on any host will do.
const order = ["present", "building", "failed", "absent"];

export function best(images: readonly Image[]): Image {
  return images.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0] ?? imageView(null);
}

export function toDistributionView(row: Distribution, image: Image): DistributionView {
  const bundle = Bundle.parse(row.manifest);
  const names = new Set(Object.values(bundle.roles).flatMap((role) => role?.services ?? []));
  return {
    id: row.id,
    name: row.name,
    type: bundle.type,
    summary: row.summary,
    contents: bundle.contents,
    services: [...names].map((id) => bundle.services[id]?.title ?? id),
    minimumMemoryMb: { master: bundle.roles.master.minimumMemoryMb, worker: bundle.roles.worker?.minimumMemoryMb ?? null },
    image,
  };
}

/** What a tenant can choose, what it has to be offered first first, then in the catalogue's order, with how its image is. */
export async function listDistributions({ db, tenant: { id } }: TenantCtx): Promise<DistributionView[]> {
  const tenant = await db.tenant.findUniqueOrThrow({ where: { id } });
  const first = (row: { id: string }): number => (row.id === tenant.defaultDistributionId ? 0 : 1);
  const [found, images] = await Promise.all([
    db.distribution.findMany({ where: usableDistributions(tenant), orderBy: { position: "asc" } }),
    db.image.findMany({ select: { tag: true, observed: true } }),
  ]);
  const rows = found.sort((a, b) => first(a) - first(b));
  return rows.map((row) =>
    toDistributionView(row, best(images.filter((image) => image.tag === row.imageTag).map((image) => imageView(image.observed)))),
  );
}
