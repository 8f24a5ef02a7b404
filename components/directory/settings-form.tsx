"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { DirectoryView } from "../../server/services/directory/schemas.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { Card, CardHeader } from "../ui/card.tsx";
import { CopyText } from "../ui/copy-button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { NativeSelect } from "../ui/native-select.tsx";
import { Notice } from "../ui/notice.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { notify } from "../ui/toast.tsx";
import { commandOf, type DirectoryChange, type DirectoryValues, fieldOf } from "./model.ts";

interface Props {
  view: DirectoryView;
  values: DirectoryValues;
  change: DirectoryChange;
  username: string;
  onChange: (change: Partial<DirectoryValues>) => void;
  onReset: () => void;
}

const binds = [
  { value: "service", label: "An account of its own" },
  { value: "anonymous", label: "Nobody: anonymous" },
  { value: "direct", label: "Each person at sign-in" },
];
const nested = [
  { value: "auto", label: "As the server can" },
  { value: "chain", label: "Active Directory’s in-chain rule" },
  { value: "walk", label: "Walk from group to group" },
  { value: "none", label: "Direct groups only" },
];
const encryption = [
  { value: "yes", label: "Always" },
  { value: "no", label: "Not on this machine" },
];

/** How the directory is asked. What the environment decides is shown, and cannot be typed over. */
export function SettingsForm({ view, values, change, username, onChange, onReset }: Props) {
  const id = useId();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [admin, setAdmin] = useState("");
  const dirty = Object.keys(change).length > 0;
  const save = useMutation(
    trpc.directory.set.mutationOptions({
      onSuccess: async (next) => {
        queries.setQueryData(trpc.directory.show.queryKey(), next);
        onReset();
        notify("ok", "The directory is saved");
        await queries.invalidateQueries(trpc.directory.pathFilter());
      },
    }),
  );
  const refused = save.error ? failure(save.error) : null;
  const at = refused ? fieldOf(refused.field) : null;
  const submit = (anyway: boolean): void => {
    if (save.isPending) return;
    if (!dirty) notify("ok", "Nothing was changed");
    else save.mutate({ ...change, ...(admin.trim() ? { admin: admin.trim() } : {}), ...(anyway ? { anyway: true } : {}) });
  };
  const edit = (next: Partial<DirectoryValues>): void => {
    save.reset();
    onChange(next);
  };
  const box = (
    name: keyof DirectoryValues,
    label: string,
    hint: string,
    more: { placeholder?: string; type?: string; lines?: number } = {},
  ) => {
    const by = view.fixed[name];
    const { lines, ...rest } = more;
    const common = {
      ...rest,
      value: values[name],
      disabled: by !== undefined,
      autoComplete: name === "bindPassword" ? "new-password" : "off",
      autoCapitalize: "none",
      spellCheck: false,
    };
    return (
      <Field label={label} hint={by ? `${by} decides this.` : hint} error={at === name ? refused?.message : null}>
        {lines === undefined ? (
          <Input
            {...common}
            className="disabled:bg-sunken disabled:text-muted"
            onChange={(event) => edit({ [name]: event.target.value })}
          />
        ) : (
          <TextArea
            {...common}
            rows={lines}
            className="font-mono text-sm disabled:bg-sunken disabled:text-muted"
            onChange={(event) => edit({ [name]: event.target.value })}
          />
        )}
      </Field>
    );
  };
  const choice = (name: "bind" | "nested" | "startTls", label: string, hint: string, options: { value: string; label: string }[]) => {
    const by = view.fixed[name];
    const chosen = options.filter(({ value }) => !by || value === values[name]);
    return (
      <Field label={label} hint={by ? `${by} decides this.` : hint} error={at === name ? refused?.message : null}>
        <NativeSelect value={values[name]} options={chosen} onChange={(value) => edit({ [name]: value })} />
      </Field>
    );
  };
  return (
    <Card aria-labelledby={id}>
      <CardHeader id={id} title="Connection" />
      <form
        noValidate
        className="grid gap-4 p-4 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          submit(false);
        }}
      >
        <div className="sm:col-span-2">
          {box("servers", "Servers", "One a line, asked in this order. ldap:// is encrypted by StartTLS before anything is said.", {
            lines: 2,
            placeholder: "ldaps://dc1.example.com",
          })}
        </div>
        {choice("startTls", "Encryption", "Without TLS only a server on the platform’s own machine is asked.", encryption)}
        {box("base", "People below", "The entry below which people lie.", { placeholder: "dc=example,dc=com" })}
        {choice("bind", "Who searches", "Where each person does, nobody can be read again later.", binds)}
        {values.bind === "direct"
          ? box("userDn", "People bind as", "{username} stands for what they type.", { placeholder: "{username}@corp.example.com" })
          : null}
        {values.bind === "service" ? box("bindDn", "Account", "A distinguished name, or user@domain.") : null}
        {values.bind === "service"
          ? box(
              "bindPassword",
              "Its password",
              view.hasPassword ? "One is kept, encrypted. Empty: it stays." : "Kept encrypted, and never shown.",
              { type: "password" },
            )
          : null}
        {box("loginAttributes", "User names are in", "The first that a person has names their account.")}
        {choice("nested", "Groups in groups", "All of them count, however deep.", nested)}
        {box("groupBase", "Groups below", "Empty: where people are.")}
        {box("groupFilter", "Only these groups", "A filter in parentheses. Empty: all.")}
        {box("personFilter", "Only these people", "A filter in parentheses. Empty: all.")}
        {box("timeoutSeconds", "Time for an answer, s", "Then the next server is asked.")}
        {box("graceMinutes", "Stay signed in, min", "For so long while no server answers.")}
        <div className="sm:col-span-2">
          {box("ca", "CA certificates", "PEM. Empty: those of the site or of the machine.", {
            lines: 3,
            placeholder: "-----BEGIN CERTIFICATE-----",
          })}
        </div>
        {dirty ? (
          <div className="grid gap-4 border-t pt-4 sm:col-span-2">
            <Field
              label="Who has to come out as a site administrator"
              hint="Before anything is saved this person is looked up with the new settings, so that nobody is locked out."
              error={refused?.field === "admin" ? refused.message : null}
            >
              <Input
                value={admin}
                placeholder={username}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                onChange={(event) => setAdmin(event.target.value)}
              />
            </Field>
            <CopyText text={commandOf(change)} what="the command" />
          </div>
        ) : null}
        {refused && at === null ? (
          <div className="sm:col-span-2">
            <Notice
              tone="bad"
              role="alert"
              title="It was not saved"
              action={
                refused.kind === "conflict" && (refused.field === "admin" || refused.field === "anyway") ? (
                  <Button size="sm" variant="quietDanger" onClick={() => submit(true)}>
                    Save anyway
                  </Button>
                ) : null
              }
            >
              {refused.field === "admin" ? "Saving it anyway can lock everybody out, you too." : refused.message}
            </Notice>
          </div>
        ) : null}
        <div className="flex gap-2 sm:col-span-2">
          <Button type="submit" variant={dirty ? "primary" : "secondary"} busy={save.isPending}>
            Save
          </Button>
          {dirty ? (
            <Button
              variant="ghost"
              onClick={() => {
                save.reset();
                onReset();
              }}
            >
              Undo
            </Button>
          ) : null}
        </div>
      </form>
    </Card>
  );
}
