import type { DirectorySettings } from "../../services/directory/schemas.ts";

/** Everything that it takes to ask a directory. */
export interface DirectoryConfig extends Omit<DirectorySettings, "ca" | "graceMinutes"> {
  /** Certificates to trust, PEM; absent: the machine's. */
  ca?: string | undefined;
  bindPassword?: string | undefined;
}

/** Whether people can be read without their password. */
export function rereads(config: Pick<DirectoryConfig, "bind">): boolean {
  return config.bind !== "direct";
}
