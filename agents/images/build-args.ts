const passedOn = [
  "PIP_INDEX_URL",
  "PIP_TRUSTED_HOST",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
] as const;

/** Proxies and package indexes of an environment, as builds get them. */
export function buildArgsOf(env: { readonly [name: string]: unknown }): Record<string, string> {
  const args: Record<string, string> = {};
  for (const name of passedOn) {
    const value = env[name];
    if (typeof value === "string" && value !== "") args[name] = value;
  }
  return args;
}
