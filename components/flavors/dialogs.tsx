"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SiteFlavorView } from "../../server/services/flavors/schemas.ts";
import { questionAbout } from "../api/question.ts";
import { useTRPC } from "../api/trpc.ts";
import { AlertDialog } from "../ui/alert-dialog.tsx";
import { plural } from "../ui/format.ts";
import { notify } from "../ui/toast.tsx";
import { FlavorForm } from "./flavor-form.tsx";

export type FlavorQuestion = { verb: "create" } | { verb: "edit" | "retire" | "delete"; flavor: SiteFlavorView };

/** Everything that changes flavors; fetched when the first is asked. */
export function FlavorDialogs({ question, onClose }: { question: FlavorQuestion | null; onClose: () => void }) {
  // The last one stays while its dialog closes.
  const [last, setLast] = useState(question);
  const [asked, setAsked] = useState(0);
  if (question !== null && question !== last) {
    setLast(question);
    setAsked(asked + 1);
  }
  const verb = question?.verb ?? null;
  const about = last && last.verb !== "create" ? last.flavor : null;
  return (
    <>
      <FlavorForm key={`form ${asked}`} flavor={about} open={verb === "create" || verb === "edit"} onClose={onClose} />
      {about ? (
        <>
          <Retire flavor={about} open={verb === "retire"} onClose={onClose} />
          <Delete flavor={about} open={verb === "delete"} onClose={onClose} />
        </>
      ) : null}
    </>
  );
}

interface Props {
  flavor: SiteFlavorView;
  open: boolean;
  onClose: () => void;
}

function Retire({ flavor, open, onClose }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { retired, name } = flavor;
  const retire = useMutation(
    trpc.siteFlavors.retire.mutationOptions({
      onSuccess: async () => {
        notify("ok", retired ? `${name} is offered again` : `${name} is retired`);
        onClose();
        await queries.invalidateQueries(trpc.siteFlavors.pathFilter());
      },
    }),
  );
  const users = flavor.clusters + flavor.older;
  return (
    <AlertDialog
      {...questionAbout(retire, open, onClose)}
      title={retired ? `Offer ${name} again?` : `Retire ${name}?`}
      action={retired ? "Offer" : "Retire"}
      danger={false}
      onAction={() => retire.mutate({ flavor: flavor.slug, retired: !retired })}
    >
      {retired
        ? "New clusters can have it, as before."
        : `No new cluster gets it. ${users > 0 ? `${plural(users, "cluster")} that ${users === 1 ? "has" : "have"} it ${users === 1 ? "keeps" : "keep"} it, and can grow with it.` : "Nobody has it now."} It can be offered again.`}
    </AlertDialog>
  );
}

function Delete({ flavor, open, onClose }: Props) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(
    trpc.siteFlavors.delete.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${flavor.name} is deleted`);
        onClose();
        await queries.invalidateQueries(trpc.siteFlavors.pathFilter());
      },
    }),
  );
  const users = flavor.clusters + flavor.older;
  return (
    <AlertDialog
      {...questionAbout(remove, open, onClose)}
      title={`Delete ${flavor.name}?`}
      action="Delete"
      confirm={{ label: `Type ${flavor.slug} to delete it`, text: flavor.slug }}
      onAction={(confirm) => remove.mutate({ flavor: flavor.slug, confirm })}
    >
      <p>The size is forgotten. Tenants that offer it first offer the smallest that will do.</p>
      {users > 0 ? (
        <p className="mt-2 font-medium text-bad">
          {plural(users, "cluster")} {users === 1 ? "has" : "have"} it: retire it instead, and delete it when{" "}
          {users === 1 ? "it is" : "they are"} gone.
        </p>
      ) : null}
    </AlertDialog>
  );
}
