import { addAbortSignal, Readable } from "node:stream";
import type { HostObservation } from "../../../agents/protocol/observed.ts";
import type { HostSpec } from "../../../agents/protocol/spec.ts";
import type { HostAgent, OnObservation } from "../port.ts";
import { takeStep } from "./converge.ts";
import { type Arrival, arrive, beginArrival, written } from "./copy.ts";
import { accept, type FakeHost } from "./host.ts";
import { picture } from "./picture.ts";

export interface FakeAgent extends HostAgent {
  /** Every listener lost its connection and has a new one: after the agent's restart. */
  reconnect(): void;
}

/** The fake host behind the port of the real one: it converges by itself, one step and one picture after the other. */
export function fakeAgent(host: FakeHost): FakeAgent {
  const listeners = new Map<(seen: HostObservation) => void, () => void>();
  let working = false;
  const work = async (): Promise<void> => {
    if (working) return;
    working = true;
    while (takeStep(host, () => 0, "none")) {
      tell();
      await Promise.resolve();
    }
    working = false;
    tell();
  };
  const tell = (): void => {
    const seen = picture(host);
    for (const listener of listeners.keys()) listener(seen);
  };
  return {
    observe(onObservation: OnObservation, signal: AbortSignal) {
      let first = true;
      const listener = (seen: HostObservation): void => {
        onObservation(seen, first);
        first = false;
      };
      listeners.set(listener, () => {
        first = true;
      });
      listener(picture(host));
      return new Promise((resolve) => {
        const end = (): void => {
          listeners.delete(listener);
          resolve();
        };
        if (signal.aborted) end();
        signal.addEventListener("abort", end, { once: true });
      });
    },
    async apply(spec: HostSpec) {
      const generation = accept(host, spec);
      void work();
      return generation;
    },
    async send(volume) {
      return Readable.from([JSON.stringify(written(host, volume))]);
    },
    async receive(volume, content, signal) {
      const arrival: Arrival | null = beginArrival(host, volume);
      tell();
      try {
        let text = "";
        for await (const chunk of addAbortSignal(signal, content)) text += String(chunk);
        if (arrival) arrive(host, arrival, text);
      } finally {
        host.memory.arriving.delete(volume);
        tell();
      }
    },
    reconnect() {
      for (const again of listeners.values()) again();
      tell();
      void work();
    },
  };
}
