"use client";
import dynamic from "next/dynamic";
import type { MappingView } from "../../../server/services/directory/schemas.ts";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";
import { MappingsCard } from "../../directory/mappings-card.tsx";

const GroupDialogs = dynamic(() => import("./group-dialogs.tsx").then((module) => module.GroupDialogs), { ssr: false });

/** Which groups of the directory bring people into the tenant, and as what. */
export function GroupCard({ tenant, mappings }: { tenant: string; mappings: Seed<MappingView[]> }) {
  const trpc = useTRPC();
  const { data } = useSeeded(trpc.tenants.mappings.queryOptions({ tenant }), mappings);
  return (
    <MappingsCard
      id="groups"
      mappings={data}
      empty="People are in this tenant when one of their groups is mapped to it, directly or through other groups."
      dialogs={(question, onClose) => <GroupDialogs tenant={tenant} question={question} onClose={onClose} />}
    />
  );
}
