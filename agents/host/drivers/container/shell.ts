/** A terminal into a node: a login shell as an exec of the engine, and its end, which the engine leaves to whoever opened it. */
import { readlink } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type Docker from "dockerode";
import { z } from "zod";
import { HostError } from "../../../protocol/errors.ts";
import type { TerminalSize } from "../../../protocol/terminal.ts";
import { classify, statusOf } from "./classify.ts";
import type { Shell } from "./port.ts";

/** By its last argument an exec is known as ours, also to an agent that did not start it. */
const marker = "kindling-terminal";

/**
 * A login shell starts with the system's own search path; the image's programs (its Python, Spark) come first all the same. The engine's working
 * directory stays / : the home is where a node could have put a link, which the engine would follow before the process is in its container.
 */
const begin = `cd 2>/dev/null; own="$PATH" exec /bin/bash --login -c 'PATH="$own:$PATH"; unset own; exec /bin/bash'`;

/** The engine takes two keys for the wish to leave the terminal, and holds the first back: no program wants these in this order. */
const leave = "ctrl-@,ctrl-^";

/** As supervisor's services run: the node's ordinary user, whatever the node's own list of users says by now. */
const user = "1000:1000";
const environment = ["HOME=/data/home", "USER=spark", "LOGNAME=spark", "SHELL=/bin/bash", "TERM=xterm-256color", "COLORTERM=truecolor"];

const Seen = z.object({ Running: z.boolean(), Pid: z.number().default(0), ExitCode: z.number().nullable().default(null) });

/** After its hang-up a shell writes its history and tells its jobs; then it is ended. */
const hangUp: readonly (readonly [NodeJS.Signals, number])[] = [
  ["SIGHUP", 2000],
  ["SIGKILL", 4000],
];
const lookEveryMs = 50;

/** @param own ids of the execs that this process opened; the new one's is added */
export async function openShell(docker: Docker, container: string, size: TerminalSize, own: Set<string>): Promise<Shell> {
  try {
    const exec = await docker.getContainer(container).exec({
      Cmd: ["/bin/bash", "-c", begin, marker],
      User: user,
      Env: environment,
      WorkingDir: "/",
      Privileged: false,
      Tty: true,
      DetachKeys: leave,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    own.add(exec.id);
    const stream = await exec.start({ hijack: true, stdin: true, Tty: true }).catch((error: unknown) => {
      own.delete(exec.id);
      throw error;
    });
    // From now on the engine may go at any moment, and nobody else listens before the shell is handed on.
    stream.on("error", () => stream.destroy());
    const resize = async ({ columns, rows }: TerminalSize): Promise<void> => {
      // One that has just ended has no size any more.
      await exec.resize({ w: columns, h: rows }).catch(() => undefined);
    };
    // The engine answers this once the shell runs.
    await resize(size);
    return {
      stream,
      resize,
      exitCode: async () => (await ended(exec, 2000)) ?? null,
      async end() {
        await endExec(docker, container, exec);
        stream.destroy();
        own.delete(exec.id);
      },
    };
  } catch (error) {
    throw classify(error, "open a terminal in the node");
  }
}

/** Ends the shells in a container that an agent before this one left there, and nobody else's execs. Gives how many. */
export async function endLeftShells(docker: Docker, container: string, own: ReadonlySet<string>): Promise<number> {
  const Container = z.object({ ExecIDs: z.array(z.string()).nullable().default(null) });
  const Exec = z.object({ Running: z.boolean(), ProcessConfig: z.object({ arguments: z.array(z.string()).nullable().default(null) }) });
  const { ExecIDs } = Container.parse(await docker.getContainer(container).inspect());
  let count = 0;
  for (const id of ExecIDs ?? []) {
    const exec = docker.getExec(id);
    const seen = Exec.safeParse(await exec.inspect().catch(() => null)).data;
    // Asked now: one of ours may have been made while others were ended, and runs no sooner than it is known as ours.
    if (own.has(id) || !seen?.Running || seen.ProcessConfig.arguments?.at(-1) !== marker) continue;
    await endExec(docker, container, exec);
    count += 1;
  }
  return count;
}

/** Null: the exec, or its container, is gone. */
async function look(exec: Docker.Exec): Promise<z.output<typeof Seen> | null> {
  try {
    return Seen.parse(await exec.inspect());
  } catch (error) {
    if (statusOf(error) === 404 || statusOf(error) === 409) return null;
    throw classify(error, "look at the terminal");
  }
}

/** The exit code once it has ended, null when nobody can tell; undefined: it still runs after so long. */
async function ended(exec: Docker.Exec, withinMs: number): Promise<number | null | undefined> {
  const until = performance.now() + withinMs;
  for (;;) {
    const seen = await look(exec);
    if (!seen) return null;
    if (!seen.Running && seen.ExitCode !== null) return seen.ExitCode;
    if (performance.now() > until) return undefined;
    await delay(lookEveryMs);
  }
}

/** The engine keeps what an exec runs when its stream closes. @throws HostError `shell_stays` */
async function endExec(docker: Docker, container: string, exec: Docker.Exec): Promise<void> {
  for (const [signal, withinMs] of hangUp) {
    const seen = await look(exec);
    if (!seen || (!seen.Running && seen.ExitCode !== null)) return;
    if (seen.Pid > 0 && (await isInside(docker, container, seen.Pid))) kill(seen.Pid, signal);
    if ((await ended(exec, withinMs)) !== undefined) return;
  }
  throw new HostError({ code: "shell_stays", message: "A terminal's shell could not be ended. It ends with the node.", retryable: true });
}

/** It may have ended a moment ago. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/** Whether a process of this host is one of the container's: by the engine's word alone nothing is killed. */
async function isInside(docker: Docker, container: string, pid: number): Promise<boolean> {
  const first = await docker
    .getContainer(container)
    .inspect()
    .then(
      ({ State }) => State.Pid,
      (error: unknown) => {
        if (statusOf(error) === 404) return 0;
        throw classify(error, "look at the node's container");
      },
    );
  if (first <= 0) return false;
  const space = (of: number | "self"): Promise<string | null> => readlink(`/proc/${of}/ns/pid`).catch(() => null);
  const [theirs, its, ours] = await Promise.all([space(first), space(pid), space("self")]);
  return its !== null && its === theirs && its !== ours;
}
