import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Env } from "../../env.ts";
import { UserError } from "../../errors.ts";

/** What the authority lets everybody on this machine know: how hosts reach it, and how they recognise it. */
export const EnrolInfo = z.object({
  /** Null: only this machine can reach it. */
  url: z.string().nullable(),
  /** SHA-256 of its server's public key, base64, as curl takes it. */
  pin: z.string(),
  caFingerprint: z.string(),
});
export type EnrolInfo = z.infer<typeof EnrolInfo>;

/** The file in which it says so. */
export const enrolInfoFile = (env: Pick<Env, "KINDLING_RUN">): string => join(env.KINDLING_RUN, "authority", "enrol.json");

/** @throws UserError when the authority does not run, or other machines cannot reach it */
export async function reachableAuthority(env: Env): Promise<EnrolInfo & { url: string }> {
  const text = await readFile(enrolInfoFile(env), "utf8").catch(() => null);
  if (text === null)
    throw new UserError("unavailable", "The part that enrols hosts does not run yet. Try again in a moment; its log is authority.log.");
  const info = EnrolInfo.parse(JSON.parse(text));
  if (info.url === null)
    throw new UserError(
      "conflict",
      "Other machines cannot reach this platform: its enrolment listens on loopback only. Start it with KINDLING_ENROL_BIND=0.0.0.0, or with " +
        "KINDLING_ENROL_URL if hosts reach it under another address, then add the host again.",
    );
  return { ...info, url: info.url };
}

/** Why no command could be made now, in words for administrators; null: nothing is in the way. */
export async function enrolObstacle(env: Env): Promise<string | null> {
  return reachableAuthority(env).then(
    () => null,
    (error: unknown) => {
      if (error instanceof UserError) return error.message;
      throw error;
    },
  );
}

/**
 * The command for the machine that becomes a host. Everything in it is of an alphabet that no shell reads anything into. The token goes in
 * front of the script, through the pipe: everybody on that machine can read arguments, and sudo logs them.
 */
export function installCommand({ url, pin, caFingerprint }: EnrolInfo & { url: string }, token: string, again: boolean): string {
  const script = `curl -fsS --pinnedpubkey 'sha256//${pin}' -k '${url}/install'`;
  return `{ echo KINDLING_HOST_TOKEN=${token}; ${script}; } | sudo sh -s -- --ca ${caFingerprint}${again ? " --again" : ""}`;
}
