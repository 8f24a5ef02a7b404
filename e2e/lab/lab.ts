/** Several hosts on this machine, each with a real engine and the real agent. Everything is removed at the end; labs may run side by side. */
import { join } from "node:path";
import Docker from "dockerode";
import { type LabHost, labHost } from "./host.ts";
import { type Machine, startMachine } from "./machine.ts";
import { fresh } from "./names.ts";
import { record, removeRemains } from "./remains.ts";
import { layWires, type Wires } from "./wires.ts";

export interface Lab {
  /** The lab's folder, which goes with it. */
  readonly dir: string;
  readonly installation: string;
  readonly hosts: readonly LabHost[];
  readonly wires: Wires;
  remove(): Promise<void>;
}

export interface LabWanted {
  readonly hosts?: number;
  readonly vlans?: readonly number[];
  /** Images of this machine's engine that the hosts' engines shall have. */
  readonly images?: readonly string[];
  /** False: the agents are not started. */
  readonly agents?: boolean;
  /** True: this machine reaches the hosts and they it. */
  readonly outside?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startLab({
  hosts: count = 2,
  vlans = [],
  images = [],
  agents = true,
  outside = false,
  env,
}: LabWanted): Promise<Lab> {
  const id = fresh(5);
  const installation = `lab${fresh(6)}`;
  await removeRemains();
  const { dir, forget } = await record(id, count);
  const wires = await layWires({ id, hosts: count, vlans, outside });
  const machines: Machine[] = [];
  const remove = async () => {
    await Promise.all(machines.map((machine) => machine.remove()));
    await wires.remove();
    await forget();
  };
  try {
    const hosts = await Promise.all(
      wires.hosts.map(async (name, k) => {
        const machine = await startMachine(name, join(dir, `h${k}`));
        machines.push(machine);
        const host = labHost({ name, address: wires.address(k), installation, machine, env });
        await host.startEngine();
        for (const tag of images) await copyImage(new Docker({ socketPath: "/var/run/docker.sock" }), host.docker, tag);
        if (agents) await host.startAgent();
        return host;
      }),
    );
    return { dir, installation, hosts, wires, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Hands an image from one engine to another as it is, without a file between. */
export async function copyImage(from: Docker, to: Docker, tag: string): Promise<void> {
  const answer = await to.loadImage(await from.getImage(tag).get());
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  if (text.includes('"error"')) throw new Error(`${tag} could not be loaded: ${text}`);
}
