import { isIPv6 } from "node:net";
import { networkInterfaces } from "node:os";
import { type Env, enrolPort } from "../env.ts";

type Links = ReturnType<typeof networkInterfaces>;
type Settings = Pick<Env, "KINDLING_BIND" | "KINDLING_GATEWAY_PORT" | "KINDLING_ENROL_BIND" | "KINDLING_ENROL_PORT" | "KINDLING_ENROL_URL">;

/** Links that no other machine is behind: containers' bridges and our own segments. */
const inner = /^(lo|docker|br-|veth|kseg|kc|virbr|cni|flannel|tap|tun)/;

export const enrolBind = (env: Settings): string => env.KINDLING_ENROL_BIND ?? env.KINDLING_BIND;

/**
 * The address under which other machines reach the enrolment: KINDLING_ENROL_URL, else the one it listens on, else the machine's own first.
 * @returns null when it listens on loopback only
 */
export function enrolUrl(env: Settings, links: Links = networkInterfaces()): string | null {
  if (env.KINDLING_ENROL_URL) return new URL(env.KINDLING_ENROL_URL).origin;
  const bind = enrolBind(env);
  const at = (address: string): string => `https://${isIPv6(address) ? `[${address}]` : address}:${enrolPort(env)}`;
  if (bind === "localhost" || bind === "::1" || bind.startsWith("127.")) return null;
  if (bind !== "0.0.0.0" && bind !== "::") return at(bind);
  const own = Object.entries(links).filter(([name]) => !inner.test(name));
  const first = own.flatMap(([, addresses]) => addresses ?? []).find(({ family, internal }) => family === "IPv4" && !internal);
  return first ? at(first.address) : null;
}
