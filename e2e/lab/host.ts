/** A lab's host: the machine with its engine and the agent of this project. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { join } from "node:path";
import Docker from "dockerode";
import { callSocket } from "../../agents/host/testing/stack.ts";
import { label } from "../../agents/protocol/labels.ts";
import { HostObservation } from "../../agents/protocol/observed.ts";
import type { HostSpec } from "../../agents/protocol/spec.ts";
import type { Machine } from "./machine.ts";

export interface LabHost {
  readonly name: string;
  readonly address: string;
  readonly machine: Machine;
  readonly docker: Docker;
  /** The agent's socket for the reconciler. */
  readonly socket: string;
  startEngine(): Promise<void>;
  /** A clean end, which stops its containers. */
  stopEngine(): Promise<void>;
  startAgent(): Promise<void>;
  stopAgent(): Promise<void>;
  /** From now on the agent is started with this file of settings, which enrolling wrote: it is a platform's, and no longer the test's own. */
  takeSettings(file: string): void;
  /** As when somebody pulls the mains; the wires stay plugged. */
  powerOff(): Promise<void>;
  /** Starts what a machine starts by itself when it has power again. */
  powerOn(): Promise<void>;
  put(spec: HostSpec): Promise<void>;
  /** Waits for a picture that satisfies the condition; looks at each as it comes. */
  until(what: string, condition: (o: HostObservation) => boolean, patienceMs?: number): Promise<HostObservation>;
  /** Runs a program in a node. */
  exec(node: string, command: readonly string[], wanted?: Exec): Promise<{ code: number; out: string }>;
  /** Starts a program in a node that says "listening" once others may speak to it. Waits for that; `heard` is all that it said when it has ended. */
  listen(node: string, command: readonly string[]): Promise<{ heard: Promise<string> }>;
}

export interface Exec {
  readonly user?: string;
  readonly env?: readonly string[];
  /** Called with what it says as it says it. */
  readonly says?: (text: string) => void;
}

const root = join(import.meta.dirname, "..", "..");

export interface HostWanted {
  readonly name: string;
  readonly address: string;
  readonly installation: string;
  readonly machine: Machine;
  /** Settings of the agent beside those that make it this host's. */
  readonly env?: Readonly<Record<string, string>>;
}

export function labHost({ name, address, installation, machine, env }: HostWanted): LabHost {
  const docker = new Docker({ socketPath: join(machine.run, "docker.sock") });
  const socket = join(machine.run, "kindling", "reconciler.sock");
  let engine: ChildProcess | null = null;
  let agent: ChildProcess | null = null;
  let file: string | null = null;

  async function end(child: ChildProcess | null): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }

  const host: LabHost = {
    name,
    address,
    machine,
    docker,
    socket,
    async startEngine() {
      const data = join(machine.dir, "data");
      const args = ["--data-root", data, "--exec-root", "/run/docker", "--pidfile", "/run/docker.pid", "--host", "unix:///run/docker.sock"];
      engine = await machine.start("engine", "dockerd", [...args, "--cgroup-parent", `/${name}`]);
      await answers(`the engine of ${name}`, () => docker.ping());
    },
    async stopEngine() {
      await end(engine);
      engine = null;
    },
    async startAgent() {
      const settings = file === null ? [] : [`--env-file=${file}`];
      const own = {
        NODE_ENV: "production",
        KINDLING_INSTALLATION: installation,
        KINDLING_HOST_ID: name,
        KINDLING_AGENT_STATE: join(machine.dir, "agent"),
        KINDLING_AGENT_RUN: "/run/kindling",
        KINDLING_LOG_LEVEL: "info",
      };
      const main = join(root, "agents/host/main.ts");
      agent = await machine.start("agent", process.execPath, [...settings, main], { ...(file === null ? own : {}), ...env });
      await answers(`the agent of ${name}`, () => callSocket(socket, "GET", "/"));
    },
    takeSettings(next) {
      file = next;
    },
    async powerOff() {
      await machine.powerOff();
      [engine, agent] = [null, null];
    },
    async powerOn() {
      await host.startEngine();
      await host.startAgent();
    },
    async stopAgent() {
      await end(agent);
      agent = null;
    },
    async put(spec) {
      const { status, body } = await callSocket(socket, "PUT", "/v1/spec", spec);
      if (status !== 200) throw new Error(`${name} refuses its spec: ${body}`);
    },
    until: (what, condition, patienceMs = 90_000) => waitFor(socket, `${what} on ${name}`, condition, patienceMs),
    async exec(node, command, { user, env: given = [], says } = {}) {
      const [container] = await docker.listContainers({ filters: { label: [`${label.node}=${node}`] } });
      if (!container) throw new Error(`${node} does not run on ${name}`);
      const options = { Cmd: [...command], Env: [...given], ...(user === undefined ? {} : { User: user }) };
      const exec = await docker.getContainer(container.Id).exec({ ...options, AttachStdout: true, AttachStderr: true, Tty: true });
      let out = "";
      for await (const chunk of await exec.start({ Tty: true })) {
        out += String(chunk);
        says?.(String(chunk));
      }
      return { code: (await exec.inspect()).ExitCode ?? -1, out: out.replaceAll("\r\n", "\n") };
    },
    listen(node, command) {
      let said = "";
      return new Promise((resolve, reject) => {
        const heard = host
          .exec(node, command, {
            says: (text) => {
              said += text;
              if (said.includes("listening")) resolve({ heard });
            },
          })
          .then(({ out }) => out.replace("listening\n", ""));
        heard.then((out) => reject(new Error(`It ended before it listened: ${out}`)), reject);
      });
    },
  };
  return host;
}

/** Asks until there is an answer, for a minute. */
export async function answers(what: string, ask: () => Promise<unknown>): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    const failed = await ask().then(
      () => null,
      (error: unknown) => error,
    );
    if (failed === null) return;
    if (Date.now() > end) throw new Error(`${what} does not answer`, { cause: failed });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function waitFor(
  socketPath: string,
  what: string,
  condition: (o: HostObservation) => boolean,
  patienceMs: number,
): Promise<HostObservation> {
  return new Promise((resolve, reject) => {
    let last = "nothing";
    const fail = () => reject(new Error(`${what} did not come about; last picture: ${last.slice(0, 6000)}`));
    const req = request({ socketPath, path: "/v1/observe", signal: AbortSignal.timeout(patienceMs) }, (res) => {
      let rest = "";
      res.setEncoding("utf8").on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          last = line;
          const seen = HostObservation.parse(JSON.parse(line));
          if (!condition(seen)) continue;
          resolve(seen);
          req.destroy();
        }
      });
      res.on("error", fail);
      res.on("end", fail);
    });
    req.on("error", fail);
    req.end();
  });
}
