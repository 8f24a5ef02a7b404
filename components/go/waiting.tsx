import type { EndpointView } from "../../server/services/handover/schemas.ts";
import { Spinner } from "../ui/busy.tsx";
import { LinkButton } from "../ui/link-button.tsx";
import { Notice } from "../ui/notice.tsx";
import { GoFrame } from "./frame.tsx";
import { Refresher } from "./refresher.tsx";
import { waitingFor } from "./waiting-for.ts";

/** Why a service cannot be opened yet; continues by itself where waiting helps. */
export function Waiting({ view }: { view: EndpointView }) {
  const { title, sentence, goesOn, tone } = waitingFor(view);
  return (
    <GoFrame title={title}>
      {goesOn ? <Spinner label={sentence} /> : <Notice tone={tone}>{sentence}</Notice>}
      {goesOn ? <p>This page opens {view.title} by itself.</p> : null}
      <LinkButton href={`/t/${view.cluster.tenant}/clusters/${view.cluster.id}`}>To the cluster's page</LinkButton>
      <Refresher />
      <noscript>
        <meta httpEquiv="refresh" content="4" />
      </noscript>
    </GoFrame>
  );
}
