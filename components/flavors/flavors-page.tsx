"use client";
import { Plus, Ruler } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { SiteFlavorView } from "../../server/services/flavors/schemas.ts";
import { StaleNote } from "../api/live.tsx";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { useSiteChanges } from "../hosts/use-site.ts";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { plural } from "../ui/format.ts";
import { PageHeader } from "../ui/page-header.tsx";
import { EmptyState } from "../ui/states.tsx";
import type { FlavorQuestion } from "./dialogs.tsx";
import { FlavorsTable } from "./flavors-table.tsx";

const FlavorDialogs = dynamic(() => import("./dialogs.tsx").then((module) => module.FlavorDialogs), { ssr: false });

/** The sizes that nodes may have: who may use them, and who does. */
export function FlavorsPage({ flavors }: { flavors: Seed<SiteFlavorView[]> }) {
  const trpc = useTRPC();
  const live = useSiteChanges();
  const { data } = useSeeded({ ...trpc.siteFlavors.list.queryOptions(), refetchInterval: 30_000 }, flavors);
  const [asked, setAsked] = useState<FlavorQuestion | null>(null);
  const [used, setUsed] = useState(false);
  const ask = (question: FlavorQuestion): void => {
    setUsed(true);
    setAsked(question);
  };
  const offered = data.filter((flavor) => !flavor.retired).length;
  const create = (
    <Button variant="primary" onClick={() => ask({ verb: "create" })}>
      <Plus aria-hidden="true" className="size-4" />
      New flavor
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Flavors"
        badge={<StaleNote live={live} />}
        facts={[
          plural(offered, "flavor"),
          ...(offered < data.length ? [`${data.length - offered} retired`] : []),
          "memory is a hard limit",
        ]}
        actions={create}
      />
      <Card>
        {data.length === 0 ? (
          <EmptyState icon={Ruler} title="Create the first flavor" action={create}>
            A flavor is a size of nodes: processors, memory and disks. Without one nobody can create a cluster.
          </EmptyState>
        ) : (
          <FlavorsTable flavors={data} onAsk={ask} />
        )}
      </Card>
      {used ? <FlavorDialogs question={asked} onClose={() => setAsked(null)} /> : null}
    </>
  );
}
