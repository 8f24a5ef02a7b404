import type Docker from "dockerode";

/** One line of what the engine says while it pulls, imports or builds. */
export type EngineLine = { stream?: string; status?: string; error?: string };

/** True if the engine has an image of this name. */
export async function hasImage(docker: Docker, tag: string): Promise<boolean> {
  const found = await docker.listImages({ filters: { reference: [tag] } });
  return found.length > 0;
}

/** Reads the engine's answer to its end. Throws what the engine calls an error, which it sends with status 200. */
export function finished(docker: Docker, stream: NodeJS.ReadableStream, line: (line: EngineLine) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error: Error | null, lines: EngineLine[]) => {
        const said = lines?.find((entry) => entry.error)?.error;
        if (error) reject(error);
        else if (said) reject(new Error(said));
        else resolve();
      },
      line,
    );
  });
}
