// `npm test`: everything up to a verdict. `npm test -- unit db` runs only those stages; `npm test -- server/planner` only those files.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { relative } from "node:path";
import { check } from "./check.mjs";
import { ensureBuild } from "./lib/build.mjs";
import { ensureClient, ensurePackages, firstImage, havePackages } from "./lib/packages.mjs";
import { env, node24, root } from "./lib/paths.mjs";
import { hostPrograms } from "./lib/programs.mjs";
import { asAdministrator } from "./lib/reachable.mjs";
import { Plain, say, sinceStart, step } from "./lib/say.mjs";
import { ensureEngine, ensurePrograms } from "./lib/system.mjs";
import { runTests, testFiles } from "./lib/tests.mjs";

const testPrograms = { ...hostPrograms, slapd: "slapd", ldapsearch: "ldap-utils", chromium: "chromium" };

/** A PostgreSQL for the tests alone; each suite makes its own database in it. */
async function startDatabase() {
  const child = spawn(node24, [`${root}/scripts/test-database.ts`], { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await Promise.race([
    once(child.stdout, "data"),
    once(child, "exit").then(() => Promise.reject(new Plain("The tests' database did not start."))),
  ]);
  const stop = async () => {
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  };
  return { url: line.toString().trim(), stop };
}

const kind = (file) => /\.(e2e|lab)\.ts$/.exec(file)?.[1] ?? /\.(docker|db)\.test\.ts$/.exec(file)?.[1] ?? "unit";

const stages = {
  unit: (files, later) => runTests(files, { timeoutMs: 120_000, later }),
  async db(files, later) {
    if (files.length === 0) return { passed: 0, failed: 0, failures: [] };
    const database = await startDatabase();
    try {
      return await runTests(files, { extra: { DATABASE_URL: database.url }, later });
    } finally {
      await database.stop();
    }
  },
  async docker(files, later) {
    const database = await startDatabase();
    try {
      return await runTests(files, { concurrency: 1, extra: { DATABASE_URL: database.url }, timeoutMs: 900_000, later });
    } finally {
      await database.stop();
    }
  },
  // Each has an installation and a pool of addresses of its own.
  e2e: (files, later) => runTests(files, { timeoutMs: 1_200_000, later }),
  // A lab may be asked for fifty rounds; each of its waits has an end of its own.
  lab: (files) => runTests(files, { concurrency: 1, timeoutMs: 14_400_000 }),
};

/** What goes on side by side: containers leave half of the machine idle while they start. */
const lanes = [["unit", "db"], ["docker"]];

/** Of these, a file at a time goes to whichever lane is free. The longest come first, so that the lanes end together. */
const shared = "e2e";
const longest = ["e2e/journey.e2e.ts", "e2e/lab/cluster.e2e.ts"];

/** Long and hungry, one after the other at the end, and only when they are asked for: `npm test -- lab`. */
const onWish = "lab";

asAdministrator("npm test", async () => {
  const words = process.argv.slice(2);
  const wanted = words.filter((word) => word in stages || word === "check");
  const paths = words.filter((word) => !wanted.includes(word));
  const runs = (stage) => (wanted.length === 0 ? paths.length > 0 || stage !== onWish : wanted.includes(stage));
  const files = (await testFiles()).filter((file) => paths.length === 0 || paths.some((path) => file.includes(path)));
  const chosen = (stage) => (runs(stage) ? files.filter((file) => kind(file) === stage) : []);
  const software = async () => {
    await step("npm packages and Node 24", ensurePackages);
    await step("database client", ensureClient);
    if (chosen(shared).length + chosen(onWish).length > 0) await step("pages", ensureBuild);
  };
  const system = async () => {
    await step("system packages (Docker Engine, firewall, disks, slapd, Chromium)", () => ensurePrograms(testPrograms));
    await step("Docker Engine", ensureEngine);
  };
  const systemReady = system();
  // A head start, as `npm start` has it: whoever needs the image finds its layers, or waits for who is at it.
  const ended = new AbortController();
  if (!havePackages() && chosen("docker").length + chosen(shared).length > 0)
    void systemReady.then(() => firstImage(ended.signal)).catch(() => undefined);
  await Promise.all([software(), systemReady]);

  const sum = { passed: 0, failed: 0, failures: [] };
  const add = ({ passed, failed, failures }) => {
    sum.passed += passed;
    sum.failed += failed;
    sum.failures.push(...failures);
  };
  if (runs("check") && paths.length === 0)
    await check().then(
      () => add({ passed: 1, failed: 0, failures: [] }),
      (error) => {
        say(error.message);
        add({ passed: 0, failed: 1, failures: [{ name: "check", why: error.message }] });
      },
    );
  const go = async (stage, some, later) => {
    const what = some.length === 1 ? some[0] : `${some.length} files`;
    say(`\n── ${stage}: ${what} (after ${sinceStart()} s)${later ? ", beside others; shown when it is done" : ""}`);
    add(await stages[stage](some, later));
    say(`\n── ${stage}: ${what}, done (after ${sinceStart()} s)`);
  };
  const queue = [...longest.filter((file) => chosen(shared).includes(file)), ...chosen(shared).filter((file) => !longest.includes(file))];
  // What is alone is shown as it goes.
  const many = lanes.filter((names) => names.some((name) => chosen(name).length > 0)).length + queue.length > 1;
  const lane = async (names, index) => {
    for (const stage of names) if (chosen(stage).length > 0) await go(stage, chosen(stage), many && index > 0);
    for (let file = queue.shift(); file; file = queue.shift()) await go(shared, [file], many);
  };
  await Promise.all(lanes.map(lane));
  if (chosen(onWish).length > 0) await go(onWish, chosen(onWish), false);
  ended.abort();
  // Once more at the end, where they are looked for: thousands of lines may lie between.
  for (const { file, name, why } of sum.failures) say(`\n✖ ${file ? `${relative(root, file)}: ` : ""}${name}\n  ${why}`);
  say(`\n${sinceStart()} s in all`);
  say(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
});
