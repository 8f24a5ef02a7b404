"use client";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { megabytes, plural } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { NumberField } from "../../ui/number-field.tsx";
import { notify } from "../../ui/toast.tsx";
import { CommandFold } from "../command-text.tsx";
import { FitPanel } from "../fit/fit-panel.tsx";
import { useResizeFit } from "../fit/use-fit.ts";
import { useCluster } from "../live/cluster.tsx";
import { actionCommand } from "../model/command.ts";
import { resizeView } from "../model/resize.ts";
import { useRefresh } from "./use-verb.ts";

/** The number of workers, and what the change takes or frees. `quiet`: the heading already says "Workers". */
export function ResizeForm({ onDone, quiet = false }: { onDone?: () => void; quiet?: boolean }) {
  const { cluster, ref } = useCluster();
  const [wanted, setWanted] = useState<number | null>(cluster.workerCount);
  const [checked, setChecked] = useState(false);
  const view = resizeView(cluster, wanted);
  const fit = useResizeFit(ref, view.added > 0 ? wanted : null);
  const trpc = useTRPC();
  const refresh = useRefresh();
  const resize = useMutation(
    trpc.clusters.resize.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${cluster.name} goes to ${plural(wanted ?? 0, "worker")}`);
        onDone?.();
        await refresh();
      },
    }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (view.problem === null && wanted !== null && !resize.isPending) resize.mutate({ ...ref, workerCount: wanted });
  };
  const refusal = cluster.actions.resize.allowed ? null : (cluster.actions.resize.reason ?? "It cannot be resized now.");
  return (
    <form noValidate onSubmit={submit} className="grid gap-4">
      <Field
        label="Workers"
        quiet={quiet}
        error={checked ? view.problem : null}
        hint={`Now ${plural(cluster.workerCount, "worker")} of ${cluster.workerFlavor.name}.`}
      >
        <NumberField value={wanted} onChange={setWanted} min={0} unit="workers" />
      </Field>
      {view.added > 0 ? (
        <FitPanel
          tenant={ref.tenant}
          {...fit}
          more
          wayOut={
            typeof fit.fit?.workers === "number" ? (
              <Button size="sm" onClick={() => setWanted(fit.fit?.workers ?? null)}>
                Use {plural(fit.fit.workers, "worker")}
              </Button>
            ) : null
          }
        />
      ) : null}
      {view.removed > 0 ? (
        <Notice tone="warn" title={`${plural(view.removed, "worker")} with ${view.removed === 1 ? "its disk goes" : "their disks go"}`}>
          {view.frees.vcpus} vCPU{view.frees.gpus > 0 ? `, ${plural(view.frees.gpus, "GPU")}` : ""} and {megabytes(view.frees.memoryMb)}{" "}
          come free. Running applications lose the executors there; Spark starts them elsewhere.
        </Notice>
      ) : null}
      {refusal ? <Notice tone="off">{refusal}</Notice> : null}
      {resize.error ? (
        <Notice tone="bad" role="alert">
          {failure(resize.error).message}
        </Notice>
      ) : null}
      <div className="flex flex-wrap items-center justify-between gap-3">
        <CommandFold command={actionCommand(cluster, "resize", { workers: wanted ?? cluster.workerCount })} what="the command" />
        <Button type="submit" variant="primary" busy={resize.isPending}>
          Resize
        </Button>
      </div>
    </form>
  );
}
