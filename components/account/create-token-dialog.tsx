"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { TokenView } from "../../server/services/views.ts";
import { failure } from "../api/failure.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Dialog, DialogClose } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { NativeSelect } from "../ui/native-select.tsx";
import { Notice } from "../ui/notice.tsx";
import { RadioCards } from "../ui/radio-cards.tsx";
import { Select } from "../ui/select.tsx";
import { Time } from "../ui/time.tsx";

const terms = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "1 year" },
];

const scopes = ["read", "use", "manage"] as const;
const cards = [
  { value: "read", title: "Read", detail: "See clusters, logs and figures. Changes nothing." },
  { value: "use", title: "Use", detail: "Also start and stop clusters and restart services. Makes and deletes nothing." },
  { value: "manage", title: "Manage", detail: "Everything that the account itself may." },
];

export interface TokenToMake {
  name: string;
  days: number;
  scope: TokenView["scope"];
  tenant?: string;
}

export interface CreateTokenDialogProps {
  /** Names that are in use. */
  taken: string[];
  /** Tenants that it may be kept to; null: it is for one already. */
  tenants: { slug: string; name: string }[] | null;
  make: (token: TokenToMake) => Promise<{ secret: string; token: TokenView }>;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Asks for a name, what it is for and a term, then shows the secret once. */
export function CreateTokenDialog({ taken, tenants, make, open, onOpenChange }: CreateTokenDialogProps) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("30");
  const [scope, setScope] = useState<TokenView["scope"]>("use");
  const [tenant, setTenant] = useState("");
  const [error, setError] = useState<string | null>(null);
  const create = useMutation({ mutationFn: make, onError: (caught) => setError(failure(caught).message) });
  const made = create.data;

  const check = (value: string) => {
    const trimmed = value.trim();
    if (trimmed === "") return "Give the token a name, for example the machine that will use it.";
    return taken.includes(trimmed) ? `There is a token called "${trimmed}" already. Revoke it first, or take another name.` : null;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = check(name);
    setError(wrong);
    if (wrong === null && !create.isPending) create.mutate({ name: name.trim(), days: Number(days), scope, ...(tenant ? { tenant } : {}) });
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
      description={
        made ? "It is shown this once; only its fingerprint is kept." : "A program signs in with it. Give it no more than it needs."
      }
      open={open}
      onOpenChange={change}
      width={made ? "md" : "lg"}
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
            Whoever has it can use it until it expires <Time at={made.token.expiresAt} />. Keep it where you keep passwords.
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
          <Field label="Good for">
            <RadioCards value={scope} onChange={(next) => setScope(scopes.find((one) => one === next) ?? scope)} cards={cards} />
          </Field>
          <div className="grid gap-4 sm:grid-cols-2">
            {tenants && tenants.length > 0 ? (
              <Field label="Where">
                <NativeSelect
                  value={tenant}
                  onChange={setTenant}
                  options={[
                    { value: "", label: "Wherever I have business" },
                    ...tenants.map((one) => ({ value: one.slug, label: `Only in ${one.name}` })),
                  ]}
                />
              </Field>
            ) : null}
            <Field label="Expires after">
              <Select value={days} onChange={setDays} options={terms} />
            </Field>
          </div>
        </form>
      )}
    </Dialog>
  );
}
