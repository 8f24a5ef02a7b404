"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Limits } from "../../server/services/tenants/quota.ts";
import type { TenantPersonView } from "../../server/services/tenants/schemas.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogClose } from "../ui/dialog.tsx";
import { Notice } from "../ui/notice.tsx";
import { RadioCards } from "../ui/radio-cards.tsx";
import { notify } from "../ui/toast.tsx";
import { LimitFields } from "./limit-fields.tsx";
import { type LimitValues, limitValues, toLimits } from "./model.ts";

/** Of GPUs nothing is said where the form does not ask for them: then what holds for everybody holds, also later. */
function said(values: LimitValues, asked: boolean): Omit<Limits, "gpus"> & Partial<Limits> {
  const { gpus, ...rest } = toLimits(values);
  return asked || gpus !== null ? { ...rest, gpus } : rest;
}

interface Props {
  tenant: string;
  person: TenantPersonView;
  /** What everybody may use. */
  usual: Limits;
  /** There are GPUs to limit. */
  gpus: boolean;
  open: boolean;
  onClose: () => void;
}

/** What one person may use: what everybody may, or something else. */
export function PersonDialog({ tenant, person, usual, gpus, open, onClose }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { usage } = person;
  const now: Limits = {
    clusters: usage.clusters.limit,
    nodes: usage.nodes.limit,
    vcpus: usage.vcpus.limit,
    memoryMb: usage.memoryMb.limit,
    dataGb: usage.dataGb.limit,
    gpus: usage.gpus.limit,
  };
  const [own, setOwn] = useState(person.own);
  const [values, setValues] = useState(limitValues(person.own ? now : usual));
  const save = useMutation(
    trpc.tenants.setPersonLimits.mutationOptions({
      onSuccess: async () => {
        notify("ok", own ? `${person.name} has limits of their own` : `${person.name} may use what everybody may`);
        onClose();
        await queries.invalidateQueries(trpc.tenants.pathFilter());
      },
    }),
  );
  const refused = save.error ? failure(save.error) : null;
  const [group = "", field = ""] = refused?.field?.split(".") ?? [];
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        onClose();
        save.reset();
      }}
      width="lg"
      title={`Limits of ${person.name}`}
      description="They hold for what comes; what runs stays. The tenant's own limits hold beside them."
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form="person-limits" variant="primary" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form
        id="person-limits"
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate({ tenant, person: person.username, limits: own ? said(values, gpus) : null });
        }}
      >
        <RadioCards
          label="Which limits"
          value={own ? "own" : "usual"}
          onChange={(next) => {
            setOwn(next === "own");
            save.reset();
          }}
          columns={2}
          cards={[
            { value: "usual", title: "As everybody in the tenant" },
            { value: "own", title: "Limits of their own" },
          ]}
        />
        {own ? (
          <LimitFields
            legend={`${person.name} may use`}
            hint="Empty: only the tenant's limits."
            values={values}
            onChange={setValues}
            gpus={gpus}
            error={refused && group === "limits" ? { field, message: refused.message } : null}
          />
        ) : null}
        {refused && group !== "limits" ? (
          <Notice tone="bad" role="alert" title="It was not changed">
            {refused.message}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
