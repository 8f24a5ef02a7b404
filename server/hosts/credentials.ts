import { createPrivateKey, X509Certificate } from "node:crypto";
import { makeKey } from "../../agents/identity/key.ts";
import { keepCertificate } from "../../agents/identity/renewal.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import { log } from "../log.ts";
import { backoff } from "./backoff.ts";
import { CertificateAnswer } from "./messages.ts";
import type { CredentialSource, Credentials } from "./transport.ts";

/** The channel to the launcher; a process that was not started by one has none. */
export interface Channel {
  send(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): void;
  off(event: "message", listener: (message: unknown) => void): void;
}

const firstMs = 200;
const mostMs = 30_000;
const answerMs = 10_000;
const settleMs = 60_000;
export interface KeptCredentials extends CredentialSource {
  stop(): void;
}

/**
 * Keeps a certificate of this part: asks for one at once and for the next when two thirds of its life are over, each time with a new key,
 * until it is stopped. Connections that are open stay open.
 */
export function keepCredentials(channel: Channel, now: () => number = Date.now): KeptCredentials {
  let current: Credentials | null = null;
  const stop = keepCertificate({
    certificate: () => current?.certificate ?? null,
    async renew() {
      current = await obtain(channel);
      log.info({ op: "certificate" }, "certificate");
    },
    now,
    settleMs,
    backoff: (failures) => backoff(failures, firstMs, mostMs),
    onError: (reason) => log.warn({ op: "certificate", reason }, "certificate"),
  });
  return { current: () => current, stop };
}

/** The launcher's channel of this process, or null where there is no launcher (tests, development): then only this machine is reached. */
export function launcherChannel(): Channel | null {
  if (!process.send) return null;
  return {
    send: (message) => void process.send?.(message),
    on: (event, listener) => void process.on(event, listener),
    off: (event, listener) => void process.off(event, listener),
  };
}

async function obtain(channel: Channel): Promise<Credentials> {
  const key = makeKey();
  const request = await makeRequest(key);
  const { promise, resolve, reject } = Promise.withResolvers<Credentials>();
  const listener = (message: unknown): void => {
    const { data: answer } = CertificateAnswer.safeParse(message);
    // An answer that comes after its request was given up is for another key: with that nothing could be connected until the next renewal.
    if (!answer || (answer.kind === "certificate.issued" && !isOf(answer.certificate, key))) return;
    if (answer.kind === "certificate.refused") reject(new Error(answer.reason));
    else resolve({ key, installation: answer.installation, certificate: answer.certificate, ca: answer.ca });
  };
  const patience = setTimeout(() => reject(new Error("the launcher gave no answer")), answerMs);
  channel.on("message", listener);
  channel.send({ kind: "certificate.request", request });
  return promise.finally(() => {
    clearTimeout(patience);
    channel.off("message", listener);
  });
}

function isOf(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
