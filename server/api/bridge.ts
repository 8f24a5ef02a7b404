import type { NextAuthOptions } from "next-auth";
import type { Caller } from "./root.ts";

/**
 * What the portal's process lends to Next's server components. Next bundles its own copy of every module it imports, so pages
 * import only this file: the API itself, its database pool and its directory client exist once, in server/portal.
 */
export interface PortalBridge {
  /** The API on behalf of whoever sent these headers (the session cookie); the same checks as over HTTP. */
  caller(headers: Headers): Promise<Caller>;
  authOptions: NextAuthOptions;
}

const key = Symbol.for("kindling.portal");

/** @throws when called outside the portal's process. */
export function bridge(): PortalBridge {
  const found: unknown = Reflect.get(globalThis, key);
  if (!isBridge(found)) throw new Error("The portal's API is not running in this process.");
  return found;
}

function isBridge(value: unknown): value is PortalBridge {
  return typeof value === "object" && value !== null && "caller" in value && "authOptions" in value;
}

/** Called once by the portal's main. */
export function lend(portal: PortalBridge): void {
  Reflect.set(globalThis, key, portal);
}
