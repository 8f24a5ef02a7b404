/** Runs a program with an argument list, never through a shell. */
import { spawn } from "node:child_process";

/** A program that could not be started or did not end with 0. */
export class ExecError extends Error {
  readonly exitCode: number | null;
  readonly stderr: string;
  constructor(command: string, exitCode: number | null, stderr: string, options?: ErrorOptions) {
    super(`${command} ended with ${exitCode ?? "a signal"}: ${stderr.trim().slice(-500)}`, options);
    this.name = "ExecError";
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

const environment: NodeJS.ProcessEnv = {
  NODE_ENV: "production",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
};

const limit = 4 * 1024 * 1024;

/** Runs `file` and gives its standard output. `timeoutMs` (30 s unless told) kills it. Throws ExecError. */
export function run(file: string, args: readonly string[], options: { input?: string; timeoutMs?: number } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], { stdio: ["pipe", "pipe", "pipe"], env: environment });
    // Our own: Node's keeps the process alive for its whole length where the program does not even start.
    const late = setTimeout(() => child.kill(), options.timeoutMs ?? 30_000);
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      if (out.length < limit) out += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      if (err.length < limit) err += chunk;
    });
    // A program may end without reading its input; its exit code tells.
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => {
      clearTimeout(late);
      reject(new ExecError(file, null, error.message, { cause: error }));
    });
    child.on("close", (code) => {
      clearTimeout(late);
      if (code === 0) resolve(out);
      else reject(new ExecError(`${file} ${args[0] ?? ""}`, code, err));
    });
    child.stdin.end(options.input ?? "");
  });
}
