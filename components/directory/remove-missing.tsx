"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { MappingView } from "../../server/services/directory/schemas.ts";
import { questionAbout } from "../api/question.ts";
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
  const stays = remove.data?.stay.at(-1);
  return (
    <AlertDialog
      {...questionAbout(remove, open, onClose)}
      title={`Remove ${plural(mappings.length, "mapping")}?`}
      action="Remove"
      {...(stays ? { error: stays.why } : {})}
      onAction={() => remove.mutate({ ids: mappings.map(({ id }) => id) })}
    >
      The directory of now has none of these groups, so nobody has a role by them. If you go back to a directory that has them, map them
      again.
    </AlertDialog>
  );
}
