"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useId, useState } from "react";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, DialogClose } from "../../ui/dialog.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { Notice } from "../../ui/notice.tsx";
import { RadioCards } from "../../ui/radio-cards.tsx";
import { notify } from "../../ui/toast.tsx";
import { CommandFold } from "../command-text.tsx";
import { useCluster } from "../live/cluster.tsx";
import { handOverCommand } from "../model/command.ts";
import { levels, meaning, notebookOf } from "../model/share.ts";
import { useTargets } from "./use-targets.ts";

interface Props {
  open: boolean;
  onClose: () => void;
}

const keeps = [{ value: "none" as const, label: "Nothing" }, ...levels];

/** Gives the cluster to another person of the tenant: says what goes along and what is lost. */
export function HandOverDialog({ open, onClose }: Props) {
  const id = useId();
  const { cluster, ref } = useCluster();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [text, setText] = useState("");
  const [to, setTo] = useState<string | null>(null);
  const [keep, setKeep] = useState<(typeof keeps)[number]["value"]>("none");
  const [missing, setMissing] = useState(false);
  const found = useTargets(text);
  const people = found.data?.people ?? [];
  const chosen = people.find(({ username }) => username === to) ?? null;
  const hand = useMutation(
    trpc.clusters.handOver.mutationOptions({
      onSuccess: async () => {
        notify("ok", `${cluster.name} is ${chosen?.name ?? to}'s now`);
        onClose();
        // Whoever keeps nothing has no page of it to go back to.
        if (cluster.access === "owner" && keep === "none") router.push(`/t/${ref.tenant}/clusters`);
        await queries.invalidateQueries(trpc.clusters.pathFilter());
      },
    }),
  );
  const mine = cluster.owner.you;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (next) return;
        onClose();
        hand.reset();
        setMissing(false);
      }}
      width="lg"
      title={`Hand over ${cluster.name}`}
      description={`Its new owner gets ${notebookOf(cluster) === null ? "" : "its notebooks and "}everything on its disks; it counts against their limits.`}
      footer={
        <>
          <DialogClose>Cancel</DialogClose>
          <Button type="submit" form={`${id}-form`} variant="primary" busy={hand.isPending}>
            Hand over
          </Button>
        </>
      }
    >
      <form
        id={`${id}-form`}
        noValidate
        className="grid grid-cols-[minmax(0,1fr)] gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!chosen) return setMissing(true);
          if (!hand.isPending) hand.mutate({ ...ref, to: chosen.username, keep });
        }}
      >
        <Field label="To" required error={missing && !chosen ? "Choose one of the people below; nothing has been changed." : null}>
          <Input
            type="search"
            value={text}
            maxLength={60}
            placeholder={`Search people of ${cluster.tenant.name}`}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        {people.length > 0 ? (
          <RadioCards
            label="New owner"
            value={chosen?.username ?? null}
            onChange={(next) => {
              setTo(next);
              hand.reset();
            }}
            columns={2}
            cards={people.map(({ username, name }) => ({ value: username, title: name, detail: username }))}
          />
        ) : (
          <p role="status" className="text-muted">
            {found.error ? failure(found.error).message : found.data ? "Nobody else of the tenant is found." : ""}
          </p>
        )}
        <Field
          label={mine ? "You keep" : `${cluster.owner.name} keeps`}
          hint={
            keep === "none"
              ? `${mine ? "You lose" : `${cluster.owner.name} loses`} it: what is open of it closes within seconds.`
              : `${mine ? "You" : cluster.owner.name} may ${meaning(keep, cluster)}.`
          }
        >
          <NativeSelect
            value={keep}
            options={keeps}
            onChange={(value) => setKeep(keeps.find((one) => one.value === value)?.value ?? "none")}
          />
        </Field>
        {hand.error ? (
          <Notice tone="bad" role="alert" title="It was not handed over">
            {failure(hand.error).message}
          </Notice>
        ) : null}
        <CommandFold command={handOverCommand(cluster, chosen?.username ?? "", keep)} what="the command" />
      </form>
    </Dialog>
  );
}
