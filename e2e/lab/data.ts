/** What nodes have on /data: written and summed up in the node itself, so that a disk which came from elsewhere is known to be the same. */
import type { Running } from "./site.ts";

/** Some of it is deleted again: what a disk gives back need not go anywhere. */
const write = (megabytes: number): string => `
import os
root = "/data/lab-copy"
os.makedirs(root, exist_ok=True)
for n in range(${megabytes}):
    with open(f"{root}/file-{n}", "wb") as out:
        out.write(os.urandom(1048576))
    if n % 4 == 3:
        os.remove(f"{root}/file-{n}")
os.symlink("file-0", f"{root}/link")
os.chown(f"{root}/file-0", 1000, 1000)
os.sync()
print("written")
`;

const sum = `
import hashlib, os
found = hashlib.sha256()
root = "/data/lab-copy"
for name in sorted(os.listdir(root)):
    path = os.path.join(root, name)
    info = os.lstat(path)
    found.update(f"{name} {info.st_mode} {info.st_uid} {info.st_gid} {info.st_size} {info.st_mtime_ns}".encode())
    if not os.path.islink(path):
        with open(path, "rb") as file:
            found.update(file.read())
print("sum", found.hexdigest())
`;

const python = async ({ host, id }: Running, program: string): Promise<string> => {
  const { code, out } = await host.exec(id, ["/opt/venv/bin/python", "-c", program], { user: "0" });
  if (code !== 0) throw new Error(out);
  return out;
};

/** Writes so many MB to each node's /data. */
export async function fillData(nodes: readonly Running[], megabytes: number): Promise<void> {
  for (const node of nodes) await python(node, write(megabytes));
}

/** A sum of each node's /data, with its name, in order. */
export async function sumsOf(nodes: readonly Running[]): Promise<string[]> {
  const sums = await Promise.all(nodes.map(async (node) => `${node.name} ${/sum (\w+)/.exec(await python(node, sum))?.[1]}`));
  return sums.sort();
}
