"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { AlertDialog } from "../ui/alert-dialog.tsx";
import { plural } from "../ui/format.ts";
import { notify } from "../ui/toast.tsx";

/** The question before mappings of groups that the directory does not have are removed. */
export function RemoveMissing({ open, onClose, mappings }: { open: boolean; onClose: () => void; mappings: readonly MappingView[] }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.directory.removeMissing.mutationOptions({
      onSuccess: ({ removed, stay }) => {
        // The last one that makes site administrators stays; the dialog says so.
        if (stay.length > 0) return;
        notify("ok", `${plural(removed.length, "mapping is", "mappings are")} removed`);
        onClose();
      },
      onSettled: () => queries.invalidateQueries(trpc.directory.pathFilter()),
    }),
  );
  const refused = remove.error ? failure(remove.error).message : remove.data?.stay.at(-1)?.why;
  return (
    <AlertDialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        onClose();
        remove.reset();
      }}
      title={`Remove ${plural(mappings.length, "mapping")}?`}
      action="Remove"
      busy={remove.isPending}
      error={refused ?? null}
      onAction={() => remove.mutate({ ids: mappings.map(({ id }) => id) })}
    >
      The directory of now has none of these groups, so nobody has a role by them. If you go back to a directory that has them, map them
      again.
    </AlertDialog>
  );
}
