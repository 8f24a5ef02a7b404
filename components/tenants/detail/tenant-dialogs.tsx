"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { TenantDetailView } from "../../../server/services/tenants/schemas.ts";
import { failure } from "../../api/failure.ts";
import { questionAbout } from "../../api/question.ts";
import { useTRPC } from "../../api/trpc.ts";
import { AlertDialog } from "../../ui/alert-dialog.tsx";
import { Button } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { Dialog, DialogClose } from "../../ui/dialog.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { megabytes, plural } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { notify } from "../../ui/toast.tsx";

export type TenantQuestion = "suspend" | "delete";

interface Props {
  tenant: TenantDetailView;
  open: TenantQuestion | null;
  onClose: () => void;
}

/** What asks before it acts; fetched when the first is opened. */
export function TenantDialogs(props: Props) {
  return (
    <>
      <Suspend {...props} />
      <Delete {...props} />
    </>
  );
}

function Suspend({ tenant, open, onClose }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const suspend = useMutation(
    trpc.siteTenants.suspend.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${tenant.name} is suspended`);
        setReason("");
        onClose();
        await queries.invalidateQueries(trpc.siteTenants.pathFilter());
      },
    }),
  );
  const refused = suspend.error ? failure(suspend.error) : null;
  return (
    <Dialog
      open={open === "suspend"}
      onOpenChange={(next) => {
        if (next) return;
        onClose();
        suspend.reset();
      }}
      title={`Suspend ${tenant.name}?`}
      description={`${plural(tenant.members, "person", "people")} can create, start and change nothing, and all services are closed. Data and addresses stay.`}
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form="suspend" variant="danger" busy={suspend.isPending}>
            Suspend
          </Button>
        </>
      }
    >
      <form
        id="suspend"
        noValidate
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!suspend.isPending) suspend.mutate({ tenant: tenant.slug, reason });
        }}
      >
        <Field label="Why" hint="Everybody in the tenant reads it." error={refused?.field === "reason" ? refused.message : null}>
          <Input value={reason} maxLength={200} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
        </Field>
        {tenant.running > 0 ? (
          <p className="text-muted">
            {plural(tenant.running, "cluster")} {tenant.running === 1 ? "goes" : "go"} on running, unreachable. You can stop{" "}
            {tenant.running === 1 ? "it" : "them"} as site administrator.
          </p>
        ) : null}
        {refused && refused.field !== "reason" ? (
          <Notice tone="bad" role="alert">
            {refused.message}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}

function Delete({ tenant, open, onClose }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [keptToo, setKeptToo] = useState(false);
  const remove = useMutation(
    trpc.siteTenants.delete.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${tenant.name} is being deleted`);
        onClose();
        await queries.invalidateQueries(trpc.siteTenants.pathFilter());
      },
    }),
  );
  const { clusters, disks, keptVolumes, segments, hosts } = tenant.contents;
  const kept = keptVolumes.reduce((sum, volume) => sum + volume.sizeMb, 0);
  const goes: { title: string; names: string[] }[] = [
    { title: plural(clusters.length, "cluster"), names: clusters.map(({ name, owner }) => `${name} (${owner})`) },
    { title: `${plural(disks.count, "disk")} of their nodes, ${megabytes(disks.sizeMb)}`, names: [] },
    {
      title: `${plural(keptVolumes.length, "kept volume")}, ${megabytes(kept)}`,
      names: keptVolumes.map(({ name, sizeMb, owner }) => `${name}, ${megabytes(sizeMb)}${owner ? ` (${owner})` : ""}`),
    },
    { title: plural(segments.length, "segment"), names: segments.map(({ name, cidr }) => `${name} ${cidr}`) },
    { title: `access of ${plural(tenant.members, "person", "people")}`, names: [] },
  ];
  return (
    <AlertDialog
      {...questionAbout(remove, open === "delete", () => {
        onClose();
        setKeptToo(false);
      })}
      title={`Delete ${tenant.name}?`}
      action="Delete"
      confirm={{ label: `Type ${tenant.slug} to delete it`, text: tenant.slug }}
      onAction={(confirm) => remove.mutate({ tenant: tenant.slug, confirm, keptVolumes: keptToo })}
    >
      <p>
        <strong className="font-medium text-text">This cannot be undone.</strong> What goes:
      </p>
      <dl className="mt-2 max-h-56 overflow-y-auto rounded-md bg-sunken px-3 py-2 text-sm">
        {goes.map(({ title, names }) => (
          <div key={title} className="py-0.5">
            <dt className="font-medium text-text">{title}</dt>
            {names.length > 0 ? <dd className="break-words">{names.join(", ")}</dd> : null}
          </div>
        ))}
      </dl>
      {hosts.length > 0 ? <p className="mt-2">Kept for it alone until now, then open to everybody: {hosts.join(", ")}.</p> : null}
      <p className="mt-2">It is gone when the hosts have shown all of it gone; until then it is shown as being deleted.</p>
      {keptVolumes.length > 0 ? (
        <div className="mt-3 text-text">
          <Checkbox
            checked={keptToo}
            onChange={(next) => {
              setKeptToo(next);
              remove.reset();
            }}
            label={`Destroy ${plural(keptVolumes.length, "kept volume")} too`}
            detail="People kept them when they deleted a cluster. Without your word nothing is deleted."
          />
        </div>
      ) : null}
    </AlertDialog>
  );
}
