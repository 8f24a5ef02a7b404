"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { questionAbout } from "../../api/question.ts";
import { useTRPC } from "../../api/trpc.ts";
import { AlertDialog } from "../../ui/alert-dialog.tsx";
import { Checkbox } from "../../ui/checkbox.tsx";
import { plural } from "../../ui/format.ts";
import { notify } from "../../ui/toast.tsx";
import { CommandFold } from "../command-text.tsx";
import { useCluster } from "../live/cluster.tsx";
import { actionCommand } from "../model/command.ts";
import { broughtData, masterDisk } from "../model/keep.ts";
import { Disks } from "./disks.tsx";

interface Props {
  open: boolean;
  onClose: () => void;
  /** Cancelling a first start: nothing of value exists yet, so the name is not asked for. */
  cancel?: boolean;
}

/** Delete: lists what goes with its size, offers to keep /data or to download the notebooks, asks for the name. */
export function DeleteDialog({ open, onClose, cancel = false }: Props) {
  const { cluster, ref } = useCluster();
  const disk = masterDisk(cluster);
  const brought = broughtData(cluster);
  const [chosen, setChosen] = useState<boolean | null>(null);
  const keepData = disk !== null && (chosen ?? brought);
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const remove = useMutation(
    trpc.clusters.delete.mutationOptions({
      onSuccess: async () => {
        notify(
          "ok",
          cancel ? `${cluster.name} is cancelled` : `${cluster.name} is being deleted`,
          keepData ? `${disk} stays with the tenant's volumes.` : undefined,
        );
        onClose();
        await queries.invalidateQueries({ queryKey: trpc.clusters.list.pathKey() });
        router.push(`/t/${ref.tenant}/clusters`);
      },
    }),
  );
  return (
    <AlertDialog
      {...questionAbout(remove, open, onClose)}
      title={cancel ? `Cancel the start of ${cluster.name}?` : `Delete ${cluster.name}?`}
      {...(cancel ? { dismiss: "Keep starting" } : {})}
      action={cancel ? "Cancel the start" : "Delete"}
      {...(cancel ? {} : { confirm: { label: `Type ${cluster.name} to delete it`, text: cluster.name } })}
      onAction={() => remove.mutate({ ...ref, confirm: cluster.name, keepData })}
    >
      <p>
        {cancel ? "What was made so far is removed: " : "This cannot be undone. Gone for good: "}
        {plural(cluster.nodes.length, "node")} with their addresses, and {plural(cluster.volumes.length - (keepData ? 1 : 0), "disk")} with
        everything on
        {cluster.volumes.length - (keepData ? 1 : 0) === 1 ? " it." : " them."}
      </p>
      {cluster.volumes.length > 0 ? (
        <div className="mt-3">
          <Disks cluster={cluster} kept={keepData ? disk : null} />
        </div>
      ) : null}
      {disk === null || (cancel && !brought) ? null : (
        <div className="mt-3 grid gap-3">
          <Checkbox
            checked={keepData}
            onChange={setChosen}
            label={<span className="text-text">Keep /data as a volume of the tenant</span>}
            detail={
              brought ? `${disk} was brought along when this cluster was created.` : `${disk} stays; another cluster can start with it.`
            }
          />
          {cluster.may.notebook ? (
            <a
              href={`/api/clusters/${ref.cluster}/notebooks.tar`}
              download
              className="link inline-flex min-h-6 items-center gap-1.5 justify-self-start"
            >
              <Download aria-hidden="true" className="size-4" />
              Download the notebooks first
            </a>
          ) : null}
        </div>
      )}
      <div className="mt-3">
        <CommandFold command={actionCommand(cluster, "delete", { keepData })} what="the command" />
      </div>
    </AlertDialog>
  );
}
