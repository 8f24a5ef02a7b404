/** What the agent needs of a container engine. Every verb is idempotent and reaches the state or throws a HostError. */
import type { Duplex } from "node:stream";
import type { Fault } from "../../../protocol/errors.ts";
import type { HostFacts } from "../../../protocol/observed.ts";
import type { TerminalSize } from "../../../protocol/terminal.ts";
import type { Shape } from "../../audit/shape.ts";

export type ContainerState = "created" | "running" | "exited";

export interface ContainerSeen {
  readonly id: string;
  readonly name: string;
  readonly state: ContainerState;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Mount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** Everything a node's container is made from. */
export interface ContainerRequest {
  readonly name: string;
  readonly image: string;
  readonly hostname: string;
  readonly domain: string;
  readonly network: string;
  /** Name servers for the world outside; none: what the host itself asks. */
  readonly dns?: readonly string[];
  readonly ip: string;
  readonly mac: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** Cards that it gets, by their ids. */
  readonly gpus?: readonly string[];
  readonly capabilities: readonly string[];
  /** Programs in it may gain privileges. */
  readonly sudo: boolean;
  readonly filter: "engine" | "own";
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly pids: number;
  readonly stopSeconds: number;
  readonly env: readonly string[];
}

export interface UsageSample {
  /** Nanoseconds of CPU since the container started. */
  readonly cpuNs: number;
  readonly atMs: number;
  readonly memoryMb: number;
}

export interface Running {
  readonly startedAt: string | null;
  readonly exitCode: number | null;
  /** Path of the network namespace, for the packet filter's binding of port and address. */
  readonly sandbox: string | null;
}

/** A login shell of the node's ordinary user on a terminal of its own. */
export interface Shell {
  /** What is typed, and what the terminal shows. It ends when the shell does, or the container. */
  readonly stream: Duplex;
  resize(size: TerminalSize): Promise<void>;
  /** Hangs up: the shell ends, and what it runs in the foreground. One that has ended is fine. */
  end(): Promise<void>;
  /** Once the stream has ended. Null: the container is gone or stopped. */
  exitCode(): Promise<number | null>;
}

export type EngineEvent =
  | {
      readonly kind: "created" | "started" | "died" | "destroyed" | "oom" | "altered";
      readonly id: string;
      readonly name: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly atMs: number;
    }
  | { readonly kind: "connected" }
  | { readonly kind: "lost"; readonly fault: Fault };

export interface EngineFacts {
  readonly engine: NonNullable<HostFacts["engine"]>;
  /** Where it keeps images and containers' layers. */
  readonly dataRoot: string;
  /** It can hand NVIDIA's cards to containers, as far as can be seen without one. */
  readonly gpus: boolean;
}

export interface ContainerDriver {
  /** All containers with our installation's label. */
  list(): Promise<ContainerSeen[]>;
  /** Gives the new container's id; one that exists under the same name with the same node and configuration is given back. */
  create(request: ContainerRequest): Promise<string>;
  start(id: string): Promise<void>;
  /** Asks the node to end, and kills it after `seconds`. One that is gone or stopped is fine. */
  stop(id: string, seconds: number): Promise<void>;
  /** Removes the container and its writable layer, killing it when it runs. One that is gone is fine. */
  remove(id: string): Promise<void>;
  inspect(id: string): Promise<Running | null>;
  /** What a container made of this request may be, and what the engine says it is. Null when it or its image is gone. */
  examine(id: string, request: ContainerRequest): Promise<{ approved: Shape; engine: Shape } | null>;
  usage(id: string): Promise<UsageSample | null>;
  /** MB in the container's writable layer. */
  layerMb(id: string): Promise<number | null>;
  facts(): Promise<EngineFacts>;
  /** A shell in a container that runs. Whoever opens it ends it: it outlives its stream. */
  shell(id: string, size: TerminalSize): Promise<Shell>;
  /** Ends the shells that an earlier process of ours left in the container; gives how many. */
  endLeftShells(id: string): Promise<number>;
  /** Reports what happens to our containers, and whether the engine answers, until the signal. */
  watch(signal: AbortSignal, onEvent: (event: EngineEvent) => void): void;
}
