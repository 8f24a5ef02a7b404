/** Longest line in characters: a picture of a full host is far below. More is not one of our agents. */
const most = 16 * 1024 * 1024;

/** Cuts a stream of text into its lines. Feed it chunks in order. @throws when a line grows beyond all reason */
export function makeLines(onLine: (line: string) => void): (chunk: string) => void {
  let rest = "";
  return (chunk) => {
    rest += chunk;
    if (rest.length > most) throw new Error("the line does not end");
    let end = rest.indexOf("\n");
    let start = 0;
    while (end !== -1) {
      const line = rest.slice(start, end);
      if (line.trim() !== "") onLine(line);
      start = end + 1;
      end = rest.indexOf("\n", start);
    }
    rest = rest.slice(start);
  };
}
