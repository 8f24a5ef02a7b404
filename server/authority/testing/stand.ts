import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { keyPin } from "../../../agents/identity/key.ts";
import { createDb } from "../../db.ts";
import { newId } from "../../ids.ts";
import { roles } from "../../platform/roles.ts";
import { asRole } from "../../platform/testing/as-role.ts";
import { startStand } from "../../portal/testing/stand.ts";
import { enrolInfoFile } from "../../services/hosts/enrol-info.ts";
import type { Bundle } from "../bundle.ts";
import { issuer } from "../issue.ts";
import { installScript } from "../script.ts";
import { createAuthority } from "../server.ts";
import { openStore } from "../store.ts";

/** A portal and a real enrolment server on one database, the latter with no more rights than in earnest. */
export async function enrolStand(bundle: () => Promise<Bundle> = async () => Promise.reject(new Error("no bundle in this test"))) {
  const stand = await startStand();
  const folder = await mkdtemp(join(tmpdir(), "kindling-authority-"));
  const { id: installation } = await stand.db.installation.findFirstOrThrow();
  const { ca, serverKey } = await openStore(folder, installation, new Date());
  /** What the authority takes for now. */
  const clock = { aheadMs: 0 };
  const now = (): Date => new Date(Date.now() + clock.aheadMs);
  const issue = issuer(ca, installation, now);
  const certificate = await issue.server(serverKey);
  const db = createDb(await asRole(stand.env.DATABASE_URL ?? "", roles.authority), 4);
  const pin = keyPin(new X509Certificate(certificate), "base64");
  const at = { url: "" };
  const server = createAuthority({
    installation,
    key: serverKey,
    certificate,
    ca: ca.certificate,
    enrol: { db, now, newId, issue: issue.host },
    settings: { KINDLING_DEBIAN_MIRROR: "http://mirror.test/debian", no_proxy: "localhost,.test" },
    bundle,
    script: (made) => installScript({ url: at.url, pin, caFingerprint: ca.fingerprint, ca: ca.certificate }, made),
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  at.url = `https://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const info = enrolInfoFile(stand.env);
  await mkdir(dirname(info), { recursive: true });
  await writeFile(info, JSON.stringify({ url: at.url, pin, caFingerprint: ca.fingerprint }));
  return {
    ...stand,
    folder,
    installation,
    ca,
    issue,
    clock,
    url: at.url,
    pin,
    info,
    /** The token in a command that was given out. */
    tokenOf: (command: string): string => /KINDLING_HOST_TOKEN=(\w[\w-]*)/.exec(command)?.[1] ?? "",
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await db.$disconnect();
      await stand.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
export type EnrolStand = Awaited<ReturnType<typeof enrolStand>>;
