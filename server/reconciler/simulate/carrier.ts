import { HostError } from "../../../agents/protocol/errors.ts";
import { type Arrival, arrive, beginArrival, written } from "../../hosts/fake/copy.ts";
import type { FakeHost } from "../../hosts/fake/host.ts";
import type { Carriage } from "../../planner/copies.ts";
import type { Random } from "./random.ts";

/** The process beside the core, which takes disks from host to host. */
export interface Carrier {
  /** One step of one disk's way. */
  carry(carriage: Carriage): void;
  /** One step of one that is on its way, or is to go. */
  carrySome(wanted: readonly Carriage[]): void;
  /** It ends: nothing that it carried arrives. */
  breakOff(): void;
}

interface CarrierParts {
  readonly hosts: readonly FakeHost[];
  readonly random: Random;
  readonly history: string[];
  /** Whether the way between these two is broken now. */
  readonly broken: (pair: readonly FakeHost[]) => boolean;
}

export function makeCarrier({ hosts, random, history, broken }: CarrierParts): Carrier {
  // Disks between two hosts: begun to be read, read to the end, and not yet there.
  const flights = new Map<string, { carriage: Carriage; arrival: Arrival; text: string | null }>();
  const named = (id: string): FakeHost => hosts.find((host) => host.id === id) ?? hosts[0]!;
  const carry = (carriage: Carriage): void => {
    const [from, to] = [named(carriage.from), named(carriage.to)];
    const flight = flights.get(carriage.volume);
    try {
      if (broken([from, to])) throw unreachable();
      if (!flight) {
        const begun = written(from, carriage.copyOf);
        const arrival = beginArrival(to, carriage.volume);
        if (arrival) flights.set(carriage.volume, { carriage, arrival, text: null });
        history.push(`${carriage.copyOf} of ${from.id} begins to go to ${to.id} as ${carriage.volume} (${begun.length})`);
      } else if (flight.text === null) {
        // A source that is in use again has broken it off.
        flight.text = JSON.stringify(written(from, carriage.copyOf));
      } else {
        flights.delete(carriage.volume);
        arrive(to, flight.arrival, flight.text);
        history.push(`${carriage.volume} is there whole`);
      }
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      flights.delete(carriage.volume);
      to.memory.arriving.delete(carriage.volume);
      history.push(`  ${carriage.volume}: ${error.fault.code}`);
    }
  };
  return {
    carry,
    carrySome(wanted) {
      const carriage = random.pick([...[...flights.values()].map((flight) => flight.carriage), ...wanted]);
      if (carriage) carry(carriage);
    },
    breakOff() {
      for (const { carriage } of flights.values()) named(carriage.to).memory.arriving.delete(carriage.volume);
      flights.clear();
    },
  };
}

/** What the reconciler is told when nobody answers. */
export function unreachable(): HostError {
  return new HostError({ code: "host_unreachable", message: "The host's agent does not answer.", retryable: true });
}
