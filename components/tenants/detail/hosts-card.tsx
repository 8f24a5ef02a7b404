"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import type { TenantDetailView, TenantHostView } from "../../../server/services/tenants/schemas.ts";
import { questionAbout } from "../../api/question.ts";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useSeeded } from "../../api/use-seeded.ts";
import { CommandFold } from "../../clusters/command-text.tsx";
import { settingsCommand } from "../../hosts/model/settings.ts";
import { hostState } from "../../hosts/model/states.ts";
import { AlertDialog } from "../../ui/alert-dialog.tsx";
import { Button } from "../../ui/button.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { Field } from "../../ui/field.tsx";
import { count, megabytes, plural } from "../../ui/format.ts";
import { NativeSelect } from "../../ui/native-select.tsx";
import { StateBadge } from "../../ui/state-badge.tsx";
import { EmptyRow, Table, Tbody, Td, Th, Thead, Tr } from "../../ui/table.tsx";
import { notify } from "../../ui/toast.tsx";
import { givenWords, hostChoices } from "../hosts.ts";

interface Props {
  tenant: Pick<TenantDetailView, "slug" | "name" | "state">;
  hosts: Seed<TenantHostView[]>;
}

/** Hosts that take its nodes only: those it has, one more, one less. */
export function HostsCard({ tenant, hosts: seeded }: Props) {
  const trpc = useTRPC();
  const { data: hosts } = useSeeded(
    { ...trpc.siteTenants.hosts.queryOptions({ tenant: tenant.slug }), refetchInterval: 10_000, retry: false },
    seeded,
  );
  const [giving, setGiving] = useState(false);
  const [taking, setTaking] = useState<TenantHostView | null>(null);
  const own = hosts.filter((host) => host.keptFor?.slug === tenant.slug);
  const choices = hostChoices(hosts, tenant.slug);
  const open = tenant.state !== "deleting";
  return (
    <Card aria-labelledby="hosts">
      <CardHeader
        id="hosts"
        title="Hosts of its own"
        aside={
          open && choices.length > 0 ? (
            <Button size="sm" onClick={() => setGiving(true)}>
              Give it a host
            </Button>
          ) : null
        }
      />
      <Table label="Hosts of its own">
        <Thead>
          <Tr>
            <Th>Host</Th>
            <Th>State</Th>
            <Th wide>Nodes</Th>
            <Th number wide>
              Memory given
            </Th>
            <Th number>
              <span className="sr-only">Actions</span>
            </Th>
          </Tr>
        </Thead>
        <Tbody>
          {own.length === 0 ? <EmptyRow columns={5}>None: its nodes share hosts with those of other tenants.</EmptyRow> : null}
          {own.map((host) => (
            <Tr key={host.name}>
              <Td>
                <Link href={`/site/hosts/${host.name}`} className="link inline-block min-h-6 font-medium leading-6">
                  {host.name}
                </Link>
                {host.lacks.length > 0 ? (
                  <p className="text-sm text-warn">lacks {host.lacks.join(", ")}: its nodes ask for hosts with that tag</p>
                ) : null}
              </Td>
              <Td className="max-w-28 sm:max-w-56">
                <StateBadge {...hostState(host)} detail={host.reason} />
              </Td>
              <Td wide>
                {count(host.nodes)}
                {host.others > 0 ? <span className="text-muted"> and {plural(host.others, "node")} of others</span> : null}
              </Td>
              <Td number wide className="whitespace-nowrap">
                {host.memoryMb.total === 0 ? "not known yet" : `${megabytes(host.memoryMb.used)} of ${megabytes(host.memoryMb.total)}`}
              </Td>
              <Td number>
                {open ? (
                  <Button size="sm" aria-label={`Take back ${host.name}`} onClick={() => setTaking(host)}>
                    Take back
                  </Button>
                ) : null}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      <Give tenant={tenant} hosts={hosts} choices={choices} open={giving} onClose={() => setGiving(false)} />
      <Take tenant={tenant} host={taking} onClose={() => setTaking(null)} />
    </Card>
  );
}

/** The same as on the host's own page, and seen there at once. */
function useConfigure(onDone: (host: string) => void) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMutation(
    trpc.hosts.configure.mutationOptions({
      onSuccess: async (_, { host }) => {
        onDone(host);
        await Promise.all([queries.invalidateQueries(trpc.siteTenants.pathFilter()), queries.invalidateQueries(trpc.hosts.pathFilter())]);
      },
    }),
  );
}

interface GiveProps {
  tenant: Props["tenant"];
  hosts: TenantHostView[];
  choices: { value: string; label: string }[];
  open: boolean;
  onClose: () => void;
}

function Give({ tenant, hosts, choices, open, onClose }: GiveProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  // One that somebody else took meanwhile is not offered any more.
  const name = choices.find(({ value }) => value === chosen)?.value ?? choices[0]?.value ?? "";
  const host = hosts.find((one) => one.name === name);
  const configure = useConfigure((given) => {
    notify("ok", `${given} takes only nodes of ${tenant.name}`);
    setChosen(null);
    onClose();
  });
  return (
    <AlertDialog
      {...questionAbout(configure, open, onClose)}
      title={`Give ${tenant.name} a host`}
      action="Give"
      danger={false}
      onAction={() => configure.mutate({ host: name, tenant: tenant.slug })}
    >
      <div className="grid gap-3 text-text">
        <Field label="Host">
          <NativeSelect
            value={name}
            onChange={(next) => {
              configure.reset();
              setChosen(next);
            }}
            options={choices}
          />
        </Field>
        {host ? (
          <ul className="list-disc pl-5 text-muted text-sm">
            {givenWords(host, tenant.name).map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        ) : null}
        <CommandFold command={settingsCommand(name, { tenant: tenant.slug })} what="the command" />
      </div>
    </AlertDialog>
  );
}

function Take({ tenant, host, onClose }: { tenant: Props["tenant"]; host: TenantHostView | null; onClose: () => void }) {
  const configure = useConfigure((taken) => {
    notify("ok", `${taken} takes nodes of every tenant`);
    onClose();
  });
  return (
    <AlertDialog
      {...questionAbout(configure, host !== null, onClose)}
      title={`Take ${host?.name ?? "the host"} back?`}
      action="Take back"
      danger={false}
      onAction={() => {
        if (host) configure.mutate({ host: host.name, tenant: null });
      }}
    >
      <p>Nodes of every tenant may be placed there then. Nothing is moved or stopped: what {tenant.name} has there stays.</p>
      {host ? (
        <div className="mt-3">
          <CommandFold command={settingsCommand(host.name, { tenant: null })} what="the command" />
        </div>
      ) : null}
    </AlertDialog>
  );
}
