import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";

interface Owned {
  uid: number;
  gid: number;
  mode: number;
}

async function give(handle: FileHandle, { uid, gid, mode }: Owned): Promise<void> {
  await handle.chown(uid, gid);
  await handle.chmod(mode);
}

/**
 * Makes a folder, or takes one that is there, and gives it its owner and mode. The folder is changed through its descriptor: a link in its
 * place, which a service user may have put there, is never followed.
 * @param adopt false: one that belongs to somebody else is refused, because its content may be theirs too
 * @throws when something else than a folder has the name
 */
export async function ownFolder(path: string, owned: Owned, adopt = true): Promise<void> {
  await mkdir(path, { recursive: true, mode: owned.mode });
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch((cause: unknown) => {
    throw new Error(`${path} is not a folder but a link or a file. Kindling did not make it so: look who did, then remove it.`, { cause });
  });
  try {
    const { uid: owner } = await folder.stat();
    if (!adopt && owner !== owned.uid)
      throw new Error(`${path} belongs to user ${owner} and not to ${owned.uid}. Kindling did not make it: look who did, then remove it.`);
    await give(folder, owned);
  } finally {
    await folder.close();
  }
}

/**
 * Gives a file its owner and mode, in the same way; one that is not there is left so.
 * @throws when something else than a file has the name, or the file has a second name elsewhere
 */
export async function ownFile(path: string, owned: Owned): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return null;
    throw new Error(`${path} is not a plain file. Kindling did not make it so: look who did, then put the original back.`, { cause });
  });
  if (!file) return;
  try {
    const seen = await file.stat();
    if (!seen.isFile() || seen.nlink !== 1)
      throw new Error(`${path} is not a plain file with one name. Kindling did not make it so: look who did, then put the original back.`);
    await give(file, owned);
  } finally {
    await file.close();
  }
}
