import type { Place } from "./seal.ts";

/** Every column that holds sealed text, and the column that names its row. What is added here belongs into a trigger too: migration 0014. */
export const sealedColumns = [
  { table: "Cluster", column: "secrets", row: "id" },
  { table: "DirectorySettings", column: "bindPassword", row: "id" },
] as const;

/** What a cluster's Spark and notebook authenticate with. */
export const clusterSecrets = (id: string): Place => ({ table: "Cluster", column: "secrets", row: id });

/** The password of the account that searches the directory. */
export const bindPassword: Place = { table: "DirectorySettings", column: "bindPassword", row: "site" };
