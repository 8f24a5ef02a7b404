"use client";
import { ExternalLink } from "lucide-react";
import type { ClusterView, LinkView } from "../../../server/services/clusters/schemas.ts";
import { ActionButton } from "../../ui/action-button.tsx";
import { buttonStyle } from "../../ui/button.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { useCluster } from "../live/cluster.tsx";
import { inOrder, openLabel, openState } from "../model/links.ts";

/** The pages of a cluster. What is still coming may be clicked early: its tab shows the progress and opens itself when ready. */
export function OpenCard() {
  const { cluster } = useCluster();
  const [main, ...others] = inOrder(cluster.links);
  return (
    <Card aria-labelledby="open">
      <CardHeader id="open" title="Open" aside={shut(cluster)} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-2.5 p-4">
        {main ? <Open link={main} cluster={cluster} main /> : <p className="text-muted">{nothing(cluster)}</p>}
        {others.length > 0 ? (
          <div className="grid grid-cols-1 gap-2.5 min-[420px]:grid-cols-2">
            {others.map((link) => (
              <Open key={link.id} link={link} cluster={cluster} />
            ))}
          </div>
        ) : null}
        {cluster.sparkUrl ? (
          <div>
            <div className="flex items-center gap-2">
              <code className="min-w-0 flex-1 truncate rounded-md bg-sunken px-2.5 py-1.5 font-mono">{cluster.sparkUrl}</code>
              <CopyButton text={cluster.sparkUrl} what="Spark's address" label="Copy" />
            </div>
            <p className="mt-1.5 text-muted text-sm">From inside this tenant.</p>
          </div>
        ) : null}
      </div>
    </Card>
  );
}

/** Why nothing can be opened, in sight and not only on focus. */
function shut(cluster: ClusterView): string | null {
  const [main] = inOrder(cluster.links);
  return main && openState(main, cluster.state) === "refused" ? main.reason : null;
}

function nothing(cluster: ClusterView): string {
  if (!cluster.may.inspect)
    return `${cluster.owner.name} lets you see this cluster. Ask them to share it for use to open its notebook and pages.`;
  return cluster.type === "utility" && !cluster.may.notebook
    ? `A Utility cluster brings no pages of its own. Terminals into its nodes are for ${cluster.owner.name} and those it is shared with for use.`
    : "There is nothing to open yet.";
}

function Open({ link, cluster, main = false }: { link: LinkView; cluster: ClusterView; main?: boolean }) {
  const state = openState(link, cluster.state);
  const look = { variant: main ? "primary" : "secondary", size: main ? "lg" : "md", wide: true } as const;
  const place = main ? "" : "justify-start";
  const label = openLabel(link, state, main);
  if (state === "refused")
    return (
      <ActionButton {...look} className={place} reason={link.reason ?? "It cannot be opened now."}>
        {label}
      </ActionButton>
    );
  return (
    <a href={link.href} target="_blank" rel="noopener" className={buttonStyle({ ...look, className: place })}>
      <span className="min-w-0 truncate">{label}</span>
      {main ? null : <ExternalLink aria-hidden="true" className="ml-auto size-3.5 text-muted" />}
      <span className="sr-only">(opens in a new tab)</span>
    </a>
  );
}
