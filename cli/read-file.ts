import { readFile } from "node:fs/promises";
import { CliError } from "./exit.ts";

const reasons: Partial<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "you may not read it",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "no file has such a long name",
  ERR_INVALID_ARG_VALUE: "no file has such a name",
};

/** The text of a file that somebody named. @param option how they named it @throws CliError */
export async function readText(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    throw new CliError("bad_request", `${option}: ${JSON.stringify(file)} cannot be read: ${reasons[code] ?? code}.`, { cause });
  }
}
