"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import type { Seed } from "../api/seed.ts";
import { useTRPC } from "../api/trpc.ts";
import { useSeeded } from "../api/use-seeded.ts";
import { Button } from "../ui/button.tsx";
import { plural } from "../ui/format.ts";
import { Notice } from "../ui/notice.tsx";
import { MappingsCard } from "./mappings-card.tsx";
import { groupName, roleWords } from "./model.ts";

const RemoveMissing = dynamic(() => import("./remove-missing.tsx").then((module) => module.RemoveMissing), { ssr: false });
const MappingDialogs = dynamic(() => import("./mapping-dialogs.tsx").then((module) => module.MappingDialogs), { ssr: false });

interface Props {
  mappings: Seed<MappingView[]>;
  tenants: { slug: string; name: string }[];
}

/** Named one by one up to here. */
const named = 5;

/** Mappings of groups that the directory does not have: of the one that was set before, mostly. */
function Missing({ mappings }: { mappings: readonly MappingView[] }) {
  const [open, setOpen] = useState(false);
  const [used, setUsed] = useState(false);
  const more = mappings.length - named;
  return (
    <Notice
      tone="warn"
      title={`${plural(mappings.length, "mapping names a group", "mappings name groups")} that this directory does not have`}
      action={
        <Button
          size="sm"
          onClick={() => {
            setUsed(true);
            setOpen(true);
          }}
        >
          Remove {mappings.length === 1 ? "it" : "them"}
        </Button>
      }
    >
      <p className="break-words">
        {mappings
          .slice(0, named)
          .map(({ group, role, tenant }) => `${groupName(group)} (${roleWords[role].toLowerCase()}${tenant ? ` of ${tenant.name}` : ""})`)
          .join(", ")}
        {more > 0 ? ` and ${more} more` : ""}. They give nobody anything until the directory has these groups.
      </p>
      {used ? <RemoveMissing open={open} onClose={() => setOpen(false)} mappings={mappings} /> : null}
    </Notice>
  );
}

/** Which group of the directory gives which role where. */
export function Mappings({ mappings, tenants }: Props) {
  const trpc = useTRPC();
  const { data } = useSeeded(trpc.directory.mappings.queryOptions(), mappings);
  // Asked of the directory itself, which may take its time: the page does not wait for it.
  const missing = useQuery({ ...trpc.directory.missing.queryOptions(), staleTime: 60_000, retry: false }).data?.mappings ?? [];
  return (
    <>
      {missing.length > 0 ? <Missing mappings={missing} /> : null}
      <MappingsCard
        id="mappings"
        mappings={data}
        everywhere
        missing={new Set(missing.map(({ id }) => id))}
        empty="People see a tenant when one of their groups is mapped to it, directly or through other groups."
        dialogs={(question, onClose) => <MappingDialogs question={question} onClose={onClose} tenants={tenants} />}
      />
    </>
  );
}
