import type { Metadata } from "next";
import { api, load } from "../../../components/api/server.ts";
import { FlavorTable } from "../../../components/catalogue/flavor-table.tsx";
import { Card } from "../../../components/ui/card.tsx";
import { plural } from "../../../components/ui/format.ts";
import { PageHeader } from "../../../components/ui/page-header.tsx";

export const metadata: Metadata = { title: "Flavors" };

export default async function FlavorsPage() {
  const flavors = await load((await api()).site.flavors(), "/site/flavors");
  return (
    <>
      <PageHeader title="Flavors" facts={[plural(flavors.length, "flavor"), "the same in every tenant", "memory is a hard limit"]} />
      <Card>
        <FlavorTable flavors={flavors} />
      </Card>
    </>
  );
}
