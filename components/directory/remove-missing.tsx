"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import { failure } from "../api/failure.ts";
import { useTRPC, useTRPCClient } from "../api/trpc.ts";
import { AlertDialog } from "../ui/alert-dialog.tsx";
import { plural } from "../ui/format.ts";
import { notify } from "../ui/toast.tsx";

/** The question before mappings of groups that the directory does not have are removed, one after the other. */
export function RemoveMissing({ open, onClose, mappings }: { open: boolean; onClose: () => void; mappings: readonly MappingView[] }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => {
      // The last one that makes site administrators stays, and is said when the others have gone.
      let refused: unknown = null;
      for (const { id } of mappings)
        await client.directory.removeMapping.mutate({ id }).catch((error: unknown) => {
          if (failure(error).kind !== "conflict") throw error;
          refused = error;
        });
      if (refused !== null) throw refused;
    },
    onSuccess: () => {
      notify("ok", `${plural(mappings.length, "mapping is", "mappings are")} removed`);
      onClose();
    },
    onSettled: () => queries.invalidateQueries(trpc.directory.pathFilter()),
  });
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
      error={remove.error ? failure(remove.error).message : null}
      onAction={() => remove.mutate()}
    >
      The directory of now has none of these groups, so nobody has a role by them. If you go back to a directory that has them, map them
      again.
    </AlertDialog>
  );
}
