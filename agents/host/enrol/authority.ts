/** Asks the platform's authority, and makes sure beforehand that it is the one that was meant. */
import { X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { z } from "zod";
import { keyPin } from "../../identity/key.ts";
import { authorityUri, uriOf } from "../../identity/names.ts";

/** The platform said no; its sentence is for people. */
export class RefusedError extends Error {}

export interface Authority {
  /** https://address:port */
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  /** SHA-256 of the server's public key in base64, where the command that an administrator was given names it. */
  readonly pin?: string | undefined;
  readonly installation?: string | undefined;
  /** What this host shows, once it has it; PEM. */
  readonly key?: string;
  readonly certificate?: string;
}

const answerMs = 30_000;
const most = 256 * 1024;

/** Sends JSON and gives the JSON of the answer. @throws RefusedError with the platform's sentence, or the connection's error */
export async function askAuthority<T extends z.ZodType>(
  { url, ca, pin, installation, key, certificate }: Authority,
  path: "/enrol" | "/renew",
  body: unknown,
  schema: T,
): Promise<z.output<T>> {
  const { hostname, port } = new URL(url);
  const text = JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || 443),
    servername: "",
    method: "POST",
    path,
    agent: false,
    ca,
    minVersion: "TLSv1.3",
    ...(key && certificate ? { key, cert: certificate } : {}),
    headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text) },
    // The chain is verified before this is asked; nothing is sent before it has answered.
    checkServerIdentity: (_name, { raw }) => stranger(new X509Certificate(raw), pin, installation),
  });
  asked.setTimeout(answerMs, () => asked.destroy(new Error(`${url} gave no answer in ${answerMs / 1000} s.`)));
  asked.once("response", resolve);
  asked.once("error", reject);
  asked.end(text);
  const answer = await promise;
  const parsed = parseJson(await textOf(answer));
  if (answer.statusCode === 200) return schema.parse(parsed);
  const refusal = z.object({ message: z.string() }).safeParse(parsed);
  throw new RefusedError(refusal.data?.message ?? `${url} answered ${answer.statusCode}.`);
}

function stranger(shown: X509Certificate, pin: string | undefined, installation: string | undefined): Error | undefined {
  const uri = uriOf(shown) ?? "";
  if (installation ? uri !== authorityUri(installation) : !/^kindling:\/\/[a-z0-9]+\/authority$/.test(uri))
    return new Error("What answers there is not the platform's authority.");
  if (pin && keyPin(shown, "base64") !== pin)
    return new Error("What answers there has another key than the command says. Nothing was sent to it.");
  return undefined;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  let text = "";
  answer.setEncoding("utf8");
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.length > most) throw new Error("The answer is too long.");
  }
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
