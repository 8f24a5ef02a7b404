/** IPv4 networks as sets of nft take them: overlapping ones are refused there, with the whole rule set. */

interface Range {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

function rangeOf(text: string): Range {
  const [address = "", length = "32"] = text.split("/");
  const size = 2 ** (32 - Number(length));
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const from = number - (number % size);
  return { text, from, to: from + size - 1 };
}

/** Pure: addresses and CIDRs without those that lie in another one, in their order. Two CIDRs never overlap in part. */
export function apart(networks: readonly string[]): string[] {
  const ranges = networks.map(rangeOf);
  const covered = (one: Range, index: number): boolean =>
    ranges.some((other, at) => {
      if (at === index || other.from > one.from || other.to < one.to) return false;
      // Of two that are the same the first stays.
      return other.from < one.from || other.to > one.to || at < index;
    });
  return ranges.filter((range, index) => !covered(range, index)).map(({ text }) => text);
}
