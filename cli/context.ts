import type { Command } from "commander";
import type { ClusterSummary } from "../server/services/clusters/schemas.ts";
import type { VolumeView } from "../server/services/views.ts";
import { type Api, connect } from "./client.ts";
import { target } from "./config.ts";
import { CliError, exitCodes, toCliError } from "./exit.ts";
import { note, print } from "./output.ts";

export interface Call {
  api: Api;
  url: string;
  token: string;
  json: boolean;
  tenant: string | null;
  /** Prints the result: as JSON with --json, else as these words. */
  result(value: unknown, words: string): void;
}

interface GlobalOptions {
  json?: boolean;
  tenant?: string;
}

function ended(error: unknown, url: string | null, json: boolean): void {
  const problem = toCliError(error, url);
  if (json) note(JSON.stringify({ error: { kind: problem.kind, message: problem.message } }));
  else note(`kindling: ${problem.message}`);
  process.exitCode = exitCodes[problem.kind];
}

export function isJson(command: Command): boolean {
  return command.optsWithGlobals<GlobalOptions>().json === true;
}

/** Runs a command that needs no sign-in and says by `at` which platform it talks to; whatever it throws becomes a sentence and an exit code. */
export async function guarded(command: Command, work: (at: (url: string) => void) => Promise<void>): Promise<void> {
  let url: string | null = null;
  try {
    await work((known) => {
      url = known;
    });
  } catch (error) {
    ended(error, url, isJson(command));
  }
}

/** Runs a command with the API on behalf of whoever is signed in. */
export async function withApi(command: Command, work: (call: Call) => Promise<void>): Promise<void> {
  const json = isJson(command);
  let url: string | null = null;
  try {
    const found = await target();
    url = found.url;
    if (!found.token) throw new CliError("not_signed_in", `You are not signed in at ${url}. Run "kindling login ${url}".`);
    await work({
      api: connect(url, found.token),
      url,
      token: found.token,
      json,
      tenant: command.optsWithGlobals<GlobalOptions>().tenant ?? process.env.KINDLING_TENANT ?? null,
      result: (value, words) => print(json ? JSON.stringify(value, null, 2) : words),
    });
  } catch (error) {
    ended(error, url, json);
  }
}

/** The tenant that was named, or the only one that the person has. @throws CliError when there are several */
export async function tenantOf({ api, tenant }: Call): Promise<string> {
  if (tenant) return tenant;
  const { tenants } = await api.me.get.query();
  const [only] = tenants;
  if (only && tenants.length === 1) return only.slug;
  if (!only) throw new CliError("forbidden", "You are in no tenant yet. Ask your administrator.");
  throw new CliError("bad_request", `You are in several tenants. Say which with --tenant: ${tenants.map(({ slug }) => slug).join(", ")}.`);
}

/** A cluster by its name or its id. @throws CliError not_found */
export async function findCluster({ api }: Call, tenant: string, nameOrId: string): Promise<ClusterSummary> {
  for (let cursor: string | undefined; ; ) {
    const page = await api.clusters.list.query({ tenant, scope: "all", limit: 200, ...(cursor ? { cursor } : {}) });
    const found = page.rows.find((row) => row.name === nameOrId || row.id === nameOrId);
    if (found) return found;
    if (page.next === null)
      throw new CliError("not_found", `The tenant ${tenant} has no cluster named ${nameOrId}. "kindling cluster list" shows them.`);
    cursor = page.next;
  }
}

/** A kept volume by its name or its id. @throws CliError not_found, or conflict for one that is in use */
export async function findKept({ api }: Call, tenant: string, nameOrId: string): Promise<VolumeView> {
  const rows = await api.volumes.list.query({ tenant });
  const named = rows.filter((row) => row.id === nameOrId || row.name === nameOrId);
  // A name may be a disk in use and a kept one at once: the kept one is meant.
  const found = named.find((row) => row.state === "kept");
  if (found) return found;
  const [other] = named;
  if (other)
    throw new CliError(
      "conflict",
      `The volume ${other.name} is not free: it is ${other.state === "deleting" ? "being deleted" : `in use (${other.origin})`}.`,
    );
  throw new CliError("not_found", `You have no kept volume ${nameOrId} in ${tenant}. "kindling volume list" shows them.`);
}
