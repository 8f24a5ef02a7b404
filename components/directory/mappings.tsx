"use client";
import dynamic from "next/dynamic";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { MappingsCard } from "./mappings-card.tsx";

const MappingDialogs = dynamic(() => import("./mapping-dialogs.tsx").then((module) => module.MappingDialogs), { ssr: false });

interface Props {
  mappings: Seed<MappingView[]>;
  tenants: { slug: string; name: string }[];
}

/** Which group of the directory gives which role where. */
export function Mappings({ mappings, tenants }: Props) {
  const trpc = useTRPC();
  const { data } = useSeeded(trpc.directory.mappings.queryOptions(), mappings);
  return (
    <MappingsCard
      id="mappings"
      mappings={data}
      everywhere
      empty="People see a tenant when one of their groups is mapped to it, directly or through other groups."
      dialogs={(question, onClose) => <MappingDialogs question={question} onClose={onClose} tenants={tenants} />}
    />
  );
}
