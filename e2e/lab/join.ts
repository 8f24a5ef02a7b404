/** Makes a lab's host one of a real platform's, as the command that an administrator is shown would, without a service manager. */
import { join } from "node:path";
import { run } from "../../agents/host/exec.ts";
import type { Api } from "../../cli/client.ts";
import type { LabHost } from "./host.ts";

const root = join(import.meta.dirname, "..", "..");
const agentPort = 7443;

/** @param sam the API as a site administrator */
export async function joinPlatform(sam: Api, host: LabHost): Promise<void> {
  const { command } = await sam.enrolment.add.mutate({ name: host.name, address: host.address, vlanParent: "eth0" });
  const word = (pattern: RegExp): string => {
    const found = pattern.exec(command)?.[1];
    if (!found) throw new Error(`The command lacks ${pattern}: ${command}`);
    return found;
  };
  const [url, pin, token, fingerprint] = [
    /'(https:[^']+)\/install'/,
    /sha256\/\/([^']+)'/,
    /KINDLING_HOST_TOKEN=(\w[\w-]*)/,
    /--ca (\S+)/,
  ].map(word);
  const script = await run("curl", ["-ksS", `${url}/install`]);
  const ca = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(script)?.[0] ?? "";
  const { machine } = host;
  const [caFile, settings] = [join(machine.dir, "ca.pem"), join(machine.dir, "agent.env")];
  const enter = "nsenter";
  await run(enter, [...machine.enter, "tee", caFile], { input: `${ca}\n` });
  const given: Record<string, string> = {
    url: url ?? "",
    pin: pin ?? "",
    "ca-file": caFile,
    "ca-fingerprint": fingerprint ?? "",
    state: join(machine.dir, "agent"),
    run: "/run/kindling",
    settings,
    listen: `${host.address}:${agentPort}`,
  };
  const args = Object.entries(given).flatMap(([name, value]) => [`--${name}`, value]);
  await run(enter, [...machine.enter, process.execPath, join(root, "agents/host/enrol/main.ts"), ...args], { input: token });
  host.takeSettings(settings);
  await host.startAgent();
}
