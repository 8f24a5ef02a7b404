/** The program as people start it: in another directory, with nothing of ours in the environment but what a test sets. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const program = join(import.meta.dirname, "..", "kindling.mjs");

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** @param folder its home, and where it is started */
export function programIn(folder: string) {
  return async (
    words: readonly string[],
    { env = {}, input = "" }: { env?: Record<string, string>; input?: string } = {},
  ): Promise<Ran> => {
    const child = spawn(program, words, {
      cwd: folder,
      env: { NODE_ENV: "test", PATH: process.env.PATH, HOME: folder, XDG_CONFIG_HOME: join(folder, "config"), ...env },
    });
    const read = async (stream: AsyncIterable<unknown>): Promise<string> => {
      let text = "";
      for await (const chunk of stream) text += String(chunk);
      return text;
    };
    child.stdin.end(input);
    const [out, err, [code]] = await Promise.all([read(child.stdout), read(child.stderr), once(child, "exit")]);
    return { code: Number(code), out, err };
  };
}
