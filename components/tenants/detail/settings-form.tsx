"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { TenantChoices, TenantDetailView } from "../../../server/services/tenants/schemas.ts";
import { failure } from "../../api/failure.ts";
import type { Seed } from "../../api/seed.ts";
import { useTRPC } from "../../api/trpc.ts";
import { CommandFold } from "../../clusters/command-text.tsx";
import { Button } from "../../ui/button.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { Notice } from "../../ui/notice.tsx";
import { notify } from "../../ui/toast.tsx";
import { LimitFields } from "../limit-fields.tsx";
import { changedSettings, editCommand, type SettingValues, settingsOf } from "../model.ts";
import { Distributions } from "./distributions.tsx";
import { Egress } from "./egress.tsx";
import { Rights } from "./rights.tsx";
import { useTenant } from "./use-tenant.ts";

const known = [
  "name",
  "limits",
  "personLimits",
  "distribution",
  "distributions",
  "flavor",
  "hostTags",
  "egress",
  "egressList",
  "capabilitySets",
  "capabilitySet",
];

/** Everything that can be set. What somebody else changes meanwhile is seen until one types. */
export function SettingsForm({ tenant: seeded, choices }: { tenant: Seed<TenantDetailView>; choices: TenantChoices }) {
  const { data: tenant } = useTenant(seeded);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [typed, setTyped] = useState<Partial<SettingValues>>({});
  const values = { ...settingsOf(tenant), ...typed };
  const input = changedSettings(tenant, values);
  const dirty = Object.keys(input).length > 0;
  const save = useMutation(
    trpc.siteTenants.edit.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries(trpc.siteTenants.pathFilter());
        setTyped({});
        notify("ok", `${tenant.name} is set`);
      },
    }),
  );
  const refused = save.error ? failure(save.error) : null;
  const [group = "", field = ""] = refused?.field?.split(".") ?? [];
  const said = (name: string): string | null => (refused && group === name ? refused.message : null);
  const ofLimits = (name: string) => (refused && group === name ? { field, message: refused.message } : null);
  const set = <K extends keyof SettingValues>(key: K, value: SettingValues[K]): void => {
    save.reset();
    setTyped((all) => ({ ...all, [key]: value }));
  };
  const setAll = (next: Partial<SettingValues>): void => {
    save.reset();
    setTyped((all) => ({ ...all, ...next }));
  };
  if (tenant.state === "deleting") return <Notice tone="off">A tenant that is being deleted has nothing left to set.</Notice>;
  return (
    <form
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (save.isPending) return;
        if (dirty) save.mutate({ tenant: tenant.slug, ...input });
        else notify("ok", "Nothing was changed");
      }}
    >
      <Card aria-labelledby="limits">
        <CardHeader id="limits" title="Limits" aside="They hold for what comes; what runs stays" />
        <div className="grid gap-5 p-4">
          <LimitFields
            legend="The tenant may use"
            hint="All of its people together. Empty: no limit."
            values={values.limits}
            onChange={(next) => set("limits", next)}
            gpus={choices.gpus}
            error={ofLimits("limits")}
          />
          <LimitFields
            legend="Each person may use"
            hint="Unless its administrators said something else for somebody. Empty: only the tenant's limits."
            values={values.personLimits}
            onChange={(next) => set("personLimits", next)}
            gpus={choices.gpus}
            error={ofLimits("personLimits")}
          />
        </div>
      </Card>
      <Card aria-labelledby="general">
        <CardHeader id="general" title="Name and defaults" />
        <div className="grid gap-4 p-4 sm:grid-cols-2 lg:grid-cols-3">
          <Field label="Name" error={said("name")}>
            <Input value={values.name} autoComplete="off" onChange={(event) => set("name", event.target.value)} />
          </Field>
          <Field label="Flavor offered first" error={said("flavor")}>
            <NativeSelect
              value={values.flavor}
              onChange={(next) => set("flavor", next)}
              options={[
                { value: "", label: "The smallest that will do" },
                ...choices.flavors.map(({ slug, name }) => ({ value: slug, label: name })),
              ]}
            />
          </Field>
          <Field label="Tags of hosts" error={said("hostTags")} hint="Its nodes go only to hosts with all of them. Empty: to any.">
            <Input
              value={values.hostTags}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => set("hostTags", event.target.value)}
            />
          </Field>
        </div>
      </Card>
      <Distributions
        values={values}
        choices={choices.distributions}
        errors={{ distributions: said("distributions"), distribution: said("distribution") }}
        onChange={setAll}
      />
      <Egress tenant={tenant} values={values} refused={refused} onChange={setAll} />
      <Rights values={values} error={said("capabilitySets") ?? said("capabilitySet")} onChange={setAll} />
      {refused && !known.includes(group) ? (
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
        <CommandFold command={editCommand(tenant.slug, input)} what="the command" />
      </div>
    </form>
  );
}
