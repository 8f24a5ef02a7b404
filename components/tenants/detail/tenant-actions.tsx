"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useState } from "react";
import type { TenantDetailView } from "../../../server/services/tenants/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { ShowCommand } from "../../clusters/show-command.tsx";
import { line } from "../../hosts/model/command-line.ts";
import { Button } from "../../ui/button.tsx";
import { LinkButton } from "../../ui/link-button.tsx";
import { notify } from "../../ui/toast.tsx";
import type { TenantQuestion } from "./tenant-dialogs.tsx";

const TenantDialogs = dynamic(() => import("./tenant-dialogs.tsx").then((module) => module.TenantDialogs), { ssr: false });

/** What can be done with a tenant. Resume has no victims and is done at once; the rest asks first. */
export function TenantActions({ tenant }: { tenant: TenantDetailView }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<TenantQuestion | null>(null);
  const [used, setUsed] = useState(false);
  const { slug, name, state } = tenant;
  const resume = useMutation(
    trpc.siteTenants.resume.mutationOptions({
      onSuccess: () => notify("ok", `${name} is open again`),
      onError: (error) => notify("bad", `${name} was not resumed`, failure(error).message),
      onSettled: () => queries.invalidateQueries(trpc.siteTenants.pathFilter()),
    }),
  );
  const ask = (question: TenantQuestion): void => {
    setUsed(true);
    setAsked(question);
  };
  return (
    <>
      <LinkButton href={`/t/${slug}`}>Open its pages</LinkButton>
      {state === "active" ? <Button onClick={() => ask("suspend")}>Suspend</Button> : null}
      {state === "suspended" ? (
        <Button variant="primary" busy={resume.isPending} onClick={() => resume.mutate({ tenant: slug })}>
          Resume
        </Button>
      ) : null}
      {state === "deleting" ? null : (
        <Button variant="quietDanger" onClick={() => ask("delete")}>
          Delete
        </Button>
      )}
      <ShowCommand
        commands={() => [
          { title: "Show it", command: line(["tenant", "show", slug]) },
          ...(state === "active" ? [{ title: "Suspend", command: line(["tenant", "suspend", slug, "--reason", "WHY"]) }] : []),
          ...(state === "suspended" ? [{ title: "Resume", command: line(["tenant", "resume", slug]) }] : []),
          ...(state === "deleting" ? [] : [{ title: "Delete", command: line(["tenant", "delete", slug, "--confirm", slug]) }]),
        ]}
      />
      {used ? <TenantDialogs tenant={tenant} open={asked} onClose={() => setAsked(null)} /> : null}
    </>
  );
}
