"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import type { HostDetailView } from "../../../server/services/hosts/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC, useTRPCClient } from "../../api/trpc.ts";
import { ShowCommand } from "../../clusters/show-command.tsx";
import { ActionButton } from "../../ui/action-button.tsx";
import { notify } from "../../ui/toast.tsx";
import { useHandFocus } from "../../ui/use-hand-focus.ts";
import { type HostAction, hostActions, hostCommand } from "../model/actions.ts";

const HostDialogs = dynamic(() => import("./dialogs.tsx").then((module) => module.HostDialogs), { ssr: false });

const done = {
  cordon: (name: string) => `${name} takes no new nodes`,
  activate: (name: string) => `${name} takes nodes again`,
} as const;

/** What can be done with a host. What has no consequences for users is done at once; the rest asks first. */
export function HostActions({ host }: { host: HostDetailView }) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<HostAction | null>(null);
  const [used, setUsed] = useState(false);
  // The opposite of the one that goes, and always there.
  const cordon = useRef<HTMLButtonElement>(null);
  const goes = useHandFocus(() => cordon.current);
  const act = useMutation({
    mutationFn: (verb: "cordon" | "activate") => api.hosts[verb].mutate({ host: host.name }),
    onSuccess: (_, verb) => notify("ok", done[verb](host.name)),
    onError: (error) => notify("bad", `${host.name} was not changed`, failure(error).message),
    onSettled: () => queries.invalidateQueries(trpc.hosts.pathFilter()),
  });
  return (
    <>
      {hostActions(host).map(({ id, label, reason }) =>
        (id === "lost" && host.state !== "silent") || (id === "activate" && host.mode === "active") ? null : (
          <ActionButton
            key={id}
            ref={id === "cordon" ? cordon : id === "activate" || id === "lost" ? goes : undefined}
            reason={reason}
            variant={id === "remove" || id === "lost" ? "quietDanger" : id === "activate" ? "primary" : "secondary"}
            busy={act.isPending && act.variables === id}
            onClick={() => {
              if (id === "cordon" || id === "activate") act.mutate(id);
              else {
                setUsed(true);
                setAsked(id);
              }
            }}
          >
            {label}
          </ActionButton>
        ),
      )}
      <ShowCommand
        commands={() =>
          hostActions(host)
            .filter((action) => action.reason === null)
            .map(({ id, label }) => ({
              title: label,
              command: hostCommand(host.name, id, host.copying.refusal === null ? "copy" : "keep"),
            }))
        }
      />
      {used ? <HostDialogs host={host} open={asked} onClose={() => setAsked(null)} /> : null}
    </>
  );
}
