"use client";
import { Package } from "lucide-react";
import type { DistributionView, FlavorView } from "../../server/services/views.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Card, CardHeader } from "../ui/card.tsx";
import { plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyState } from "../ui/states.tsx";
import { DistributionCard } from "./distribution-card.tsx";
import { FlavorTable } from "./flavor-table.tsx";

/** Which Sparks there are, what is in them, and whether their images are ready on the hosts. */
export function Catalogue({
  tenant,
  distributions,
  flavors,
}: {
  tenant: string;
  distributions: Seed<DistributionView[]>;
  flavors: FlavorView[];
}) {
  const trpc = useTRPC();
  const { data } = useSeeded(
    {
      ...trpc.catalogue.distributions.queryOptions({ tenant }),
      // Builds are not announced; while one runs the page looks again.
      refetchInterval: ({ state }) =>
        state.data?.some(({ image }) => image.state === "building" || image.state === "absent") ? 2000 : false,
    },
    distributions,
  );
  return (
    <>
      <PageHeader title="Catalogue" facts={[plural(data.length, "distribution"), plural(flavors.length, "flavor")]} />
      {data.length === 0 ? (
        <Card className="mb-4">
          <EmptyState icon={Package} title="No distributions">
            A site administrator says which ones this tenant may use, and adds bundles to the installation, which appear after its next
            start.
          </EmptyState>
        </Card>
      ) : (
        <ul className="mb-4 grid gap-4 lg:grid-cols-2">
          {data.map((distribution) => (
            <li key={distribution.id} className="flex">
              <DistributionCard tenant={tenant} distribution={distribution} />
            </li>
          ))}
        </ul>
      )}
      <Card aria-labelledby="flavors">
        <CardHeader id="flavors" title="Flavors" aside="what one node gets" />
        <FlavorTable flavors={flavors} />
      </Card>
    </>
  );
}
