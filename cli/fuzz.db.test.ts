import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Command, type Option } from "commander";
import fc from "fast-check";
import { metacharacters } from "../server/api/testing/metacharacters.ts";
import { watchSpawns } from "../server/api/testing/spawned.ts";
import { log } from "../server/log.ts";
import { hear } from "../server/portal/testing/host.ts";
import { type Stand, startStand } from "../server/portal/testing/stand.ts";
import { exitCodes } from "./exit.ts";

const strings = Number(process.env.KINDLING_FUZZ_STRINGS ?? 600);
const seed = Number(process.env.KINDLING_FUZZ_SEED ?? Date.now() % 2 ** 31);

/** The program as it is about to read its words. */
async function theProgram(): Promise<Command> {
  const own = Command.prototype.parseAsync;
  let program: Command | null = null;
  Command.prototype.parseAsync = function (this: Command) {
    program = this;
    return Promise.resolve(this);
  };
  try {
    await import("./main.ts");
  } finally {
    Command.prototype.parseAsync = own;
  }
  assert.ok(program);
  return program;
}

/** What is written there must stay in the test's own folder. */
const namesFile = /<(file|path|folder|directory)>/;

const leaves = (command: Command): Command[] => (command.commands.length === 0 ? [command] : command.commands.flatMap(leaves));
const pathOf = (command: Command): string[] => (command.parent ? [...pathOf(command.parent), command.name()] : []);
const takesValue = (option: Option): boolean => option.required || option.optional;

describe(`strings that are trouble somewhere, in every argument and option of the program (KINDLING_FUZZ_SEED=${seed})`, () => {
  let stand: Stand;
  let spawned: ReturnType<typeof watchSpawns>;
  let folder: string;
  const atFirst = { cwd: process.cwd(), env: { ...process.env } };
  const { write } = process.stdout;
  const { fetch } = globalThis;
  const writeError = process.stderr.write;
  before(async () => {
    stand = await startStand();
    await hear(stand.db);
    folder = await mkdtemp(join(tmpdir(), "kindling-fuzz-"));
    await (await stand.as("dana")).clusters.create({ tenant: "analytics", name: "flights", workerCount: 0 });
    const own = { KINDLING_URL: stand.url, KINDLING_TOKEN: await stand.token("sam"), XDG_CONFIG_HOME: join(folder, "config") };
    Object.assign(process.env, own, { KINDLING_TENANT: "analytics" });
    process.chdir(folder);
    const answers = new Map<string, string>();
    // What commands look up first is the same each time.
    globalThis.fetch = async (input, init) => {
      const key = String(input instanceof Request ? input.url : input);
      const known = init?.method === "GET" ? answers.get(key) : undefined;
      if (known !== undefined) return new Response(known, { headers: { "content-type": "application/json" } });
      const answer = await fetch(input, init);
      if (init?.method === "GET" && answer.ok) answers.set(key, await answer.clone().text());
      return answer;
    };
    log.level = "error";
    spawned = watchSpawns();
  });
  after(async () => {
    globalThis.fetch = fetch;
    spawned.stop();
    process.chdir(atFirst.cwd);
    process.env = atFirst.env;
    await stand.stop();
    await rm(folder, { recursive: true });
  });

  it("end with a sentence and a code of their own, and start no process", { timeout: 300_000 }, async () => {
    const program = await theProgram();
    // Values that lead on to the API.
    const known: Record<string, string> = {
      ...{ cluster: "flights", tenant: "analytics", slug: "new", name: "new", host: "this-host", flavor: "small", distribution: "utility" },
      ...{ username: "dana", person: "dana", volume: "kindling-1", address: stand.url, role: "admin", group: "cn=x", timeout: "1" },
      ...{ workers: "1", days: "1", server: "ldaps://127.0.0.1:1", confirm: "other", vcpus: "1", memory: "1024", type: "spark" },
    };
    const value = (name: string): string => known[name] ?? "1";
    let said = "";
    // What is said to people goes nowhere; the runner's own reports begin with this mark.
    process.stdout.write = (chunk: string | Uint8Array, ...rest: never[]): boolean =>
      typeof chunk !== "string" && chunk[0] === 0xff ? write.call(process.stdout, chunk, ...rest) : true;
    process.stderr.write = (chunk: unknown) => {
      said += String(chunk);
      return true;
    };
    const wrong: string[] = [];
    const run = async (words: readonly string[]): Promise<void> => {
      said = "";
      process.exitCode = 0;
      await program.parseAsync(words, { from: "user" }).catch((error: unknown) => {
        if (!(error instanceof Error && "code" in error && String(error.code).startsWith("commander."))) throw error;
      });
      // "directory test" ends so as well, when the directory does not pass, and has no error to tell then.
      if ((process.exitCode === exitCodes.internal && said !== "") || /\n\s+at /.test(said))
        wrong.push(`${JSON.stringify(words).slice(0, 300)}: ${said.slice(0, 300)}`);
    };
    const places = leaves(program).flatMap((command) => {
      const args = command.registeredArguments.map((one) => one.name());
      const asked = command.options.filter((one) => one.mandatory).map((one) => `${one.long}=${value(one.attributeName())}`);
      const given = args.map(value);
      return [
        ...args.map((name, at) => ({
          likely: value(name),
          words: (text: string) => [...pathOf(command), ...asked, "--", ...given.with(at, text)],
        })),
        ...command.options.filter(takesValue).map((option) => ({
          likely: value(option.attributeName()),
          words: (text: string) => [
            ...pathOf(command),
            ...asked.filter((one) => !one.startsWith(`${option.long}=`)),
            `${option.long}=${namesFile.test(option.flags) ? text.replaceAll("/", "_") : text}`,
            "--",
            ...given,
          ],
        })),
      ];
    });
    let asked = 0;
    try {
      assert.ok(places.length > 60, `only ${places.length} places`);
      for (const [number, { likely, words }] of places.entries())
        for (const text of fc.sample(metacharacters(likely), { numRuns: Math.ceil(strings / places.length), seed: seed + number })) {
          asked += 1;
          await run(words(text));
          if (wrong.length > 30) break;
        }
    } finally {
      process.stdout.write = write;
      process.stderr.write = writeError;
      process.exitCode = 0;
    }
    assert.deepEqual(wrong, []);
    assert.ok(asked >= strings, `${asked} asked`);
    assert.deepEqual(spawned.stop(), []);
    assert.equal(existsSync("/tmp/kindling-fuzz"), false);
  });
});
