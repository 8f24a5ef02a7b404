import { ConflictError } from "../../planner/apply.ts";
import type { Store } from "../store/port.ts";
import type { Random } from "./random.ts";

/** The process is gone in the middle of something. */
export class SimulatedCrash extends Error {
  constructor(where: string) {
    super(where);
    this.name = "SimulatedCrash";
  }
}

/** A store at whose doors the process may die: before the effect, or after it and before anybody heard of it. */
export function crashing(store: Store, random: Random, faulty: () => boolean): { store: Store; point: (where: string) => void } {
  const point = (where: string): void => {
    if (faulty() && random.oneIn(25)) throw new SimulatedCrash(where);
  };
  const around = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    point(`before ${what}`);
    const result = await work();
    point(`after ${what}`);
    return result;
  };
  return {
    point,
    store: {
      load: () => around("load", () => store.load()),
      async commit(basis, plan, raise) {
        if (faulty() && random.oneIn(20)) throw new ConflictError("somebody was faster");
        return around("commit", () => store.commit(basis, plan, raise));
      },
      observe: (write) => around("observe", () => store.observe(write)),
      collect: (now) => store.collect(now),
    },
  };
}
