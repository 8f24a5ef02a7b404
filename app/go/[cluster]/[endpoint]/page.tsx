import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { api, load } from "../../../../components/api/server.ts";
import { HandoverForm } from "../../../../components/go/handover-form.tsx";
import { Waiting } from "../../../../components/go/waiting.tsx";

export const metadata: Metadata = { title: "Opening" };

interface Props {
  params: Promise<{ cluster: string; endpoint: string }>;
  searchParams: Promise<{ n?: string | string[] }>;
}

/** Between a link and a service: waits until the service answers, then hands the login over to the service's own origin. */
export default async function Go({ params, searchParams }: Props) {
  const [{ cluster, endpoint }, { n }] = await Promise.all([params, searchParams]);
  const nonce = typeof n === "string" ? n : null;
  const here = `/go/${encodeURIComponent(cluster)}/${encodeURIComponent(endpoint)}${nonce ? `?n=${encodeURIComponent(nonce)}` : ""}`;
  const call = await api();
  const view = await load(call.handover.look({ cluster, endpoint }), here);
  if (!view.ready) return <Waiting view={view} />;
  // Only the service's own origin can give this browser the nonce that the login is bound to; it sends the browser back here.
  if (!nonce) redirect(view.start);
  const { code, action } = await load(call.handover.create({ clusterId: cluster, endpoint: view.origin, nonceHash: nonce }), here);
  return <HandoverForm title={view.title} cluster={view.cluster.name} code={code} action={action} />;
}
