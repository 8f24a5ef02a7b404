import type { EndpointView } from "../../server/services/handover/schemas.ts";

export interface WaitingWords {
  title: string;
  sentence: string;
  /** It comes by itself; otherwise somebody has to do something. */
  goesOn: boolean;
  tone: "bad" | "off" | "warn";
}

/** What a person is told about a service that does not answer yet. */
export function waitingFor({ cluster, title, phase, reason }: Pick<EndpointView, "cluster" | "title" | "phase" | "reason">): WaitingWords {
  const { name } = cluster;
  const because = reason ? `: ${reason}` : "";
  switch (phase) {
    case "stopped":
    case "stopping":
      return {
        title: `${name} is ${phase}`,
        sentence: `Its disks and addresses are kept. Start it on its page; then ${title} opens here.`,
        goesOn: false,
        tone: "off",
      };
    case "failed":
      return { title: `${name} could not start`, sentence: reason ?? "Its page says why and offers Retry.", goesOn: false, tone: "bad" };
    case "suspended":
      return { title: `${title} of ${name} is closed`, sentence: reason ?? "Its tenant is suspended.", goesOn: false, tone: "off" };
    case "deleting":
      return { title: `${name} is being deleted`, sentence: `${title} is gone with it.`, goesOn: false, tone: "off" };
    case "unknown":
      return {
        title: `${name} cannot be seen`,
        sentence: reason ?? "Its host does not answer. The cluster may well be running.",
        goesOn: true,
        tone: "warn",
      };
    case "ready":
    case "degraded":
      return { title: `${title} of ${name} does not answer yet`, sentence: `${title} is starting${because}`, goesOn: true, tone: "warn" };
    default:
      return { title: `${name} is starting`, sentence: `${title} opens as soon as it answers${because}`, goesOn: true, tone: "warn" };
  }
}
