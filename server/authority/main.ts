import { X509Certificate } from "node:crypto";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { keyPin } from "../../agents/identity/key.ts";
import { createDb } from "../db.ts";
import { enrolPort, hostSettings, readEnv } from "../env.ts";
import { type CertificateAnswer, RoleRequest } from "../hosts/messages.ts";
import { newId } from "../ids.ts";
import { log } from "../log.ts";
import { type EnrolInfo, enrolInfoFile } from "../services/hosts/enrol-info.ts";
import { type WebAnswer, WebRequest } from "../tls/messages.ts";
import { enrolBind, enrolUrl } from "./address.ts";
import { type Bundle, makeBundle } from "./bundle.ts";
import { issuer } from "./issue.ts";
import { installScript } from "./script.ts";
import { createAuthority } from "./server.ts";
import { authorityFolder, openStore } from "./store.ts";

const env = readEnv();
const { DATABASE_URL: databaseUrl, KINDLING_INSTALLATION: installation } = env;
if (!databaseUrl || !installation)
  throw new Error("The authority is started by the platform, which sets DATABASE_URL and KINDLING_INSTALLATION.");
const db = createDb(databaseUrl, 2);
const now = (): Date => new Date();
const folder = authorityFolder(env.KINDLING_HOME);
const { ca, serverKey } = await openStore(folder, installation, now());
const issue = issuer(ca, installation, now);
const certificate = await issue.server(serverKey);
const pin = keyPin(new X509Certificate(certificate), "base64");

// Parts ask by way of the launcher, whose channel to each of them says which one it is.
process.on("message", (message: unknown) => {
  const { data: asked } = RoleRequest.safeParse(message);
  if (!asked) return;
  const { id, role, request } = asked;
  issue
    .part(request, role)
    .then(
      (made): CertificateAnswer => ({ kind: "certificate.issued", id, installation, certificate: made, ca: ca.certificate }),
      (error: unknown): CertificateAnswer => ({
        kind: "certificate.refused",
        id,
        reason: error instanceof Error ? error.message : String(error),
      }),
    )
    .then((answer) => {
      log.info({ op: "certificate", role, outcome: answer.kind }, "certificate");
      process.send?.(answer);
    })
    .catch((error: unknown) => log.error({ err: error }, "certificate"));
});

// The launcher itself asks for what portal and gateway serve with.
process.on("message", (message: unknown) => {
  const { data: asked } = WebRequest.safeParse(message);
  if (!asked) return;
  issue
    .web(asked.request, asked.names)
    .then(
      (signed): z.infer<typeof WebAnswer> => ({ kind: "certificate.web.issued", certificate: `${signed}\n${ca.certificate}\n` }),
      (error: unknown): z.infer<typeof WebAnswer> => ({
        kind: "certificate.web.refused",
        reason: error instanceof Error ? error.message : String(error),
      }),
    )
    .then((answer) => {
      log.info({ op: "certificate.web", names: asked.names, outcome: answer.kind }, "certificate.web");
      process.send?.(answer);
    })
    .catch((error: unknown) => log.error({ err: error }, "certificate.web"));
});

let made: Promise<Bundle> | null = null;
const bundle = (): Promise<Bundle> => {
  made ??= makeBundle(join(import.meta.dirname, "..", ".."), join(folder, "bundles"));
  // A failed try, on a full disk for example, is not the last.
  made.catch(() => {
    made = null;
  });
  return made;
};
const port = enrolPort(env);
const url = enrolUrl(env);
const server = createAuthority({
  installation,
  key: serverKey,
  certificate,
  ca: ca.certificate,
  enrol: { db, now, newId, issue: issue.host },
  settings: hostSettings(),
  bundle,
  script: (of) => installScript({ url: url ?? `https://127.0.0.1:${port}`, pin, caFingerprint: ca.fingerprint, ca: ca.certificate }, of),
});
// Its own certificate is for thirty days; it may run for longer.
const renewing = setInterval(
  () => {
    issue.server(serverKey).then(
      (fresh) => server.setSecureContext({ key: serverKey, cert: fresh, ca: ca.certificate, minVersion: "TLSv1.2" }),
      (error: unknown) => log.error({ err: error }, "authority.renew"),
    );
  },
  7 * 24 * 3_600_000,
);

let stopping = false;
// "disconnect": the launcher is gone, however it ended; the next one starts an authority of its own.
for (const signal of ["SIGTERM", "SIGINT", "disconnect"] as const)
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    clearInterval(renewing);
    server.close(() => {
      db.$disconnect().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
    server.closeAllConnections();
  });

server.on("error", (error) => {
  log.fatal({ err: error, bind: enrolBind(env), port: port }, "authority.listen");
  process.exit(1);
});
server.listen(port, enrolBind(env), () => {
  const info: EnrolInfo = { url, pin, caFingerprint: ca.fingerprint };
  const file = enrolInfoFile(env);
  // For whoever is to trust what portal and gateway show, and for the command line.
  const published = writeFile(join(env.KINDLING_RUN, "authority", "ca.pem"), ca.certificate, { mode: 0o644 });
  // Nobody reads half of it.
  published
    .then(() => writeFile(`${file}.new`, JSON.stringify(info), { mode: 0o644 }))
    .then(() => rename(`${file}.new`, file))
    .then(() => {
      log.info({ bind: enrolBind(env), port: port, url }, "authority.listening");
      // The launcher waits for this word.
      process.send?.("ready");
    })
    .catch((error: unknown) => {
      log.fatal({ err: error, file }, "authority.info");
      process.exit(1);
    });
});
