/** A tiny image for tests: perl, dash and their libraries from this Debian machine, and a PID 1 that behaves like a node. */
import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { finished } from "../../images/engine.ts";
import { run } from "../exec.ts";

const programs = [
  "/bin/sh",
  "/bin/bash",
  "/bin/stty",
  "/bin/sleep",
  "/bin/cat",
  "/bin/ls",
  "/usr/bin/perl",
  "/bin/dd",
  "/bin/ln",
  "/bin/rm",
  "/bin/mv",
  "/usr/bin/id",
  "/bin/mkdir",
];

/** Imports the image unless the engine has it, and gives its tag. It is left there for the next run: it is named by its content. */
export async function testImage(docker: Docker): Promise<string> {
  const init = await readFile(new URL("./node-init.pl", import.meta.url));
  const tag = `kindling-test/node:${createHash("sha256").update(init).update(programs.join()).digest("hex").slice(0, 12)}`;
  if (
    await docker
      .getImage(tag)
      .inspect()
      .then(
        () => true,
        () => false,
      )
  )
    return tag;
  const tar = pack();
  const files = new Map<string, string>();
  for (const program of programs) {
    files.set(program, await realpath(program));
    for (const [, library] of (await run("ldd", [program])).matchAll(/(\/\S+) \(0x/g))
      if (library) files.set(library, await realpath(library));
  }
  const modules = "/usr/lib/x86_64-linux-gnu/perl-base";
  for (const entry of await readdir(modules, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) files.set(path, path);
    else if ((await lstat(path)).isSymbolicLink()) files.set(path, join(dirname(path), await readlink(path)));
  }
  for (const name of ["data", "etc/kindling", "run/secrets", "run/kindling", "tmp", "proc", "sys", "dev"])
    tar.entry({ name, type: "directory", mode: 0o755 });
  tar.entry({ name: "etc/passwd" }, "root:x:0:0::/:/bin/sh\nspark:x:1000:1000::/data:/bin/sh\n");
  tar.entry({ name: "etc/hosts" }, "");
  tar.entry({ name: "init.pl", mode: 0o644 }, init);
  for (const [name, source] of files) tar.entry({ name: name.slice(1), mode: 0o755 }, await readFile(source));
  tar.finalize();
  const [repo = tag, version = "latest"] = tag.split(":");
  const stream = await docker.importImage(Readable.from(tar), { repo, tag: version, changes: 'CMD ["/usr/bin/perl", "/init.pl"]' });
  await finished(docker, stream, () => undefined);
  return tag;
}
