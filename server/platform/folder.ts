import { constants } from "node:fs";
import { mkdir, open } from "node:fs/promises";

interface Owned {
  uid: number;
  gid: number;
  mode: number;
}

/**
 * Makes a folder, or takes one that is there, and gives it its owner and mode. The folder is changed through its descriptor: a link in its
 * place, which the service user may have put there, is never followed.
 * @param adopt false: one that belongs to somebody else is refused, because its content may be theirs too
 * @throws when something else than a folder has the name
 */
export async function ownFolder(path: string, { uid, gid, mode }: Owned, adopt = true): Promise<void> {
  await mkdir(path, { recursive: true, mode });
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch((cause: unknown) => {
    throw new Error(`${path} is not a folder but a link or a file. Kindling did not make it so: look who did, then remove it.`, { cause });
  });
  try {
    const { uid: owner } = await folder.stat();
    if (!adopt && owner !== uid)
      throw new Error(`${path} belongs to user ${owner} and not to ${uid}. Kindling did not make it: look who did, then remove it.`);
    await folder.chown(uid, gid);
    await folder.chmod(mode);
  } finally {
    await folder.close();
  }
}
