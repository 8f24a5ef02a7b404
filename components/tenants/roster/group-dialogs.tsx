"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { MappingView } from "../../../server/services/directory/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { GroupField, useGroupText } from "../../directory/group-field.tsx";
import { AddMappingDialog, RemoveMappingDialog, useAsked } from "../../directory/mapping-shells.tsx";
import { groupName, type MappingQuestion, mappedWords, meant, roleWords } from "../../directory/model.ts";
import { Field } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { notify } from "../../ui/toast.tsx";

interface Props {
  tenant: string;
  question: MappingQuestion | null;
  onClose: () => void;
}

/** What changes who is in the tenant; fetched when the first is asked. */
export function GroupDialogs({ tenant, question, onClose }: Props) {
  const about = useAsked(question);
  return (
    <>
      <Add tenant={tenant} open={question?.verb === "add"} onClose={onClose} />
      {about ? <Remove key={about.id} tenant={tenant} mapping={about} open={question?.verb === "remove"} onClose={onClose} /> : null}
    </>
  );
}

const roles = (["member", "admin"] as const).map((value) => ({ value, label: roleWords[value] }));

function Add({ tenant, open, onClose }: Omit<Props, "question"> & { open: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [group, setGroup] = useState("");
  const [role, setRole] = useState<"member" | "admin">("member");
  const text = useGroupText(group);
  const found = useQuery({ ...trpc.tenants.groups.queryOptions({ tenant, text }), enabled: open, retry: false });
  const add = useMutation(
    trpc.tenants.addMapping.mutationOptions({
      onSuccess: async (made) => {
        notify("ok", `${groupName(made.group)} is mapped`, mappedWords(made));
        setGroup("");
        onClose();
        await queries.invalidateQueries(trpc.tenants.pathFilter());
      },
    }),
  );
  const refused = add.error ? failure(add.error) : null;
  return (
    <AddMappingDialog
      open={open}
      onClose={onClose}
      work={add}
      description="Everybody in it gets the role in this tenant, also through groups that are in it."
      fields={["group"]}
      onSubmit={(anyway) => add.mutate({ tenant, group: meant(group, found.data), role, anyway })}
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
      <Field
        label="Role"
        hint={
          role === "admin"
            ? "Administrators change every cluster of the tenant, its people's limits and these mappings."
            : "Members have clusters of their own and see those that are shared with them."
        }
      >
        <NativeSelect value={role} options={roles} onChange={(value) => setRole(value === "admin" ? "admin" : "member")} />
      </Field>
    </AddMappingDialog>
  );
}

function Remove({ tenant, mapping, open, onClose }: Omit<Props, "question"> & { mapping: MappingView; open: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.tenants.removeMapping.mutationOptions({
      onSuccess: async () => {
        notify("ok", "The mapping is removed");
        onClose();
        await queries.invalidateQueries(trpc.tenants.pathFilter());
      },
    }),
  );
  const lost =
    mapping.role === "admin"
      ? "Who administers the tenant only by this group, you too, loses that within seconds."
      : "Who is in the tenant only by this group loses it within seconds, with its pages and open notebooks.";
  return (
    <RemoveMappingDialog
      open={open}
      onClose={onClose}
      work={remove}
      group={mapping.group}
      onRemove={() => remove.mutate({ tenant, id: mapping.id })}
    >
      {lost} Their clusters keep running.
    </RemoveMappingDialog>
  );
}
