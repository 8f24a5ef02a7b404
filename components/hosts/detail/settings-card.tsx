"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { HostDetailView } from "../../../server/services/hosts/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { CommandFold } from "../../clusters/command-text.tsx";
import { Button } from "../../ui/button.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { Notice } from "../../ui/notice.tsx";
import { notify } from "../../ui/toast.tsx";
import { changedSettings, type HostSettings, settingsCommand, settingsOf } from "../model/settings.ts";

interface Props {
  host: HostDetailView;
  tenants: { slug: string; name: string }[];
}

/** Which nodes it takes and how others reach it. What somebody else changes meanwhile is seen until one types. */
export function SettingsCard({ host, tenants }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<Partial<HostSettings>>({});
  const now = settingsOf(host);
  const values = { ...now, ...typed };
  const { input, problem } = changedSettings(now, values);
  const dirty = Object.keys(input).length > 0;
  const save = useMutation(
    trpc.hosts.configure.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries(trpc.hosts.pathFilter());
        setTyped({});
        notify("ok", `${host.name} is set`);
      },
    }),
  );
  const refused = save.error ? failure(save.error) : null;
  const said = (field: string): string | null =>
    refused?.field === field ? refused.message : problem?.field === field ? problem.message : null;
  const set =
    <K extends keyof HostSettings>(field: K) =>
    (value: string) => {
      save.reset();
      setTyped((all) => ({ ...all, [field]: value }));
    };
  const text = (field: Exclude<keyof HostSettings, "tenant">, label: string, hint: string, placeholder = "") => (
    <Field label={label} hint={hint} error={said(field)}>
      <Input
        value={values[field]}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => set(field)(event.target.value)}
      />
    </Field>
  );
  return (
    <Card aria-labelledby="settings">
      <CardHeader id="settings" title="Settings" />
      <form
        noValidate
        className="grid gap-4 p-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem || save.isPending) return;
          if (dirty) save.mutate({ host: host.name, ...input });
          else notify("ok", "Nothing was changed");
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
          {text("tags", "Tags", "Separated by commas: ssd, rack-2.")}
          <Field label="Tenant" hint="A host for one tenant takes nobody else's nodes." error={said("tenant")}>
            <NativeSelect
              value={values.tenant}
              onChange={set("tenant")}
              options={[{ value: "", label: "Every tenant" }, ...tenants.map(({ slug, name }) => ({ value: slug, label: name }))]}
            />
          </Field>
          {text("address", "Address", "For tunnels between hosts. Empty: the first it reports.", host.address ?? "")}
          {text("vlanParent", "Link for VLANs", "Empty: the link with its address.", host.facts?.links[0]?.name ?? "eth0")}
          {text("reservedMemoryMb", "Memory kept for the host, MB", "Nodes never get it.")}
        </div>
        {refused && !["tags", "tenant", "address", "vlanParent", "reservedMemoryMb"].includes(refused.field ?? "") ? (
          <Notice tone="bad" role="alert" title="It was not changed">
            {refused.message}
          </Notice>
        ) : null}
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" variant={dirty ? "primary" : "secondary"} busy={save.isPending}>
            Save
          </Button>
          {dirty ? (
            <Button
              variant="ghost"
              onClick={() => {
                setTyped({});
                save.reset();
              }}
            >
              Undo
            </Button>
          ) : null}
          <CommandFold command={settingsCommand(host.name, input)} what="the command" />
        </div>
      </form>
    </Card>
  );
}
