/** What follows an enrolment: the agent's settings. Whatever fails here is repaired by the same command, which needs no second token. */
import { type Identity, identityDir, saveIdentity } from "./identity.ts";
import { isPlain, writeSettings } from "./settings.ts";

type Settings = Readonly<Record<string, string>>;

/**
 * Writes the settings; what the platform said is kept with the identity until it is in them.
 * @returns names of the platform's settings that such a file cannot hold, and that are left out
 */
export async function settle(file: string, state: string, identity: Identity, ours: Settings, theirs: Settings): Promise<string[]> {
  const plain = Object.entries(theirs).filter(([name, value]) => isPlain(name, value));
  await writeSettings(file, ours, Object.fromEntries(plain));
  await saveIdentity(identityDir(state), identity);
  return Object.keys(theirs).filter((name) => !plain.some(([known]) => known === name));
}
