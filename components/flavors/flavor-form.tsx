"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { flushSync } from "react-dom";
import type { SiteFlavorView } from "../../server/services/flavors/schemas.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { CommandFold } from "../clusters/command-text.tsx";
import { slugOf } from "../tenants/model.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogClose } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { plural } from "../ui/format.ts";
import { NativeSelect } from "../ui/native-select.tsx";
import { Notice } from "../ui/notice.tsx";
import { notify } from "../ui/toast.tsx";
import { emptyFlavor, type FlavorValues, fieldOf, flavorCommand, flavorFaults, resizes, toEdit, toFlavor, valuesOf } from "./model.ts";

interface Props {
  /** Null: a new one. */
  flavor: SiteFlavorView | null;
  open: boolean;
  onClose: () => void;
}

const cardsHint = "Whole NVIDIA cards that each node has for itself, also while it is stopped.";

/** A new flavor, or another size, name or audience for one that is there. */
export function FlavorForm({ flavor, open, onClose }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [values, setValues] = useState(flavor ? valuesOf(flavor) : emptyFlavor);
  const [tried, setTried] = useState(false);
  const cards = useQuery({ ...trpc.siteTenants.choices.queryOptions(), enabled: open }).data?.cards ?? true;
  const slug = flavor?.slug ?? (values.slug || slugOf(values.name));
  const options = {
    onSuccess: async () => {
      notify("ok", flavor ? `${values.name} is changed` : `${values.name} is created`);
      onClose();
      await queries.invalidateQueries(trpc.siteFlavors.pathFilter());
    },
  };
  const create = useMutation(trpc.siteFlavors.create.mutationOptions(options));
  const edit = useMutation(trpc.siteFlavors.edit.mutationOptions(options));
  const busy = create.isPending || edit.isPending;
  const error = create.error ?? edit.error;
  const refused = error ? failure(error) : null;
  const at = fieldOf(refused?.field ?? null);
  const faults = flavorFaults({ ...values, slug });
  const change = flavor ? toEdit(flavor, values) : { ...toFlavor({ ...values, slug }) };
  const users = flavor ? flavor.clusters + flavor.older : 0;
  const text = (field: Exclude<keyof FlavorValues, "who">, label: string, hint?: string) => (
    <Field label={label} hint={hint} error={(tried && faults[field]) || (refused && at === field ? refused.message : null)}>
      <Input
        value={field === "slug" ? slug : values[field]}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        inputMode={["vcpus", "memory", "dataGb", "rootGb", "gpus"].includes(field) ? "decimal" : undefined}
        onChange={(event) => setValues({ ...values, [field]: event.target.value })}
      />
    </Field>
  );
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        onClose();
        create.reset();
        edit.reset();
      }}
      width="lg"
      title={flavor ? `Edit ${flavor.name}` : "New flavor"}
      description="A size of nodes. Memory is a hard limit; processors may be shared."
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form="flavor" variant="primary" busy={busy}>
            {flavor ? "Save" : "Create"}
          </Button>
        </>
      }
    >
      <form
        id="flavor"
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (busy) return;
          const form = event.currentTarget;
          if (Object.keys(faults).length > 0) {
            flushSync(() => setTried(true));
            form.querySelector<HTMLInputElement>("[aria-invalid]")?.focus();
            return;
          }
          if (flavor) edit.mutate({ flavor: flavor.slug, ...toEdit(flavor, values) });
          else create.mutate(toFlavor({ ...values, slug }));
        }}
      >
        <div className="grid grid-cols-2 gap-4">
          {text("name", "Name")}
          {flavor ? <div /> : text("slug", "Short name", "For commands, for good.")}
        </div>
        <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          {text("vcpus", "vCPU")}
          {text("memory", "Memory, GB")}
          {text("dataGb", "/data, GB")}
          {text("rootGb", "Root disk, GB")}
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          {text("gpus", "GPUs", cards ? cardsHint : `${cardsHint} No host has any now: nobody could start a cluster with them.`)}
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Who may use it">
            <NativeSelect
              value={values.who}
              onChange={(next) => setValues({ ...values, who: next === "some" ? "some" : "everybody" })}
              options={[
                { value: "everybody", label: "Every tenant" },
                { value: "some", label: "Some tenants only" },
              ]}
            />
          </Field>
          {values.who === "some" ? text("tenants", "Tenants", "Their short names, separated by commas.") : null}
        </div>
        {flavor && users > 0 && resizes(toEdit(flavor, values)) ? (
          <Notice tone="off">
            {plural(users, "cluster")} {users === 1 ? "keeps" : "keep"} the size {users === 1 ? "it has" : "they have"}. The new one is for
            clusters to come.
          </Notice>
        ) : null}
        {refused && at === null ? (
          <Notice tone="bad" role="alert" title="It was not saved">
            {refused.message}
          </Notice>
        ) : null}
        <CommandFold command={flavorCommand(flavor ? "edit" : "create", slug, change)} what="the command" />
      </form>
    </Dialog>
  );
}
