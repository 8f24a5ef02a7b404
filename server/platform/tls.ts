import { readFile, stat } from "node:fs/promises";
import { makeKey } from "../../agents/identity/key.ts";
import { keepCertificate } from "../../agents/identity/renewal.ts";
import { makeRequest } from "../../agents/identity/request.ts";
import { type Env, portalOrigin, serviceOrigin, tlsMode } from "../env.ts";
import { log } from "../log.ts";
import { certificateProblems, endsSoon, type Pair } from "../tls/check.ts";
import { TlsRequest, WebAnswer } from "../tls/messages.ts";
import type { Part } from "./part.ts";

/** What the two that people reach serve with. */
type Served = "portal" | "gateway";

interface Files {
  setting: string;
  certificate: string;
  key: string;
}

const lookMs = 10_000;
const answerMs = 20_000;

/** The names that a certificate has to cover. */
export function servedNames(env: Env): Record<Served, string[]> {
  const service = new URL(serviceOrigin(env, "any", "c0000")).hostname;
  return { portal: [new URL(portalOrigin(env)).hostname], gateway: [`*.${service.slice(service.indexOf(".") + 1)}`] };
}

/** Which files which part serves with: services may have a certificate of their own. */
function filesOf(env: Env): Record<Served, Files> | null {
  const { KINDLING_TLS_CERT: certificate, KINDLING_TLS_KEY: key } = env;
  if (!certificate || !key) return null;
  const portal = { setting: "KINDLING_TLS_CERT", certificate, key };
  const { KINDLING_SERVICES_TLS_CERT: own, KINDLING_SERVICES_TLS_KEY: ownKey } = env;
  return { portal, gateway: own && ownKey ? { setting: "KINDLING_SERVICES_TLS_CERT", certificate: own, key: ownKey } : portal };
}

async function readPair({ setting, certificate, key }: Files): Promise<Pair> {
  const read = (file: string): Promise<string> =>
    readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
      throw new Error(`${setting}: ${file} cannot be read (${cause.code}).`, { cause });
    });
  return { certificate: await read(certificate), key: await read(key) };
}

/** When the files were changed last; a link to another file counts as a change. */
async function stamp({ certificate, key }: Files): Promise<string> {
  const seen = await Promise.all([certificate, key].map((file) => stat(file).catch(() => null)));
  return seen.map((one) => (one ? `${one.ino} ${one.mtimeMs} ${one.size}` : "none")).join();
}

async function checkedPair(files: Files, names: readonly string[], now: Date): Promise<Pair> {
  const pair = await readPair(files);
  const problems = certificateProblems(pair, names, now);
  if (problems.length > 0) throw new Error(problems.map((one) => `${files.setting} (${files.certificate}): ${one}.`).join("\n"));
  const soon = endsSoon(pair.certificate, now);
  if (soon) log.warn({ op: "tls", file: files.certificate }, soon);
  return pair;
}

/**
 * Has the certificates that portal and gateway serve with: the site's files, read again when they change, or ones of the installation's own
 * authority, renewed by themselves. Keys reach the parts on their channels: no account but root has to read the files.
 */
export class TlsDesk {
  private readonly env: Env;
  private readonly pairs = new Map<Served, Pair>();
  private readonly parts = new Map<Served, Pick<Part, "send" | "hear">>();
  private readonly ends: (() => void)[] = [];

  private constructor(env: Env) {
    this.env = env;
  }

  /** @throws with a sentence for each thing that is wrong with the site's files, before anything is started */
  static async open(env: Env, now: () => Date = () => new Date()): Promise<TlsDesk | null> {
    if (tlsMode(env) === "off") return null;
    const desk = new TlsDesk(env);
    const files = filesOf(env);
    if (files) await desk.followFiles(files, now);
    return desk;
  }

  private async followFiles(files: Record<Served, Files>, now: () => Date): Promise<void> {
    const names = servedNames(this.env);
    const all =
      files.portal === files.gateway
        ? [{ of: ["portal", "gateway"] as const, files: files.portal }]
        : [
            { of: ["portal"] as const, files: files.portal },
            { of: ["gateway"] as const, files: files.gateway },
          ];
    const wrong: string[] = [];
    for (const { of, files: used } of all) {
      const wanted = of.flatMap((part) => names[part]);
      const look = async (): Promise<void> => {
        const pair = await checkedPair(used, wanted, now());
        for (const part of of) this.put(part, pair);
      };
      let seen = await stamp(used);
      await look().catch((error: unknown) => wrong.push(error instanceof Error ? error.message : String(error)));
      let looking = false;
      const again = async (): Promise<void> => {
        const at = await stamp(used);
        if (at === seen) return;
        // Certificate and key are two files: what does not fit yet is looked at again until it does.
        await look();
        seen = at;
        log.info({ op: "tls.read", file: used.certificate }, "tls.read");
      };
      const timer = setInterval(() => {
        if (looking) return;
        looking = true;
        again()
          .catch((error: unknown) => log.error({ op: "tls.refused", reason: String(error) }, "the former certificate stays in use"))
          .finally(() => {
            looking = false;
          });
      }, lookMs);
      timer.unref();
      this.ends.push(() => clearInterval(timer));
    }
    if (wrong.length > 0) {
      this.stop();
      throw new Error(wrong.join("\n"));
    }
  }

  /** Tells a part what to serve with, when it asks and whenever that changes. */
  serve(part: Pick<Part, "send" | "hear">, name: Served): void {
    this.parts.set(name, part);
    part.hear((message) => {
      if (TlsRequest.safeParse(message).success) this.tell(name);
    });
  }

  /** Has the installation's own authority certify the names, where no files are set. */
  certify(authority: Pick<Part, "send" | "hear">): void {
    if (filesOf(this.env)) return;
    const names = Object.values(servedNames(this.env)).flat();
    let waiting: { resolve(certificate: string): void; reject(error: Error): void } | null = null;
    authority.hear((message) => {
      const { data: answer } = WebAnswer.safeParse(message);
      if (answer?.kind === "certificate.web.issued") waiting?.resolve(answer.certificate);
      if (answer?.kind === "certificate.web.refused") waiting?.reject(new Error(answer.reason));
    });
    let certificate: string | null = null;
    this.ends.push(
      keepCertificate({
        certificate: () => certificate,
        renew: async () => {
          const key = makeKey();
          const { promise, resolve, reject } = Promise.withResolvers<string>();
          waiting = { resolve, reject };
          const patience = setTimeout(() => reject(new Error("the authority gave no answer")), answerMs);
          if (!authority.send({ kind: "certificate.web", request: await makeRequest(key), names }))
            reject(new Error("the authority does not run yet"));
          const made = await promise.finally(() => clearTimeout(patience));
          certificate = made;
          for (const part of ["portal", "gateway"] as const) this.put(part, { certificate: made, key });
          log.info({ op: "tls.own", names }, "tls.own");
        },
        now: Date.now,
        settleMs: 60_000,
        backoff: (failures) => Math.min(250 * 2 ** failures, 30_000),
        onError: (reason) => log.warn({ op: "tls.own", reason }, "tls.own"),
      }),
    );
  }

  private put(part: Served, pair: Pair): void {
    this.pairs.set(part, pair);
    this.tell(part);
  }

  private tell(name: Served): void {
    const pair = this.pairs.get(name);
    if (pair) this.parts.get(name)?.send({ kind: "tls", ...pair });
  }

  stop(): void {
    for (const end of this.ends.splice(0)) end();
  }
}
