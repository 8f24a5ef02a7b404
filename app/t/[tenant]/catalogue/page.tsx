import type { Metadata } from "next";
import { seed } from "../../../../components/api/seed.ts";
import { api, load } from "../../../../components/api/server.ts";
import { Catalogue } from "../../../../components/catalogue/catalogue.tsx";

export const metadata: Metadata = { title: "Catalogue" };

export default async function CataloguePage({ params }: { params: Promise<{ tenant: string }> }) {
  const { tenant } = await params;
  const path = `/t/${tenant}/catalogue`;
  const caller = await api();
  const [distributions, flavors] = await Promise.all([
    load(caller.catalogue.distributions({ tenant }), path),
    load(caller.catalogue.flavors({ tenant }), path),
  ]);
  return <Catalogue tenant={tenant} distributions={seed(distributions)} flavors={flavors} />;
}
