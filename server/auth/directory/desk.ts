import type { Db } from "../../db.ts";
import type { Env } from "../../env.ts";
import { log } from "../../log.ts";
import { createDirectory, type Directory } from "./directory.ts";
import { type DemoAccess, type Effective, effectiveSettings } from "./settings.ts";

/** Where the portal asks for its directory: by the settings of now. */
export interface DirectoryDesk {
  /** @throws when a stored setting makes no sense any more */
  effective(): Promise<Effective>;
  /** The directory of now; the same one, with what it learned of its servers, as long as the settings stay. */
  directory(): Promise<Directory>;
  /** Checks a password with the directory of now. */
  authenticate: Directory["authenticate"];
  /** The password that is kept for the account that searches, opened; null: none. */
  storedPassword(): Promise<string | null>;
  /** Asks for people to be read again at once: settings or mappings changed. */
  onChange(listener: () => void): void;
  changed(): void;
}

export function createDesk(made: {
  db: Db;
  env: Env;
  unseal: (sealed: string) => string;
  demo: DemoAccess | null;
  now: () => Date;
}): DirectoryDesk {
  let last: { key: string; directory: Directory } | null = null;
  const listeners: (() => void)[] = [];
  const effective = (): Promise<Effective> => effectiveSettings(made);
  const directory = async (): Promise<Directory> => {
    const { config } = await effective();
    const key = JSON.stringify(config);
    if (last?.key !== key) last = { key, directory: createDirectory(config, made.now) };
    return last.directory;
  };
  return {
    effective,
    directory,
    async authenticate(username, password) {
      return (await directory()).authenticate(username, password);
    },
    async storedPassword() {
      const row = await made.db.directorySettings.findUnique({ where: { id: "site" }, select: { bindPassword: true } });
      return row?.bindPassword ? made.unseal(row.bindPassword) : null;
    },
    onChange: (listener) => void listeners.push(listener),
    changed() {
      log.info("directory.changed");
      for (const listener of listeners) listener();
    },
  };
}
