import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";
import { log } from "../log.ts";
import type { ServiceUser } from "./user.ts";

/** A part writes what it likes to its log: it must be the log, and not what a link in its place leads to. */
const append = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

export interface PartOptions {
  name: string;
  /** The program's file below the checkout. */
  entry: string;
  root: string;
  /** The Node program. */
  node: string;
  logs: string;
  env: Record<string, string>;
  /** Null: as root. Only the host agent does. */
  user: ServiceUser | null;
  /** Folder of this part's account alone, where Node keeps what it has compiled: whoever writes there decides what the part runs. */
  compiled: string;
  /** Listens on a port below 1024, which is root's unless a process has this one capability. */
  lowPort?: boolean;
}

/**
 * What keeps a part small: compiled code from the last start spares it the compiler's memory, and what a password's hash took (16 MB each)
 * goes back to the system, which glibc keeps for good unless it is told from which size on blocks are the system's.
 */
const frugal = (compiled: string) => ({ NODE_COMPILE_CACHE: compiled, MALLOC_MMAP_THRESHOLD_: "1048576" });

/** The account's own program, with the right to low ports and to nothing else that root may. */
function withLowPorts({ uid, gid }: ServiceUser, program: string): [string, string[]] {
  const only = "+net_bind_service";
  const caps = [`--inh-caps=-all,${only}`, `--ambient-caps=-all,${only}`, `--bounding-set=-all,${only}`, "--no-new-privs"];
  return ["setpriv", [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", ...caps, "--", program]];
}

/**
 * One process of the platform. It says "ready" on its IPC channel when it serves; when it dies it is started again,
 * after half a second at first and ten at most.
 */
export class Part {
  private readonly options: PartOptions;
  private child: ChildProcess | null = null;
  private stopping = false;
  private delay = 500;
  private timer: NodeJS.Timeout | null = null;
  private readonly listeners: ((message: unknown) => void)[] = [];

  constructor(options: PartOptions) {
    this.options = options;
  }

  get name(): string {
    return this.options.name;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Calls back with everything that it says on its channel, also after it was started again. */
  hear(listener: (message: unknown) => void): void {
    this.listeners.push(listener);
  }

  /** Says something on its channel. @returns false when it does not run */
  send(message: object): boolean {
    return this.child?.connected === true && this.child.send(message, () => undefined);
  }

  /** Starts it and resolves once it serves. @throws when it ends before that for the first time */
  async start(): Promise<void> {
    const child = this.spawn();
    const ready = new Promise<void>((resolve) => child.on("message", (message) => message === "ready" && resolve()));
    const ended = once(child, "exit").then(([code]) => {
      throw new Error(`${this.name} ended with ${code} while it started; see ${join(this.options.logs, `${this.name}.log`)}`);
    });
    await Promise.race([ready, ended]);
    ended.catch(() => {});
  }

  private spawn(): ChildProcess {
    const { entry, root, node, logs, env, user, name, compiled } = this.options;
    const out = openSync(join(logs, `${name}.log`), append, 0o640);
    const [program, words] = user && this.options.lowPort ? withLowPorts(user, node) : [node, []];
    let child: ChildProcess;
    try {
      child = spawn(program, [...words, join(root, entry)], {
        cwd: root,
        env: { ...env, ...frugal(compiled), NODE_ENV: "production", KINDLING_PROCESS: name },
        stdio: ["ignore", out, out, "ipc"],
        // Ctrl-C is for the launcher, which ends its parts in order.
        detached: true,
        ...(user && !this.options.lowPort ? { uid: user.uid, gid: user.gid } : {}),
      });
    } finally {
      // The child has its own.
      closeSync(out);
    }
    const calm = setTimeout(() => {
      this.delay = 500;
    }, 30_000);
    calm.unref();
    child.once("exit", (code, signal) => {
      clearTimeout(calm);
      this.ended(code, signal);
    });
    child.on("error", (error) => {
      log.error({ part: name, reason: error.message }, "part.error");
      // One that was never started says no "exit".
      if (child.pid !== undefined) return;
      clearTimeout(calm);
      this.ended(null, null);
    });
    child.on("message", (message) => {
      for (const listener of this.listeners) listener(message);
    });
    this.child = child;
    log.info({ part: name, pid: child.pid }, "part.start");
    return child;
  }

  private ended(code: number | null, signal: string | null): void {
    this.child = null;
    if (this.stopping) return;
    log.warn({ part: this.name, code, signal, again_in_ms: this.delay }, "part.end");
    this.timer = setTimeout(() => this.again(), this.delay);
    this.delay = Math.min(this.delay * 2, 10_000);
  }

  /** What keeps one part from starting, a full disk say, must not end the others. */
  private again(): void {
    try {
      this.spawn();
    } catch (error) {
      log.error({ part: this.name, reason: String(error) }, "part.error");
      this.ended(null, null);
    }
  }

  /** Asks it to end, and insists after `patience` milliseconds. */
  async stop(patience = 8000): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const { child } = this;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const insist = setTimeout(() => child.kill("SIGKILL"), patience);
    await gone;
    clearTimeout(insist);
  }
}
