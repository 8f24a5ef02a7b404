import { notFound } from "../../errors.ts";
import type { Deps } from "../context.ts";
import { imageView } from "./list.ts";

/** The log of an image's build, from the host where it says most: a failed build before one that runs before one that is done. */
export async function imageLog({ db, hosts }: Deps, distribution: string): Promise<{ text: string }> {
  const row = await db.distribution.findUnique({ where: { id: distribution } });
  if (!row) throw notFound("distribution");
  const select = { id: true, endpoint: true, certificate: true } as const;
  const images = await db.image.findMany({ where: { tag: row.imageTag }, include: { host: { select } } });
  const order = ["failed", "building", "present", "absent"];
  const [chosen] = images.toSorted((a, b) => order.indexOf(imageView(a.observed).state) - order.indexOf(imageView(b.observed).state));
  const host = chosen?.host ?? (await db.host.findFirst({ select }));
  return { text: host ? await hosts.imageLog(host, row.imageTag) : "" };
}
