import type { Metadata } from "next";
import { api, load, tenantHome } from "../../../../../components/api/server.ts";
import { CreateForm } from "../../../../../components/clusters/create/create-form.tsx";
import { loadCreateParams } from "../../../../../components/clusters/model/create-params.ts";
import { defaults } from "../../../../../components/clusters/model/form.ts";
import { PageHeader } from "../../../../../components/ui/page-header.tsx";

export const metadata: Metadata = { title: "Create cluster" };

export default async function CreatePage({ params, searchParams }: PageProps<"/t/[tenant]/clusters/new">) {
  const { tenant } = await params;
  const caller = await api();
  const [home, flavors, distributions, volumes, segments, given] = await load(
    Promise.all([
      tenantHome(tenant),
      caller.catalogue.flavors({ tenant }),
      caller.catalogue.distributions({ tenant }),
      caller.volumes.list({ tenant }),
      caller.tenants.segments({ tenant }),
      loadCreateParams(searchParams),
    ]),
    `/t/${tenant}/clusters/new`,
  );
  const offer = { flavors, distributions, usualFlavor: home.flavor };
  return (
    <>
      <PageHeader title="Create cluster" crumbs={[{ title: "Clusters", href: `/t/${tenant}/clusters` }]} />
      <CreateForm
        tenant={tenant}
        offer={offer}
        volumes={volumes.filter((volume) => volume.state === "kept")}
        segments={segments}
        sets={home}
        initial={defaults(offer, home.suggestedName, given)}
      />
    </>
  );
}
