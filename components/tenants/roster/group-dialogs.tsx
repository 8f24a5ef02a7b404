"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { MappingView } from "../../../server/services/directory/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { useDebounced } from "../../clusters/fit/use-debounced.ts";
import { groupName, roleWords } from "../../directory/model.ts";
import { AlertDialog } from "../../ui/alert-dialog.tsx";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogClose } from "../../ui/dialog.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { Notice } from "../../ui/notice.tsx";
import { notify } from "../../ui/toast.tsx";

export type GroupQuestion = { verb: "add" } | { verb: "remove"; mapping: MappingView };

interface Props {
  tenant: string;
  question: GroupQuestion | null;
  onClose: () => void;
}

/** What changes who is in the tenant; fetched when the first is asked. */
export function GroupDialogs({ tenant, question, onClose }: Props) {
  // The last one stays while its dialog closes.
  const [last, setLast] = useState(question);
  if (question !== null && question !== last) setLast(question);
  const about = last?.verb === "remove" ? last.mapping : null;
  return (
    <>
      <Add tenant={tenant} open={question?.verb === "add"} onClose={onClose} />
      {about ? <Remove key={about.id} tenant={tenant} mapping={about} open={question?.verb === "remove"} onClose={onClose} /> : null}
    </>
  );
}

const roles = (["member", "admin"] as const).map((value) => ({ value, label: roleWords[value] }));

function Add({ tenant, open, onClose }: Omit<Props, "question"> & { open: boolean }) {
  const id = useId();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [group, setGroup] = useState("");
  const [role, setRole] = useState<"member" | "admin">("member");
  const text = useDebounced(group.includes("=") ? "" : group.trim(), 250);
  const found = useQuery({ ...trpc.tenants.groups.queryOptions({ tenant, text }), enabled: open, retry: false });
  const add = useMutation(
    trpc.tenants.addMapping.mutationOptions({
      onSuccess: async (made) => {
        notify("ok", `${groupName(made.group)} is mapped`, "It counts for whoever is signed in within seconds.");
        setGroup("");
        onClose();
        await queries.invalidateQueries(trpc.tenants.pathFilter());
      },
    }),
  );
  const refused = add.error ? failure(add.error) : null;
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
      description="Everybody in it gets the role in this tenant, also through groups that are in it."
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
        className="grid grid-cols-[minmax(0,1fr)] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const [only] = found.data ?? [];
          // A name that means one group is enough.
          const named = group.includes("=") || found.data?.length !== 1 || only === undefined ? group.trim() : only;
          if (!add.isPending) add.mutate({ tenant, group: named, role });
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
        {refused && refused.field !== "group" ? (
          <Notice tone="bad" role="alert" title="It was not mapped">
            {refused.message}
          </Notice>
        ) : null}
      </form>
    </Dialog>
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
      onAction={() => remove.mutate({ tenant, id: mapping.id })}
    >
      {lost} Their clusters keep running.
    </AlertDialog>
  );
}
