export interface Entry {
  title: string;
  detail?: string;
  href?: string;
  run?: () => void;
}

export interface PaletteGroup {
  title: string;
  entries: Entry[];
}

/** Entries whose title or detail has all typed words, those that start with the first word first. Empty groups go. */
export function match(groups: readonly PaletteGroup[], query: string): PaletteGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0];
  return groups
    .map((group) => {
      const entries = group.entries.filter((entry) => {
        const text = `${entry.title} ${entry.detail ?? ""} ${group.title}`.toLowerCase();
        return words.every((word) => text.includes(word));
      });
      if (first) entries.sort((a, b) => Number(b.title.toLowerCase().startsWith(first)) - Number(a.title.toLowerCase().startsWith(first)));
      return { title: group.title, entries };
    })
    .filter((group) => group.entries.length > 0);
}
