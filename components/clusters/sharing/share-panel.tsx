"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { ShareWith } from "../../../server/services/sharing/schemas.ts";
import { failure } from "../../api/failure.ts";
import { useTRPC } from "../../api/trpc.ts";
import { Busy } from "../../ui/busy.tsx";
import { Button } from "../../ui/button.tsx";
import { Field, Input } from "../../ui/field.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { Notice } from "../../ui/notice.tsx";
import { notify } from "../../ui/toast.tsx";
import { CommandFold } from "../command-text.tsx";
import { useCluster } from "../live/cluster.tsx";
import { shareCommand } from "../model/command.ts";
import { candidates, levelOf, levels, meaning, notebookOf, togetherWords } from "../model/share.ts";
import { ShareList } from "./share-list.tsx";
import { useTargets } from "./use-targets.ts";

/** A search for people, groups and roles of the tenant, and below it who may do what now. */
export function SharePanel() {
  const { cluster, ref } = useCluster();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [level, setLevel] = useState(levelOf("use"));
  const found = useTargets(text);
  const shares = useQuery(trpc.clusters.shares.queryOptions(ref));
  const share = useMutation(
    trpc.clusters.share.mutationOptions({
      onSuccess: async () => {
        setText("");
        notify("ok", `${cluster.name} is shared`);
        await queries.invalidateQueries(trpc.clusters.pathFilter());
      },
    }),
  );
  const offered = found.data && shares.data ? candidates(found.data, shares.data) : [];
  const refused = share.error ? failure(share.error).message : null;
  const give = (who: ShareWith): void => {
    if (!share.isPending) share.mutate({ ...ref, with: who, level });
  };
  const [first] = offered;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <form
        noValidate
        className="grid grid-cols-[minmax(0,1fr)] gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          // A text that means one of them is enough.
          if (first && offered.length === 1 && text.trim() !== "") give(first.with);
        }}
      >
        <div className="grid grid-cols-1 gap-3 sm:grid-cols-[minmax(0,1fr)_10rem]">
          <Field label="People and groups" hint={`Everybody who signed in to ${cluster.tenant.name}, and the groups that they are in.`}>
            <Input
              type="search"
              value={text}
              maxLength={60}
              placeholder="Search by name"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => {
                share.reset();
                setText(event.target.value);
              }}
            />
          </Field>
          <Field label="They may">
            <NativeSelect value={level} options={levels} onChange={(value) => setLevel(levelOf(value))} />
          </Field>
        </div>
        <p className="-mt-1 text-muted text-sm">They may {meaning(level, cluster)}.</p>
        <div aria-busy={found.isFetching}>
          <p role="status" className={offered.length > 0 ? "sr-only" : "text-muted text-sm"}>
            {found.error ? failure(found.error).message : found.data && shares.data ? countWords(offered.length, text) : ""}
          </p>
          {offered.length > 0 ? (
            <ul aria-label="Found" className="max-h-56 divide-y overflow-y-auto rounded-md border">
              {offered.map((one) => (
                <li key={one.key} className="flex min-h-10 items-center justify-between gap-3 px-3 py-1">
                  <span className="min-w-0 truncate">
                    {one.name} <span className="text-muted text-sm">{one.hint}</span>
                  </span>
                  <Button
                    size="sm"
                    aria-label={`Share with ${one.name}`}
                    busy={share.isPending && share.variables.with === one.with}
                    onClick={() => give(one.with)}
                  >
                    Share
                  </Button>
                </li>
              ))}
            </ul>
          ) : null}
        </div>
        {refused ? (
          <Notice tone="bad" role="alert" title="It was not shared">
            {refused}
          </Notice>
        ) : null}
      </form>
      {shares.data ? (
        <ShareList shares={shares.data} />
      ) : shares.error ? (
        <Notice tone="bad" title="The list could not be read" action={<Button onClick={() => void shares.refetch()}>Try again</Button>}>
          {failure(shares.error).message}
        </Notice>
      ) : (
        <p className="flex items-center gap-2 text-muted">
          <Busy /> Reading who may use it
        </p>
      )}
      <p className="text-muted text-sm">
        {togetherWords(cluster, cluster.owner.you ? "you" : cluster.owner.name)} Its size counts against its owner's limits, whoever manages
        it. Administrators of {cluster.tenant.name} may do everything with it, but open its{" "}
        {notebookOf(cluster) === null ? "terminals" : "notebook and terminals"} only when it is shared with them.
      </p>
      <CommandFold command={shareCommand(cluster, first?.with ?? { kind: "role", role: "member" }, level)} what="the command" />
    </div>
  );
}

function countWords(n: number, text: string): string {
  if (n > 0) return n === 1 ? "1 found" : `${n} found`;
  return text.trim() === "" ? "It is shared with everybody who can be found." : "Nobody is found who does not have it already.";
}
