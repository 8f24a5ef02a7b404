import { byName } from "../by-name.ts";
import type { Deps } from "../context.ts";
import { imageView, toDistributionView } from "../distributions/list.ts";
import type { DistributionView } from "../views.ts";

/** Every distribution on every host: whether its image is there. */
export async function siteImages({ db }: Deps): Promise<(DistributionView & { host: string })[]> {
  const [distributions, hosts] = await Promise.all([
    db.distribution.findMany({ where: { retired: false }, orderBy: { position: "asc" } }),
    db.host.findMany({ include: { images: true } }),
  ]);
  return hosts.sort(byName).flatMap((host) =>
    distributions.map((row) => ({
      ...toDistributionView(row, imageView(host.images.find((image) => image.tag === row.imageTag)?.observed ?? null)),
      host: host.name,
    })),
  );
}
