"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Field } from "../ui/field.tsx";
import { NativeSelect } from "../ui/native-select.tsx";
import { notify } from "../ui/toast.tsx";
import { GroupField, useGroupText } from "./group-field.tsx";
import { AddMappingDialog, RemoveMappingDialog, useAsked } from "./mapping-shells.tsx";
import { groupName, type MappingQuestion, mappedWords, meant, roleWords } from "./model.ts";

interface Props {
  question: MappingQuestion | null;
  onClose: () => void;
  tenants: { slug: string; name: string }[];
}

/** What changes mappings; fetched when the first is asked. */
export function MappingDialogs({ question, onClose, tenants }: Props) {
  const about = useAsked(question);
  return (
    <>
      <Add open={question?.verb === "add"} onClose={onClose} tenants={tenants} />
      {about ? <Remove key={about.id} mapping={about} open={question?.verb === "remove"} onClose={onClose} /> : null}
    </>
  );
}

const roles = (["member", "admin", "site-admin"] as const).map((value) => ({ value, label: roleWords[value] }));

function Add({ open, onClose, tenants }: Omit<Props, "question"> & { open: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [group, setGroup] = useState("");
  const [role, setRole] = useState<MappingView["role"]>(tenants.length > 0 ? "member" : "site-admin");
  const [tenant, setTenant] = useState(tenants[0]?.slug ?? "");
  const text = useGroupText(group);
  const found = useQuery({ ...trpc.directory.groups.queryOptions({ text }), enabled: open, retry: false });
  const add = useMutation(
    trpc.directory.addMapping.mutationOptions({
      onSuccess: async (made) => {
        notify("ok", `${groupName(made.group)} is mapped`, mappedWords(made));
        setGroup("");
        onClose();
        await queries.invalidateQueries(trpc.directory.pathFilter());
      },
    }),
  );
  const refused = add.error ? failure(add.error) : null;
  return (
    <AddMappingDialog
      open={open}
      onClose={onClose}
      work={add}
      description="Everybody in it gets the role, also through groups that are in it."
      fields={["group", "tenant"]}
      onSubmit={(anyway) => add.mutate({ group: meant(group, found.data), role, tenant: role === "site-admin" ? null : tenant, anyway })}
    >
      <GroupField
        value={group}
        onChange={(value) => {
          add.reset();
          setGroup(value);
        }}
        found={found.data}
        trouble={found.error ? failure(found.error).message : null}
        error={refused?.field === "group" ? refused.message : null}
      />
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
    </AddMappingDialog>
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
    <RemoveMappingDialog
      open={open}
      onClose={onClose}
      work={remove}
      group={mapping.group}
      onRemove={() => remove.mutate({ id: mapping.id })}
    >
      Who is {what} only by this group loses that within seconds. Their clusters keep running.
    </RemoveMappingDialog>
  );
}
