/** Run by the install script: `enrol/main.ts --url … --pin … --ca-file … --ca-fingerprint … --state … --run … --settings … [--again]`, the token on standard input. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { parseListen } from "../serve/listen-at.ts";
import { enrol } from "./enrol.ts";
import { checkSettings } from "./settings.ts";
import { settle } from "./settle.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string" },
    pin: { type: "string" },
    "ca-file": { type: "string" },
    "ca-fingerprint": { type: "string" },
    state: { type: "string" },
    run: { type: "string" },
    settings: { type: "string" },
    listen: { type: "string", default: "0.0.0.0:7443" },
    again: { type: "boolean", default: false },
  },
});

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function need(name: "url" | "pin" | "ca-file" | "ca-fingerprint" | "state" | "run" | "settings"): string {
  const value = values[name];
  if (!value) throw new Error(`--${name} is missing.`);
  return value;
}

async function token(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin) text += String(chunk);
  return text.trim();
}

async function main(): Promise<void> {
  const at = parseListen(values.listen);
  if (!at) throw new Error("--listen must be an address and a port, for example 10.0.0.5:7443.");
  const state = need("state");
  const local = {
    KINDLING_AGENT_STATE: state,
    KINDLING_AGENT_RUN: need("run"),
    KINDLING_AGENT_LISTEN: values.listen,
    KINDLING_AUTHORITY_URL: need("url"),
  };
  // Before the token is used up, which happens once.
  await checkSettings(need("settings"), local);
  const { identity, fresh, settings } = await enrol(
    {
      url: need("url"),
      token: await token(),
      ca: await readFile(need("ca-file"), "utf8"),
      caFingerprint: need("ca-fingerprint"),
      pin: need("pin").replace(/^sha256\/\//, ""),
      state,
      port: at.port,
      again: values.again,
    },
    Date.now(),
  );
  const ours = { KINDLING_INSTALLATION: identity.installation, KINDLING_HOST_ID: identity.host, ...local };
  // As on the platform's own machine, builds and containers trust whom the machine trusts.
  const bundle = { KINDLING_CA_BUNDLE: "/etc/ssl/certs/ca-certificates.crt" };
  const offered = { ...settings, ...(existsSync(bundle.KINDLING_CA_BUNDLE) ? bundle : {}) };
  for (const name of await settle(need("settings"), state, identity, ours, offered))
    say(`The platform's ${name} is no plain word and was left out: set it in ${need("settings")} yourself.`);
  say(
    fresh
      ? `This machine is enrolled as host ${identity.host}.`
      : `This machine is enrolled already, as host ${identity.host}; its certificate stays.`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
