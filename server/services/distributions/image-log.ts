import { notFound } from "../../errors.ts";
import type { TenantCtx } from "../context.ts";
import { imageView } from "./list.ts";
import { usableDistributions } from "./usable.ts";

/** The log of the image's build of a distribution that the tenant may use or has a cluster of, from the host where it says most: a failed build before one that runs before one that is done. */
export async function imageLog({ db, hosts, tenant }: TenantCtx, distribution: string): Promise<{ text: string }> {
  const { distributionsLimited } = await db.tenant.findUniqueOrThrow({ where: { id: tenant.id } });
  const usable = usableDistributions({ id: tenant.id, distributionsLimited });
  const row = await db.distribution.findFirst({
    where: { id: distribution, OR: [usable, { clusters: { some: { tenantId: tenant.id } } }] },
  });
  if (!row) throw notFound("distribution");
  const select = { id: true, endpoint: true, certificate: true } as const;
  const images = await db.image.findMany({ where: { tag: row.imageTag }, include: { host: { select } } });
  const order = ["failed", "building", "present", "absent"];
  const [chosen] = images.toSorted((a, b) => order.indexOf(imageView(a.observed).state) - order.indexOf(imageView(b.observed).state));
  const host = chosen?.host ?? (await db.host.findFirst({ select }));
  return { text: host ? await hosts.imageLog(host, row.imageTag) : "" };
}
