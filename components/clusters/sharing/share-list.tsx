"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { User, Users } from "lucide-react";
import { useState } from "react";
import type { ShareView } from "../../../server/services/sharing/schemas.ts";
import { failure } from "../../api/failure.ts";
import { questionAbout } from "../../api/question.ts";
import { useTRPC } from "../../api/trpc.ts";
import { AlertDialog } from "../../ui/alert-dialog.tsx";
import { Button } from "../../ui/button.tsx";
import { NativeSelect } from "../../ui/native-select.tsx";
import { notify } from "../../ui/toast.tsx";
import { useCluster } from "../live/cluster.tsx";
import { levelOf, levels, shareHint, withOf } from "../model/share.ts";

/** The owner and everybody whom it is shared with, each with what they may do. */
export function ShareList({ shares }: { shares: readonly ShareView[] }) {
  const { cluster } = useCluster();
  return (
    <div>
      <h3 className="mb-1.5 font-medium">Who may do what</h3>
      <ul className="divide-y rounded-md border">
        <li className="flex min-h-11 items-center justify-between gap-3 px-3 py-1.5">
          <Name icon={User} name={cluster.owner.name} hint={cluster.owner.you ? "you" : null} />
          <span className="text-muted">Owner</span>
        </li>
        {shares.map((share) => (
          <Row key={share.id} share={share} />
        ))}
      </ul>
    </div>
  );
}

function Name({ icon: Icon, name, hint }: { icon: typeof User; name: string; hint: string | null }) {
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Icon aria-hidden="true" className="size-4 shrink-0 text-muted" />
      <span className="min-w-0">
        <span className="block truncate">{name}</span>
        {hint ? <span className="block break-words text-muted text-sm">{hint}</span> : null}
      </span>
    </span>
  );
}

function Row({ share }: { share: ShareView }) {
  const { cluster, ref } = useCluster();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const refresh = () => queries.invalidateQueries(trpc.clusters.pathFilter());
  const change = useMutation(
    trpc.clusters.share.mutationOptions({
      onSuccess: refresh,
      onError: (error) => notify("bad", "It was not changed", failure(error).message),
    }),
  );
  const remove = useMutation(
    trpc.clusters.unshare.mutationOptions({
      onSuccess: async () => {
        setAsking(false);
        notify("ok", `${cluster.name} is no longer shared with ${share.name}`);
        await refresh();
      },
    }),
  );
  return (
    <li className="flex min-h-11 flex-wrap items-center justify-between gap-x-3 gap-y-1.5 px-3 py-1.5">
      <div className="min-w-0 flex-1 basis-48">
        <Name icon={share.kind === "person" ? User : Users} name={share.name} hint={shareHint(share)} />
      </div>
      <div className="flex items-center gap-1">
        <div className="w-28">
          <NativeSelect
            label={`What ${share.name} may do`}
            value={change.isPending ? change.variables.level : share.level}
            options={levels}
            onChange={(value) => change.mutate({ ...ref, with: withOf(share), level: levelOf(value) })}
          />
        </div>
        <AlertDialog
          {...questionAbout(remove, asking, setAsking)}
          trigger={
            <Button variant="ghost">
              Remove<span className="sr-only"> {share.name}</span>
            </Button>
          }
          title={`Stop sharing ${cluster.name} with ${share.name}?`}
          action="Stop sharing"
          onAction={() => remove.mutate({ ...ref, share: share.id })}
        >
          What {share.kind === "person" ? "they have" : "its people have"} open of it closes within seconds, unless another line here lets
          them. Files and what runs stay on the cluster.
        </AlertDialog>
      </div>
    </li>
  );
}
