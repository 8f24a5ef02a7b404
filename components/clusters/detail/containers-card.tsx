"use client";
import { DownloadAttestation } from "../../attest/download-attestation.tsx";
import { Card, CardHeader } from "../../ui/card.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { useCluster } from "../live/cluster.tsx";
import { comparedLine } from "../model/containers.ts";

/** What its containers may do, and whether they are as they were approved. */
export function ContainersCard() {
  const { cluster, ref } = useCluster();
  const { name, sudo, capabilities, withheld, outside, next } = cluster.rights;
  const compared = comparedLine(cluster.nodes);
  const rows: [string, string][] = [
    ["Capability set", `${name}: ${sudo ? "people become root inside with sudo" : "nobody becomes root"}`],
    ["Capabilities", capabilities.join(", ") || "none"],
    ...withheld.map((line): [string, string] => ["Not given", line]),
    ...(outside ? [["Outside world", `${outside}, as a site administrator said`] as [string, string]] : []),
    ...(next ? [["Next start", next] as [string, string]] : []),
  ];
  return (
    <Card aria-labelledby="containers">
      <CardHeader id="containers" title="Containers" aside={compared ? <DownloadAttestation of={ref} size="sm" /> : null} />
      <dl className="grid gap-x-6 gap-y-2 p-4 sm:grid-cols-[9rem_1fr]">
        {rows.map(([title, text]) => (
          <div key={`${title} ${text}`} className="sm:contents">
            <dt className="text-muted">{title}</dt>
            <dd className="min-w-0 break-words">{text}</dd>
          </div>
        ))}
        {compared ? (
          <div className="sm:contents">
            <dt className="text-muted">Compared</dt>
            <dd className="flex min-w-0 items-start gap-1.5">
              <StateMark state={compared.state} className="mt-0.5" />
              <span className={compared.state === "failed" ? "font-medium text-bad" : ""}>{compared.text}</span>
            </dd>
          </div>
        ) : null}
      </dl>
    </Card>
  );
}
