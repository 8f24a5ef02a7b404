import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { bridge } from "../../server/api/bridge.ts";
import { failure } from "./failure.ts";

/** The API on behalf of whoever asks for this page; one per request. For server components only. */
export const api = cache(async () => {
  // The headers first: they tell Next that the page cannot be made while building, when there is no portal yet.
  const sent = await headers();
  return bridge().caller(sent);
});

/**
 * Waits for what a page shows: what is not there or not theirs becomes the *not found* page, a missing sign-in the sign-in page
 * (which comes back to the address asked for, or to `path` where the portal does not say it), anything else the section's error page.
 */
export async function load<T>(promise: Promise<T>, path: string): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    const { kind } = failure(error);
    if (kind === "not_found" || kind === "forbidden" || kind === "bad_request") notFound();
    if (kind === "not_signed_in") redirect(`/sign-in?next=${encodeURIComponent((await headers()).get("x-path") ?? path)}`);
    throw error;
  }
}

/** Who asks; asked once per request however many parts of the page want to know. */
export const me = cache(async () => (await api()).me.get());

/** A tenant's home figures, shared by the sidebar and the home page of one request. */
export const tenantHome = cache(async (tenant: string) => (await api()).tenants.home({ tenant }));
