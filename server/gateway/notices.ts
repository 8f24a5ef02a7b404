import type { Reached, Verdict } from "./access.ts";
import type { DialError } from "./dial.ts";
import type { Notice } from "./pages.ts";

export const unknownHost: Notice = {
  status: 404,
  code: "unknown_host",
  title: "No such service",
  message: "This address belongs to no service of this site. Open the service from the cluster's page.",
};

export const foreign: Notice = {
  status: 403,
  code: "foreign_origin",
  title: "Not from here",
  message: "The request came from a page of another site, so it was not passed on to the service.",
};

export const tooMany: Notice = {
  status: 429,
  code: "too_many_connections",
  title: "Too many connections",
  message: "You have very many connections to this service open. Close some of its tabs and try again.",
  retrySeconds: 5,
};

/** @param session WebSockets of this login @param person of the person, with all services */
export function tooManySockets(session: number, person: number): Notice {
  const message = `You have ${session} live connections to this service open, and ${person} to all services. Close some notebooks or terminals and try again.`;
  return { ...tooMany, code: "too_many_sockets", message };
}

export const databaseAway: Notice = {
  status: 503,
  code: "unavailable",
  title: "One moment",
  message: "The platform cannot check your sign-in because its database does not answer. Nothing of yours is affected.",
  retrySeconds: 3,
};

export const malformed: Notice = {
  status: 400,
  code: "bad_request",
  title: "Malformed request",
  message: "The request could not be understood, so it was not passed on to the service.",
};

export function signInAgain(start: string): Notice {
  return {
    status: 403,
    code: "code_refused",
    title: "This sign-in no longer counts",
    message: "A sign-in to a service works once, for 30 seconds, in the browser that asked for it. Open the service again.",
    action: { href: start, label: "Open the service again" },
  };
}

export const signedOut: Notice = {
  status: 401,
  code: "not_signed_in",
  title: "Not signed in",
  message: "Your sign-in to this service has ended. Open the service again from the cluster's page.",
};

export function notFoundNotice(portal: string): Notice {
  return {
    status: 404,
    code: "not_found",
    title: "Not found",
    message: "There is no such service here, or it is not yours to open.",
    action: { href: portal, label: "To your clusters" },
  };
}

export function notRunning(verdict: Extract<Verdict, { kind: "not-running" }>, portal: string): Notice {
  const { cluster, phase, reason } = verdict;
  const action = { href: portal, label: "To your clusters" };
  const because = reason ? ` (${reason})` : "";
  if (phase === "stopped" || phase === "stopping")
    return {
      status: 503,
      code: "cluster_stopped",
      title: `${cluster} is ${phase}`,
      message: "Its disks and addresses are kept. Start the cluster to use its services again.",
      action,
    };
  if (phase === "failed")
    return { status: 503, code: "cluster_failed", title: `${cluster} could not start`, message: reason ?? "Its page says why.", action };
  return {
    status: 503,
    code: "cluster_starting",
    title: `${cluster} is starting`,
    message: `Its services open as soon as they answer${because}.`,
    action,
    retrySeconds: 3,
  };
}

export function closed({ reason }: Extract<Verdict, { kind: "closed" }>, portal: string): Notice {
  const action = { href: portal, label: "To your clusters" };
  return { status: 403, code: "tenant_closed", title: "The services of this tenant are closed", message: reason, action };
}

/** Sealed with a key that was lost, or damaged. */
export function secretUnreadable({ cluster, title }: Reached, portal: string): Notice {
  return {
    status: 503,
    code: "secret_unreadable",
    title: `${title} cannot be opened`,
    message: `The secret of ${cluster.name} cannot be read with this site's key. What runs there goes on; the cluster's page says what helps.`,
    action: { href: portal, label: "To your clusters" },
  };
}

/** Why a service could not be reached, in terms of what the person can see. */
export function unreachable(target: Reached, error: DialError | null, portal: string): Notice {
  const { cluster, title, hostSilentSeconds } = target;
  const action = { href: portal, label: "To your clusters" };
  if (error?.kind === "host") {
    const since = hostSilentSeconds === null ? "" : ` It was last heard ${Math.round(hostSilentSeconds)} s ago.`;
    return {
      status: 502,
      code: "host_silent",
      title: "The host does not answer",
      message: `The host that runs ${cluster.name} does not answer.${since} The cluster itself may well be running.`,
      action,
      retrySeconds: 5,
    };
  }
  if (cluster.phase === "queued" || cluster.phase === "starting")
    return notRunning({ kind: "not-running", cluster: cluster.name, phase: cluster.phase, reason: cluster.reason }, portal);
  if (cluster.phase === "failed" || cluster.phase === "stopping" || cluster.phase === "stopped")
    return notRunning({ kind: "not-running", cluster: cluster.name, phase: cluster.phase, reason: cluster.reason }, portal);
  return {
    status: 502,
    code: "service_down",
    title: `${title} does not answer`,
    message: `${title} of ${cluster.name} does not answer at the moment. If it has just ended, it is being restarted.`,
    action,
    retrySeconds: 3,
  };
}

export const noApplication: Notice = {
  status: 404,
  code: "no_application",
  title: "No application is running",
  message: "Nothing is running on this cluster's Spark at the moment. Run a cell of a notebook; then its application's pages open here.",
  retrySeconds: 5,
};

/** On a terminal's origin, which has one page. */
export const noSuchPage: Notice = {
  status: 404,
  code: "not_found",
  title: "Not found",
  message: "A terminal has no such page.",
  action: { href: "/", label: "To the terminal" },
};

export function privateRedirect(title: string): Notice {
  return {
    status: 502,
    code: "private_redirect",
    title: "A link into the private network",
    message: `${title} answered with an address that only its own network can reach, so it was not followed.`,
  };
}
