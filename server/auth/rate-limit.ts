import { isIPv6 } from "node:net";

/**
 * Slows guessing down. Counted by account *and* address: a stranger who guesses at somebody's account from elsewhere
 * cannot lock its owner out. And by address alone: one that tries many accounts is slowed down too, with room for a whole
 * office behind it, and without those who have signed in from there before.
 */
export interface RateLimit {
  /** Seconds to wait before the next attempt counts; 0 when one may try. */
  wait(account: string, address: string): number;
  failed(account: string, address: string): void;
  succeeded(account: string, address: string): void;
  /** Whether a refusal of this wait is the first one, to be written down; the ones after it are not. */
  tellsNow(account: string, address: string): boolean;
  /** The last failure was none: the password could not be checked at all. */
  unchecked(account: string, address: string): void;
}

interface Options {
  /** Milliseconds of a clock that nobody sets: by one that is set back people would wait for as long as that was. */
  now?: () => number;
  /** Failures that cost nothing: people mistype. */
  free?: number;
  /** The longest wait, which also is how long a failure is remembered. */
  maxSeconds?: number;
  /** Pairs and addresses remembered; the oldest are forgotten first. */
  capacity?: number;
  /** Failures that one address may have, whatever the accounts, within any `maxSeconds`. */
  perAddress?: number;
}

/** A home or an office has a whole /64 of IPv6 addresses to guess from: it counts as one. */
function placeOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail ? tail.split(":") : [];
  const gap = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const all = [...left, ...Array.from({ length: gap }, () => "0"), ...right];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

/** Moves a key to the young end of a map's order, and forgets the oldest beyond `capacity`. */
function remember<T>(map: Map<string, T>, key: string, value: T, capacity: number): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > capacity ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}

/** The wait doubles from one second with every failure of a pair beyond the free ones; an address's failures slide out of its window. */
export function createRateLimit({
  now = () => performance.now(),
  free = 5,
  maxSeconds = 900,
  capacity = 10_000,
  perAddress = 100,
}: Options = {}): RateLimit {
  const failures = new Map<string, { count: number; last: number }>();
  /** Times of an address's failures, the oldest first. */
  const places = new Map<string, number[]>();
  /** Pairs that signed in: guesses of others at the same address do not keep them out. */
  const welcome = new Map<string, true>();
  /** Until when a pair's, or an address's, refusals have been told of. */
  const told = new Map<string, number>();
  const windowMs = maxSeconds * 1000;
  const key = (account: string, address: string) => `${placeOf(address)} ${account}`;
  const current = (k: string) => {
    const entry = failures.get(k);
    if (!entry) return null;
    if (now() - entry.last < windowMs) return entry;
    failures.delete(k);
    return null;
  };
  const recent = (address: string) => (places.get(placeOf(address)) ?? []).filter((at) => now() - at < windowMs);
  /** Takes the address's youngest failure back. */
  const forgive = (address: string): void => {
    const times = recent(address).slice(0, -1);
    if (times.length === 0) places.delete(placeOf(address));
    else places.set(placeOf(address), times);
  };
  const pairWait = (k: string): number => {
    const entry = current(k);
    if (!entry || entry.count < free) return 0;
    const seconds = Math.min(2 ** (entry.count - free), maxSeconds);
    return Math.max(0, Math.ceil(seconds - (now() - entry.last) / 1000));
  };
  const addressWait = (k: string, address: string): number => {
    if (welcome.has(k)) return 0;
    const [oldest] = recent(address).slice(-perAddress);
    if (oldest === undefined || recent(address).length < perAddress) return 0;
    return Math.ceil((oldest + windowMs - now()) / 1000);
  };
  return {
    wait(account, address) {
      const k = key(account, address);
      return Math.max(pairWait(k), addressWait(k, address));
    },
    failed(account, address) {
      const k = key(account, address);
      remember(failures, k, { count: (current(k)?.count ?? 0) + 1, last: now() }, capacity);
      remember(places, placeOf(address), [...recent(address), now()].slice(-perAddress), capacity);
    },
    tellsNow(account, address) {
      const k = key(account, address);
      // An address that tries one account after the other is one story.
      const place = pairWait(k) > 0 ? k : placeOf(address);
      const known = told.get(place);
      if (known !== undefined && known > now()) return false;
      remember(told, place, now() + Math.max(pairWait(k), addressWait(k, address)) * 1000, capacity);
      return true;
    },
    succeeded(account, address) {
      const k = key(account, address);
      failures.delete(k);
      forgive(address);
      remember(welcome, k, true, capacity);
    },
    unchecked(account, address) {
      const entry = current(key(account, address));
      if (entry) entry.count -= 1;
      forgive(address);
    },
  };
}
