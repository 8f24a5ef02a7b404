"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { CommandFold } from "../clusters/command-text.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogClose } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { NativeSelect } from "../ui/native-select.tsx";
import { Notice } from "../ui/notice.tsx";
import { notify } from "../ui/toast.tsx";
import { LimitFields } from "./limit-fields.tsx";
import { changedLimits, createCommand, noLimits, slugOf, toLimits } from "./model.ts";

const uplinks = ["none", "vlan", "vxlan"] as const;
const networks = [
  { value: "none", label: "One host only" },
  { value: "vlan", label: "VLAN: your switches carry it" },
  { value: "vxlan", label: "VXLAN: a tunnel between hosts" },
  { value: "", label: "Later, on the page Segments" },
];

const unlimited = toLimits(noLimits);
const empty = { name: "", slug: null as string | null, network: "none", limits: noLimits, personLimits: noLimits };

/** A department with its own segment and limits. */
export function NewTenant({ open, onClose }: { open: boolean; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [values, setValues] = useState(empty);
  const gpus = useQuery({ ...trpc.siteTenants.choices.queryOptions(), enabled: open }).data?.gpus ?? false;
  const slug = values.slug ?? slugOf(values.name);
  const create = useMutation(
    trpc.siteTenants.create.mutationOptions({
      onSuccess: async ({ tenant }) => {
        notify("ok", `${values.name.trim()} is created`);
        setValues(empty);
        onClose();
        router.push(`/site/tenants/${tenant}`);
        await queries.invalidateQueries(trpc.siteTenants.pathFilter());
      },
    }),
  );
  const refused = create.error ? failure(create.error) : null;
  const [group = "", field = ""] = refused?.field?.split(".") ?? [];
  const said = (name: string): string | null => (refused && group === name && !field ? refused.message : null);
  const ofLimits = (name: string) => (refused && group === name && field ? { field, message: refused.message } : null);
  const known = ["name", "slug", "network", "limits", "personLimits"].includes(group);
  const network = uplinks.find((uplink) => uplink === values.network) ?? null;
  const limits = changedLimits(unlimited, values.limits);
  const personLimits = changedLimits(unlimited, values.personLimits);
  const input = { slug, name: values.name, network, ...(limits ? { limits } : {}), ...(personLimits ? { personLimits } : {}) };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        onClose();
        create.reset();
      }}
      width="lg"
      title="New tenant"
      description="A department with its own segment, clusters and limits. Its people come by groups of the directory."
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form="new-tenant" variant="primary" busy={create.isPending}>
            Create
          </Button>
        </>
      }
    >
      <form
        id="new-tenant"
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) create.mutate(input);
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" error={said("name")} hint="As people call it.">
            <Input value={values.name} autoComplete="off" onChange={(event) => setValues({ ...values, name: event.target.value })} />
          </Field>
          <Field label="Short name" error={said("slug")} hint="In addresses and commands, for good.">
            <Input
              value={slug}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              className="font-mono text-sm"
              onChange={(event) => setValues({ ...values, slug: event.target.value })}
            />
          </Field>
          <Field label="Segment" error={said("network")} hint="How its first segment gets from host to host.">
            <NativeSelect value={values.network} onChange={(next) => setValues({ ...values, network: next })} options={networks} />
          </Field>
        </div>
        <LimitFields
          legend="The tenant may use"
          hint="All of its people together. Empty: no limit."
          values={values.limits}
          onChange={(next) => setValues({ ...values, limits: next })}
          gpus={gpus}
          error={ofLimits("limits")}
        />
        <LimitFields
          legend="Each person may use"
          hint="Its administrators may say something else for somebody."
          values={values.personLimits}
          onChange={(next) => setValues({ ...values, personLimits: next })}
          gpus={gpus}
          error={ofLimits("personLimits")}
        />
        {refused && !known ? (
          <Notice tone="bad" role="alert" title="It was not created">
            {refused.message}
          </Notice>
        ) : null}
        <CommandFold command={createCommand(input)} what="the command" />
      </form>
    </Dialog>
  );
}
