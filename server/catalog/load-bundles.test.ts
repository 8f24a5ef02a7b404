import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { extract } from "tar-stream";
import { buildContext } from "../../agents/images/context.ts";
import { bundlesFolder } from "../../agents/images/files.ts";
import { BundleError, loadBundles } from "./load-bundles.ts";

let folder: string;
const manifest = () => join(folder, "spark/bundle.yaml");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "kindling-bundles-"));
  await cp(join(bundlesFolder, "spark-3.5"), join(folder, "spark"), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function edit(from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(manifest(), "utf8");
  assert.notEqual(text.replace(from, to), text);
  await writeFile(manifest(), text.replace(from, to));
}

const tag = async () => (await loadBundles(folder))[0]?.imageTag;

test("the product's bundles load: Spark with Jupyter, and pristine containers", async () => {
  const bundles = await loadBundles();
  assert.deepEqual(
    bundles.map((entry) => [entry.bundle.id, entry.bundle.type]),
    [
      ["spark-3-5-jupyter", "spark"],
      ["utility", "utility"],
    ],
  );
  for (const entry of bundles) assert.match(entry.imageTag, new RegExp(`^kindling/${entry.bundle.id}:[0-9a-f]{12}$`));
  assert.deepEqual(bundles[1]?.bundle.roles.master.services, [], "a pristine container runs no service");
});

test("a manifest that cannot be used names its file and the field", async () => {
  await edit("port: 8081, path", "port: 808100, path");
  await assert.rejects(loadBundles(folder), (error) => {
    assert.ok(error instanceof BundleError);
    assert.ok(error.message.startsWith(manifest()));
    assert.match(error.message, /services\.spark-worker\.probe/);
    return true;
  });
});

test("a role that names a missing service is refused", async () => {
  await edit("services: [spark-worker]", "services: [nothing]");
  await assert.rejects(loadBundles(folder), /role worker names the service nothing/);
});

test("an endpoint that would pass for a node's terminal is refused", async () => {
  await edit("id: jupyter, title", "id: terminal-1, title");
  await assert.rejects(loadBundles(folder), /no endpoint may be called terminal-1/);
});

test("a manifest that is no YAML is refused with the line", async () => {
  await writeFile(manifest(), "id: [unclosed");
  await assert.rejects(loadBundles(folder), /bundle\.yaml: .*line 1/s);
});

test("two bundles of one id are refused", async () => {
  await cp(join(folder, "spark"), join(folder, "twin"), { recursive: true });
  await assert.rejects(loadBundles(folder), /id: spark-3-5-jupyter is already used/);
});

test("the tag follows what is in the image, not how it is described", async () => {
  const before = await tag();
  await edit(/summary: .*/, "summary: Other words.");
  assert.equal(await tag(), before);
  await writeFile(join(folder, "spark/Dockerfile"), "FROM scratch\n");
  assert.notEqual(await tag(), before);
});

test("the build context holds Dockerfile, launchers and each of the site's certificates", async () => {
  const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;
  const caBundle = `# one\n${pem("AAAA")}${pem("BBBB")}${pem("AAAA")}`;
  const modes = new Map<string, number | undefined>();
  const tar = extract();
  const entries = (async () => {
    for await (const entry of tar) {
      modes.set(entry.header.name, entry.header.mode);
      entry.resume();
    }
  })();
  (await buildContext(join(folder, "spark"), { caBundle })).pipe(tar);
  await entries;
  assert.equal(modes.get("node/bin/entrypoint"), 0o755);
  assert.ok(modes.has("Dockerfile"));
  assert.ok(!modes.has("bundle.yaml"));
  assert.deepEqual([...modes.keys()].filter((name) => name.endsWith(".crt")).sort(), ["site-ca/000.crt", "site-ca/001.crt"]);
});
