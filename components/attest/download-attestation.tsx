"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { AttestationView } from "../../server/services/attest/schemas.ts";
import { failure } from "../api/failure.ts";
import { useTRPC } from "../api/trpc.ts";
import { Button } from "../ui/button.tsx";
import { plural } from "../ui/format.ts";
import { notify } from "../ui/toast.tsx";

/** Whose containers. */
export type Attested = { tenant: string; cluster: string } | { tenant: string } | "site";

/** Asks every host to compare its containers now, and saves what they answer as a file. */
export function DownloadAttestation({ of, size }: { of: Attested; size?: "sm" }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const made = useMutation({
    mutationFn: (): Promise<AttestationView> => {
      if (of === "site") return queries.fetchQuery({ ...trpc.site.attestation.queryOptions(), staleTime: 0 });
      return "cluster" in of
        ? queries.fetchQuery({ ...trpc.clusters.attestation.queryOptions(of), staleTime: 0 })
        : queries.fetchQuery({ ...trpc.tenants.attestation.queryOptions(of), staleTime: 0 });
    },
    onSuccess: (view) => {
      save(view);
      const { compared, differing, notCompared } = view.containers;
      const words = [
        plural(compared, "container"),
        differing > 0 ? `${differing} not as approved` : "all as approved",
        ...(notCompared > 0 ? [`${notCompared} could not be compared`] : []),
      ];
      notify(differing + notCompared > 0 ? "bad" : "ok", `Attestation: ${words.join(", ")}`);
    },
    onError: (error) => notify("bad", failure(error).message),
  });
  return (
    <Button variant="secondary" {...(size ? { size } : {})} busy={made.isPending} onClick={() => made.mutate()}>
      <Download aria-hidden="true" className="size-4" />
      Attestation
    </Button>
  );
}

function save(view: AttestationView): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(view, null, 2)}\n`], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `attestation-${view.about.replaceAll(/[^a-z0-9]+/gi, "-")}-${view.madeAt.slice(0, 19).replaceAll(":", "")}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
