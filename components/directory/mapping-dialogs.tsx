"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { useDebounced } from "../clusters/fit/use-debounced.ts";
import { AlertDialog } from "../ui/alert-dialog.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogClose } from "../ui/dialog.tsx";
import { Field, Input } from "../ui/field.tsx";
import { NativeSelect } from "../ui/native-select.tsx";
import { Notice } from "../ui/notice.tsx";
import { notify } from "../ui/toast.tsx";
import { groupName, roleWords } from "./model.ts";

export type MappingQuestion = { verb: "add" } | { verb: "remove"; mapping: MappingView };

interface Props {
  question: MappingQuestion | null;
  onClose: () => void;
  tenants: { slug: string; name: string }[];
}

/** What changes mappings; fetched when the first is asked. */
export function MappingDialogs({ question, onClose, tenants }: Props) {
  // The last one stays while its dialog closes.
  const [last, setLast] = useState(question);
  if (question !== null && question !== last) setLast(question);
  const about = last?.verb === "remove" ? last.mapping : null;
  return (
    <>
      <Add open={question?.verb === "add"} onClose={onClose} tenants={tenants} />
      {about ? <Remove key={about.id} mapping={about} open={question?.verb === "remove"} onClose={onClose} /> : null}
    </>
  );
}

const roles = (["member", "admin", "site-admin"] as const).map((value) => ({ value, label: roleWords[value] }));

function Add({ open, onClose, tenants }: Omit<Props, "question"> & { open: boolean }) {
  const id = useId();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [group, setGroup] = useState("");
  const [role, setRole] = useState<MappingView["role"]>(tenants.length > 0 ? "member" : "site-admin");
  const [tenant, setTenant] = useState(tenants[0]?.slug ?? "");
  const text = useDebounced(group.includes("=") ? "" : group.trim(), 250);
  const found = useQuery({ ...trpc.directory.groups.queryOptions({ text }), enabled: open, retry: false });
  const add = useMutation(
    trpc.directory.addMapping.mutationOptions({
      onSuccess: async (made) => {
        notify("ok", `${groupName(made.group)} is mapped`, "It counts for whoever is signed in within seconds.");
        setGroup("");
        onClose();
        await queries.invalidateQueries(trpc.directory.pathFilter());
      },
    }),
  );
  const refused = add.error ? failure(add.error) : null;
  const known = refused?.field === "group" || refused?.field === "tenant";
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        onClose();
        add.reset();
      }}
      width="lg"
      title="Map a group"
      description="Everybody in it gets the role, also through groups that are in it."
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form={`${id}-form`} variant="primary" busy={add.isPending}>
            Map
          </Button>
        </>
      }
    >
      <form
        id={`${id}-form`}
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const [only] = found.data ?? [];
          // A name that means one group is enough.
          const named = group.includes("=") || found.data?.length !== 1 || only === undefined ? group.trim() : only;
          if (!add.isPending) add.mutate({ group: named, role, tenant: role === "site-admin" ? null : tenant });
        }}
      >
        <Field
          label="Group"
          required
          error={refused?.field === "group" ? refused.message : null}
          hint={found.error ? failure(found.error).message : "Type a part of its name, or its distinguished name."}
        >
          <Input
            value={group}
            list={`${id}-groups`}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => {
              add.reset();
              setGroup(event.target.value);
            }}
          />
        </Field>
        <datalist id={`${id}-groups`}>
          {(found.data ?? []).map((dn) => (
            <option key={dn} value={dn}>
              {groupName(dn)}
            </option>
          ))}
        </datalist>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Role">
            <NativeSelect
              value={role}
              options={roles}
              onChange={(value) => setRole(roles.find((one) => one.value === value)?.value ?? "member")}
            />
          </Field>
          {role === "site-admin" ? null : (
            <Field label="Tenant" error={refused?.field === "tenant" ? refused.message : null}>
              <NativeSelect value={tenant} onChange={setTenant} options={tenants.map(({ slug, name }) => ({ value: slug, label: name }))} />
            </Field>
          )}
        </div>
        {refused && !known ? (
          <Notice tone="bad" role="alert" title="It was not mapped">
            {refused.message}
          </Notice>
        ) : null}
      </form>
    </Dialog>
  );
}

function Remove({ mapping, open, onClose }: { mapping: MappingView; open: boolean; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.directory.removeMapping.mutationOptions({
      onSuccess: async () => {
        notify("ok", "The mapping is removed");
        onClose();
        await queries.invalidateQueries(trpc.directory.pathFilter());
      },
    }),
  );
  const what = mapping.tenant
    ? `${roleWords[mapping.role].toLowerCase()} of ${mapping.tenant.name}`
    : roleWords[mapping.role].toLowerCase();
  return (
    <AlertDialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        onClose();
        remove.reset();
      }}
      title={`Remove ${groupName(mapping.group)}?`}
      action="Remove"
      busy={remove.isPending}
      error={remove.error ? failure(remove.error).message : null}
      onAction={() => remove.mutate({ id: mapping.id })}
    >
      Who is {what} only by this group loses that within seconds. Their clusters keep running.
    </AlertDialog>
  );
}
