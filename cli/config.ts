import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { CliError } from "./exit.ts";

const Saved = z.object({
  url: z.url(),
  token: z.string(),
  username: z.string().optional(),
  /** File with the authorities that sign that address's certificate. */
  ca: z.string().optional(),
});
export type Saved = z.infer<typeof Saved>;

/** Where `kindling login` keeps address and token: $XDG_CONFIG_HOME/kindling/config.json, readable by its owner only. */
export function configFile(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CONFIG_HOME || join(homedir(), ".config"), "kindling", "config.json");
}

async function read(file: string): Promise<Saved | null> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return Saved.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError("internal", `${file} is not what "kindling login" wrote. Remove it and sign in again.`, { cause });
  }
}

/** The file of authorities that was named at the sign-in, for the address of that sign-in; nothing where what was saved cannot be read. */
export async function savedCa(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const saved = await read(configFile(env)).catch(() => null);
  return env.KINDLING_URL && saved?.url !== parseUrl(env.KINDLING_URL) ? undefined : saved?.ca;
}

export async function save(saved: Saved): Promise<string> {
  const file = configFile();
  await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 });
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
  return file;
}

export async function forget(): Promise<void> {
  await rm(configFile(), { force: true });
}

export interface Target {
  url: string;
  token: string | null;
  /** True when it came from KINDLING_TOKEN, which this program did not save and must not end. */
  fromEnv: boolean;
}

const loopback = ["localhost", "127.0.0.1", "[::1]"];

/** A portal's address as people type it: the scheme may be left out. @throws CliError */
export function parseUrl(text: string): string {
  const given = /^[a-z]+:\/\//i.test(text);
  const candidates = given ? [text] : [`https://${text}`];
  const [url] = candidates.filter((one) => URL.canParse(one)).map((one) => new URL(one));
  if (!url || !/^https?:$/.test(url.protocol))
    throw new CliError("bad_request", `${text} is not an address. It looks like https://spark.example.com.`);
  if (!given && loopback.includes(url.hostname)) url.protocol = "http:";
  return url.origin;
}

/** Passwords and tokens do not go over a network in the clear. @throws CliError */
export function checkTransport(url: string): void {
  const { protocol, hostname } = new URL(url);
  if (protocol === "http:" && !loopback.includes(hostname) && !hostname.endsWith(".localhost"))
    throw new CliError(
      "bad_request",
      `${url} is not encrypted: anybody on the way could read your token. Use https, or an ssh tunnel to localhost.`,
    );
}

/** KINDLING_URL and KINDLING_TOKEN come before what was saved; the saved token goes only to the address it was made for. */
export async function target(env: NodeJS.ProcessEnv = process.env): Promise<Target> {
  const saved = env.KINDLING_URL && env.KINDLING_TOKEN ? null : await read(configFile(env));
  const url = env.KINDLING_URL ? parseUrl(env.KINDLING_URL) : saved?.url;
  if (!url)
    throw new CliError("not_signed_in", 'You are not signed in. Run "kindling login <address>", or set KINDLING_URL and KINDLING_TOKEN.');
  checkTransport(url);
  return { url, token: env.KINDLING_TOKEN ?? (saved?.url === url ? saved.token : null), fromEnv: env.KINDLING_TOKEN !== undefined };
}
