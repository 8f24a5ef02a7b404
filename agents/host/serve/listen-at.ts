import { isIPv6 } from "node:net";

/** `host:port`, with IPv6 addresses in brackets, or a port alone: then on every address. */
export function parseListen(text: string): { host: string; port: number } | null {
  const parts = /^(?:(\[[0-9a-f:.]+\]|[^\s:[\]]+):)?(\d{1,5})$/i.exec(text);
  const port = Number(parts?.[2] ?? "x");
  const host = parts?.[1]?.replace(/^\[|\]$/g, "") ?? "0.0.0.0";
  if (!Number.isInteger(port) || port > 65_535 || (parts?.[1]?.startsWith("[") && !isIPv6(host))) return null;
  return { host, port };
}
