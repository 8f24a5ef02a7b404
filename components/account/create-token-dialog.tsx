"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog, DialogClose } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { Select } from "../ui/select.tsx";
import { Time } from "../ui/time.tsx";

const terms = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
];

export interface CreateTokenDialogProps {
  /** Names that are in use. */
  taken: string[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Asks for a name and a term, then shows the secret once. */
export function CreateTokenDialog({ taken, open, onOpenChange }: CreateTokenDialogProps) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("30");
  const [error, setError] = useState<string | null>(null);
  const trpc = useTRPC();
  const client = useQueryClient();
  const create = useMutation(
    trpc.me.createToken.mutationOptions({
      onSuccess: () => client.invalidateQueries(trpc.me.tokens.pathFilter()),
      onError: (caught) => setError(failure(caught).message),
    }),
  );
  const made = create.data;

  const check = (value: string) => {
    const trimmed = value.trim();
    if (trimmed === "") return "Give the token a name, for example the machine that will use it.";
    return taken.includes(trimmed) ? `You have a token called "${trimmed}" already. Revoke it first, or take another name.` : null;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = check(name);
    setError(wrong);
    if (wrong === null && !create.isPending) create.mutate({ name: name.trim(), days: Number(days) });
  };
  const change = (next: boolean) => {
    onOpenChange(next);
    if (next) return;
    setName("");
    setError(null);
    create.reset();
  };

  return (
    <Dialog
      title={made ? "Copy the token now" : "Create a token"}
      description={made ? "It is shown this once; only its fingerprint is kept." : "It may do in your name what you may do yourself."}
      open={open}
      onOpenChange={change}
      footer={
        made ? (
          <DialogClose>Done</DialogClose>
        ) : (
          <>
            <DialogClose>Cancel</DialogClose>
            <Button type="submit" form="create-token" variant="primary" busy={create.isPending}>
              Create
            </Button>
          </>
        )
      }
    >
      {made ? (
        <div className="flex flex-col gap-3">
          <div className="flex items-start gap-2">
            <code className="min-w-0 flex-1 break-all rounded-md bg-sunken px-2.5 py-1.5 font-mono">{made.secret}</code>
            <CopyButton text={made.secret} what="the token" label="Copy" />
          </div>
          <Notice tone="warn">
            Whoever has it can act as you until it expires <Time at={made.token.expiresAt} />. Keep it where you keep passwords.
          </Notice>
        </div>
      ) : (
        <form id="create-token" noValidate onSubmit={submit} className="flex flex-col gap-4">
          <Field label="Name" required error={error}>
            <Input
              value={name}
              maxLength={60}
              autoComplete="off"
              onChange={(event) => {
                setName(event.target.value);
                if (error) setError(check(event.target.value));
              }}
            />
          </Field>
          <Field label="Expires after">
            <Select value={days} onChange={setDays} options={terms} />
          </Field>
        </form>
      )}
    </Dialog>
  );
}
