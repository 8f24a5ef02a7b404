import childProcess, { ChildProcess } from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

/** Watches that this process starts no other. `stop` puts everything back and says what was started. */
export function watchSpawns(): { stop(): string[] } {
  const started: string[] = [];
  const note = (what: unknown): void => void started.push(JSON.stringify(what));
  // Everything that does not wait goes through here: spawn, exec, execFile, fork, however it was imported.
  const own = Reflect.get(ChildProcess.prototype, "spawn");
  Reflect.set(ChildProcess.prototype, "spawn", function (this: ChildProcess, options: unknown) {
    note(Reflect.get(Object(options), "args"));
    return Reflect.apply(own, this, [options]);
  });
  const waiting = ["spawnSync", "execSync", "execFileSync"] as const;
  const kept = waiting.map((name) => [name, Reflect.get(childProcess, name)] as const);
  for (const [name, original] of kept)
    Reflect.set(childProcess, name, (...given: unknown[]) => {
      note(given);
      return Reflect.apply(original, childProcess, given);
    });
  syncBuiltinESMExports();
  return {
    stop() {
      Reflect.set(ChildProcess.prototype, "spawn", own);
      for (const [name, original] of kept) Reflect.set(childProcess, name, original);
      syncBuiltinESMExports();
      return started;
    },
  };
}
