/** State of a pretended engine, shared by its container and network drivers, with places where faults are put in. */
import { HostError } from "../../../protocol/errors.ts";
import { engineUnreachable } from "../container/classify.ts";
import type { ContainerRequest, ContainerState, EngineEvent } from "../container/port.ts";
import type { NetworkSeen } from "../network/port.ts";
import type { FakeShell } from "./shell.ts";

/** Fails before the effect, after it, or loses the answer of a call that succeeded; or refuses in a way that trying again does not help. */
export type Mishap = "before" | "after" | "lost" | "refused" | null;

export interface FakeContainer {
  readonly id: string;
  readonly request: Pick<ContainerRequest, "name" | "labels" | "network" | "ip">;
  state: ContainerState;
  startedAt: string | null;
}

export interface FakeEngine {
  readonly containers: Map<string, FakeContainer>;
  readonly networks: Map<string, NetworkSeen>;
  /** By container, those that have ended among them. */
  readonly shells: Map<string, FakeShell[]>;
  /** By container: what somebody changed about it behind our back. */
  readonly altered: Map<string, Readonly<Record<string, string>>>;
  /** By segment: what leaves the host for which other host. */
  readonly uplinks: Map<string, string>;
  /** False: every call fails as when the engine is stopped. */
  up: boolean;
  /** Asked before every call. */
  mishap: (op: string) => Mishap;
  readonly calls: string[];
  nextId(): string;
  emit(event: EngineEvent): void;
  readonly listeners: Set<(event: EngineEvent) => void>;
  /** Stops or brings back the engine and tells the watchers. */
  power(up: boolean): void;
}

export function fakeEngine(): FakeEngine {
  let ids = 0;
  const engine: FakeEngine = {
    containers: new Map(),
    networks: new Map(),
    shells: new Map(),
    altered: new Map(),
    uplinks: new Map(),
    listeners: new Set(),
    calls: [],
    up: true,
    mishap: () => null,
    nextId: () => `fake${String(++ids).padStart(12, "0")}`,
    emit(event) {
      for (const listener of engine.listeners) listener(event);
    },
    power(up) {
      engine.up = up;
      engine.emit(up ? { kind: "connected" } : { kind: "lost", fault: engineUnreachable });
    },
  };
  return engine;
}

const refused = (retryable: boolean): HostError =>
  new HostError({ code: "engine_refused", message: "Docker on this host could not do it: injected.", retryable });

/** Runs one call of a fake driver through the places for faults. */
export async function through<T>(
  host: { up?: boolean; mishap: (op: string) => Mishap; calls: string[] },
  op: string,
  effect: () => T,
): Promise<T> {
  // As a real call does, it lets others run in between.
  await Promise.resolve();
  host.calls.push(op);
  if (host.up === false) throw new HostError(engineUnreachable);
  const mishap = host.mishap(op);
  if (mishap === "before" || mishap === "refused") throw refused(mishap === "before");
  const result = effect();
  await Promise.resolve();
  if (mishap === "after") throw refused(true);
  if (mishap === "lost") throw new HostError(engineUnreachable);
  return result;
}
