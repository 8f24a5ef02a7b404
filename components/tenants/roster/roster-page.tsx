"use client";
import { Users } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useQueryStates } from "nuqs";
import { useState, useTransition } from "react";
import type { MappingView } from "../../../server/services/directory/schemas.ts";
import type { RosterPerson, RosterView } from "../../../server/services/tenants/roster.ts";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Input } from "../../ui/field.tsx";
import { plural } from "../../ui/format.ts";
import { NativeSelect } from "../../ui/native-select.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { showing } from "../../ui/table.tsx";
import { GroupCard } from "./group-card.tsx";
import { type RosterParams, rosterInput, rosterParsers } from "./params.ts";
import { RosterTable } from "./roster-table.tsx";
import { hoursWords, periodWords, sortWords } from "./words.ts";

const PersonDialog = dynamic(() => import("../person-dialog.tsx").then((module) => module.PersonDialog), { ssr: false });

interface Props {
  tenant: string;
  /** What the address said when the server rendered the rows. */
  params: RosterParams;
  roster: Seed<RosterView>;
  mappings: Seed<MappingView[]>;
}

const options = <T extends string>(words: Record<T, string>, values: readonly T[]) =>
  values.map((value) => ({ value, label: words[value] }));
const periods = options(periodWords, ["30d", "month", "last-month"]);
const sorts = options(sortWords, ["name", "hours", "seen"]);

/** Who is in the tenant, what they use and used, and which groups of the directory bring them here. */
export function RosterPage({ tenant, params, roster, mappings }: Props) {
  const trpc = useTRPC();
  const [pending, startTransition] = useTransition();
  const [, setParams] = useQueryStates(rosterParsers, { shallow: false, startTransition, scroll: false });
  const { data } = useSeeded(trpc.tenants.roster.queryOptions(rosterInput(tenant, params)), roster);
  const [asked, setAsked] = useState<RosterPerson | null>(null);
  const [open, setOpen] = useState(false);
  const change = (next: Partial<RosterParams>, typing = false): void => {
    void setParams(
      { cursor: null, from: null, ...next },
      { history: typing ? "replace" : "push", ...(typing ? { limitUrlUpdates: { method: "debounce", timeMs: 200 } } : {}) },
    );
  };
  const nobody = data.total === 0 && params.q.trim() === "" && params.cursor === null;
  return (
    <>
      <PageHeader
        title="People"
        facts={[
          params.q.trim() === "" ? plural(data.total, "person", "people") : `${data.total} found`,
          `${data.signedIn} signed in`,
          `${hoursWords(data.hours.vcpus)} vCPU hours, ${hoursWords(data.hours.memoryGb)} GB hours of memory in all`,
        ]}
      />
      <search className="mb-3 flex flex-wrap items-center gap-2">
        <div className="w-full sm:w-72">
          <Input
            type="search"
            aria-label="Search people"
            placeholder="Search by name"
            defaultValue={params.q}
            maxLength={80}
            onChange={(event) => change({ q: event.target.value }, true)}
          />
        </div>
        <div className="w-40">
          <NativeSelect
            label="Usage of"
            value={params.period}
            options={periods}
            onChange={(value) => change({ period: periods.find((one) => one.value === value)?.value ?? "30d" })}
          />
        </div>
        <div className="w-36">
          <NativeSelect
            label="Order"
            value={params.sort}
            options={sorts}
            onChange={(value) => change({ sort: sorts.find((one) => one.value === value)?.value ?? "name" })}
          />
        </div>
      </search>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <div>
          <Card aria-label="People" aria-busy={pending}>
            {nobody ? (
              <EmptyState icon={Users} title="Nobody has signed in yet">
                People come by the groups below: whoever is in one of them finds this tenant at their next sign-in.
              </EmptyState>
            ) : data.rows.length === 0 ? (
              <EmptyState title="Nobody matches" action={<Button onClick={() => change({ q: "" })}>Clear the search</Button>}>
                The search looks at names and sign-in names.
              </EmptyState>
            ) : (
              <RosterTable
                people={data.rows}
                action={(person) => (
                  <Button
                    size="sm"
                    variant="ghost"
                    aria-label={`Limits of ${person.name}`}
                    onClick={() => {
                      setAsked(person);
                      setOpen(true);
                    }}
                  >
                    Limits
                  </Button>
                )}
              />
            )}
          </Card>
          <footer className="mt-2 flex flex-wrap items-center justify-between gap-2 text-muted text-sm">
            <span>
              <span role="status">{showing(params.from, data.rows.length, data.total)}</span>. Hours count from when a cluster has its place
              until it is stopped, times what it has; they are its owner's of that time.{" "}
              <Link href={`/t/${tenant}/quotas`} className="link underline underline-offset-3">
                What each may use
              </Link>
            </span>
            <div className="flex gap-2">
              {params.cursor ? (
                <Button size="sm" onClick={() => change({})}>
                  First page
                </Button>
              ) : null}
              {data.next ? (
                <Button size="sm" onClick={() => change({ cursor: data.next, from: params.from + data.rows.length })}>
                  Next page
                </Button>
              ) : null}
            </div>
          </footer>
        </div>
        <GroupCard tenant={tenant} mappings={mappings} />
      </div>
      {asked ? (
        <PersonDialog
          key={asked.username}
          tenant={tenant}
          person={asked}
          usual={data.personLimits}
          gpus={data.gpus}
          open={open}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}
