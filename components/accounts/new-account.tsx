"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogClose } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { RadioCards } from "../ui/radio-cards.tsx";
import { notify } from "../ui/toast.tsx";

type Role = "member" | "admin";

export const roleCards: { value: Role; title: string; detail: string }[] = [
  { value: "member", title: "Member", detail: "Makes clusters of its own." },
  { value: "admin", title: "Tenant administrator", detail: "Manages everybody's clusters, limits and accounts." },
];

/** Asks for a name and a role; tokens come after. */
export function NewAccount({ tenant, open, onOpenChange }: { tenant: string; open: boolean; onOpenChange: (open: boolean) => void }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("member");
  const [missing, setMissing] = useState(false);
  const create = useMutation(
    trpc.accounts.create.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${name} is created`, "It can do nothing until it has a token.");
        onOpenChange(false);
        setName("");
        await client.invalidateQueries(trpc.accounts.pathFilter());
      },
    }),
  );
  const refused = create.error ? failure(create.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(name === "");
    if (name !== "" && !create.isPending) create.mutate({ tenant, name, role });
  };
  return (
    <Dialog
      title="New service account"
      description="A program's account in this tenant. What it makes counts against its own limits and the tenant's."
      open={open}
      onOpenChange={(next) => {
        onOpenChange(next);
        if (!next) create.reset();
      }}
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form="new-account" variant="primary" busy={create.isPending}>
            Create
          </Button>
        </>
      }
    >
      <form id="new-account" noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Name"
          required
          error={missing ? "Give it a name, for example what it does: nightly." : refused?.field === "name" ? refused.message : null}
          hint="Lower-case letters, digits and hyphens."
        >
          <Input
            value={name}
            maxLength={40}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setName(event.target.value.trim())}
          />
        </Field>
        <Field label="Role">
          <RadioCards value={role} onChange={(next) => setRole(next === "admin" ? "admin" : "member")} cards={roleCards} columns={2} />
        </Field>
        {refused && refused.field !== "name" ? (
          <Notice tone="bad" role="alert">
            {refused.message}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}
