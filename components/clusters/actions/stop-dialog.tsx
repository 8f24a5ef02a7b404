"use client";
import { AlertDialog } from "../../ui/alert-dialog.tsx";
import { plural } from "../../ui/format.ts";
import { CommandFold } from "../command-text.tsx";
import { useCluster } from "../live/cluster.tsx";
import { actionCommand } from "../model/command.ts";
import { list } from "../model/format.ts";
import { useVerb } from "./use-verb.ts";

interface Props {
  open: boolean;
  onClose: () => void;
}

/** Stop: says what ends and what stays. */
export function StopDialog({ open, onClose }: Props) {
  const { cluster } = useCluster();
  const stop = useVerb("stop", onClose);
  const running = cluster.applications.map((application) => application.name);
  return (
    <AlertDialog
      open={open}
      onOpenChange={(next) => next || onClose()}
      title={`Stop ${cluster.name}?`}
      action="Stop"
      danger={false}
      busy={stop.isPending}
      onAction={() => stop.mutate()}
    >
      <p>
        {plural(cluster.nodes.length, "node")} and their services end.
        {running.length > 0 ? ` With them ${running.length === 1 ? "ends the application" : "end the applications"} ${list(running)}.` : ""}
      </p>
      <p className="mt-2">
        <strong className="font-medium text-text">What stays:</strong> every disk with its notebooks and files, every name and address.
        Start brings them back.
      </p>
      <div className="mt-3">
        <CommandFold command={actionCommand(cluster, "stop")} what="the command" />
      </div>
    </AlertDialog>
  );
}
