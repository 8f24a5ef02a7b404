"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SegmentView } from "../../server/services/segments/schemas.ts";
import { failure } from "../api/failure.ts";
import { questionAbout } from "../api/question.ts";
import { useTRPC } from "../api/trpc.ts";
import { AlertDialog } from "../ui/alert-dialog.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogClose } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { NativeSelect } from "../ui/native-select.tsx";
import { Notice } from "../ui/notice.tsx";
import { notify } from "../ui/toast.tsx";
import { type EditValues, editOf, emptySegment, fieldOf, keepsIt, type SegmentValues, toEdit, toSegment } from "./model.ts";

export type SegmentQuestion = { verb: "create" } | { verb: "edit" | "delete"; segment: SegmentView };

interface Props {
  question: SegmentQuestion | null;
  onClose: () => void;
  tenants: { slug: string; name: string }[];
}

/** Everything that changes segments; fetched when the first is asked. */
export function SegmentDialogs({ question, onClose, tenants }: Props) {
  // The last one stays while its dialog closes.
  const [last, setLast] = useState(question);
  if (question !== null && question !== last) setLast(question);
  const verb = question?.verb ?? null;
  const about = last && last.verb !== "create" ? last.segment : null;
  return (
    <>
      <Create open={verb === "create"} onClose={onClose} tenants={tenants} />
      {about ? (
        <>
          <Edit key={`edit ${about.id}`} segment={about} open={verb === "edit"} onClose={onClose} />
          <Delete key={`delete ${about.id}`} segment={about} open={verb === "delete"} onClose={onClose} />
        </>
      ) : null}
    </>
  );
}

const uplinks = [
  { value: "vlan", label: "VLAN: your switches carry it" },
  { value: "vxlan", label: "VXLAN: a tunnel between hosts" },
  { value: "none", label: "None: one host only" },
];

function Create({ open, onClose, tenants }: Pick<Props, "onClose" | "tenants"> & { open: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [values, setValues] = useState(emptySegment(tenants[0]?.slug ?? ""));
  const close = (): void => {
    onClose();
    create.reset();
  };
  const create = useMutation(
    trpc.segments.create.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${values.name.trim()} is created`);
        setValues(emptySegment(tenants[0]?.slug ?? ""));
        onClose();
        await queries.invalidateQueries(trpc.segments.pathFilter());
      },
    }),
  );
  const refused = create.error ? failure(create.error) : null;
  const at = refused ? fieldOf(refused.field) : null;
  const said = (field: keyof SegmentValues): string | null => (at === field ? (refused?.message ?? null) : null);
  const text = (field: keyof SegmentValues, label: string, hint: string, placeholder = "") => (
    <Field label={label} hint={hint} error={said(field)}>
      <Input
        value={values[field]}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setValues({ ...values, [field]: event.target.value })}
      />
    </Field>
  );
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || close()}
      width="lg"
      title="Create segment"
      description="The network of one tenant's nodes. Hosts make it when its first node is placed on them."
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form="segment" variant="primary" busy={create.isPending}>
            Create
          </Button>
        </>
      }
    >
      <form
        id="segment"
        noValidate
        className="grid gap-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) create.mutate(toSegment(values));
        }}
      >
        {text("name", "Name", "Lower-case letters, digits and hyphens.")}
        <Field label="Tenant" error={said("owner")}>
          <NativeSelect
            value={values.owner}
            onChange={(owner) => setValues({ ...values, owner })}
            options={tenants.map(({ slug, name }) => ({ value: slug, label: name }))}
          />
        </Field>
        <Field label="Uplink" hint="How it gets from host to host." error={said("uplink")}>
          <NativeSelect
            value={values.uplink}
            onChange={(next) => setValues({ ...values, uplink: next === "vlan" || next === "vxlan" ? next : "none", number: "" })}
            options={uplinks}
          />
        </Field>
        {values.uplink === "none" ? (
          <div className="hidden sm:block" />
        ) : (
          text("number", values.uplink === "vlan" ? "VLAN id" : "VNI", "Empty: the next one of the pool.")
        )}
        {text("cidr", "Subnet", "Empty: the next free one of the platform's pool.", "10.35.219.0/24")}
        {values.cidr.trim() === "" ? (
          <Field label="Size" error={said("bits")} hint="Of the subnet from the pool.">
            <NativeSelect
              value={values.bits}
              onChange={(bits) => setValues({ ...values, bits })}
              options={[28, 27, 26, 25, 24, 23, 22, 20].map((bits) => ({
                value: String(bits),
                label: `/${bits}, ${2 ** (32 - bits)} addresses`,
              }))}
            />
          </Field>
        ) : (
          <div className="hidden sm:block" />
        )}
        {text("mtu", "MTU", "Nodes of a VXLAN get 50 less than the hosts' links leave.")}
        {text("dns", "Name servers", "Up to 3. Empty: as the host's.")}
        {text("reserved", "Reserved addresses", "Never given to nodes: 10.35.219.10-10.35.219.20.")}
        <div className="grid gap-3 sm:col-span-2">
          {refused && at === null ? (
            <Notice tone="bad" role="alert" title="It was not created">
              {refused.message}
            </Notice>
          ) : null}
        </div>
      </form>
    </Dialog>
  );
}

function Edit({ segment, open, onClose }: { segment: SegmentView; open: boolean; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const before = editOf(segment);
  const [typed, setTyped] = useState<Partial<EditValues>>({});
  const values = { ...before, ...typed };
  const save = useMutation(
    trpc.segments.edit.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${segment.name} is changed`);
        onClose();
        await queries.invalidateQueries(trpc.segments.pathFilter());
        setTyped({});
      },
    }),
  );
  const refused = save.error ? failure(save.error) : null;
  const at = refused ? fieldOf(refused.field) : null;
  const text = (field: keyof EditValues, label: string, hint: string) => (
    <Field label={label} hint={hint} error={at === field ? refused?.message : null}>
      <Input
        value={values[field]}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setTyped({ ...typed, [field]: event.target.value })}
      />
    </Field>
  );
  const close = (): void => {
    onClose();
    setTyped({});
    save.reset();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => next || close()}
      title={`Edit ${segment.name}`}
      description={`${segment.tenant.name} · ${segment.uplinkWords} · ${segment.cidr}. Subnet and uplink stay: nodes have addresses there.`}
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form={`edit-${segment.id}`} variant="primary" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form
        id={`edit-${segment.id}`}
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) save.mutate({ segment: segment.id, ...toEdit(before, values) });
        }}
      >
        {text("mtu", "MTU", `Nodes get ${segment.effectiveMtu} now.`)}
        {text("dns", "Name servers", "Up to 3, separated by commas. Empty: as the host's.")}
        {text("reserved", "Reserved addresses", "An address in use stays in use, and is not given out again.")}
        {refused && (at === null || !(at in before)) ? (
          <Notice tone="bad" role="alert" title="It was not changed">
            {refused.message}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}

function Delete({ segment, open, onClose }: { segment: SegmentView; open: boolean; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.segments.delete.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${segment.name} is deleted`);
        onClose();
        await queries.invalidateQueries(trpc.segments.pathFilter());
      },
    }),
  );
  const kept = keepsIt(segment);
  return (
    <AlertDialog
      {...questionAbout(remove, open, onClose)}
      title={`Delete ${segment.name}?`}
      action="Delete"
      confirm={{ label: `Type ${segment.name} to delete it`, text: segment.name }}
      onAction={(confirm) => remove.mutate({ segment: segment.id, confirm })}
    >
      <p>
        The segment of {segment.tenant.name} with {segment.cidr} ({segment.uplinkWords}) goes. Its addresses and its number are free for
        others.
      </p>
      {kept ? <p className="mt-2 font-medium text-bad">{kept}</p> : null}
    </AlertDialog>
  );
}
