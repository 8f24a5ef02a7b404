/** The files the agent gives a node: configuration, hosts, secrets, and the directory of its supervisor's socket. */

export interface NodeFile {
  /** Relative, without `..`. */
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

export interface NodeFilesSpec {
  readonly node: string;
  readonly config: readonly NodeFile[];
  readonly hosts: string;
  /** Null: keep what is there (after a restart the agent does not know them). */
  readonly secrets: Readonly<Record<string, string>> | null;
}

export interface NodePaths {
  readonly config: string;
  readonly hosts: string;
  readonly secrets: string;
  readonly run: string;
}

export interface NodeFilesDriver {
  paths(node: string): NodePaths;
  /** Brings the files to exactly this. Files that did not change are not touched. */
  write(spec: NodeFilesSpec): Promise<void>;
  /** Names of the secrets that are there. */
  secrets(node: string): Promise<string[]>;
  /** Removes everything of the node. */
  remove(node: string): Promise<void>;
  list(): Promise<string[]>;
}
