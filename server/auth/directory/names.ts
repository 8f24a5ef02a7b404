/** Splits at an unescaped separator. */
function split(text: string, separator: RegExp): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === "\\") {
      part += char + (text[at + 1] ?? "");
      at += 1;
    } else if (char === '"') {
      quoted = !quoted;
      part += char;
    } else if (!quoted && separator.test(char)) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  return [...parts, part];
}

/** A value's characters, whichever way they were escaped: \2C, \, and "…" all mean the same. */
function unescaped(value: string): string {
  const inner = /^"(.*)"$/s.exec(value)?.[1] ?? value;
  // Hexadecimal pairs are bytes of UTF-8, so that several may make one character.
  return inner.replace(/(?:\\[0-9a-f]{2})+|\\(.)/gis, (found, single: string | undefined) =>
    single === undefined ? Buffer.from(found.replaceAll("\\", ""), "hex").toString("utf8") : single,
  );
}

/** Puts a backslash before what would end a value, or begin another one. */
export function escapeDn(value: string): string {
  return value
    .replace(/[\\,+"<>;=#]/g, (char) => `\\${char}`)
    .replace(/\0/g, "\\00")
    .replace(/^ | $/g, "\\ ");
}

/** One spelling for every way to write a distinguished name, to compare them by; not to show. */
export function normalDn(dn: string): string {
  return split(dn, /[,;]/)
    .map((rdn) =>
      split(rdn, /\+/)
        .map((pair) => {
          const at = pair.indexOf("=");
          if (at < 0) return pair.trim().toLowerCase();
          const value = pair.slice(at + 1).replace(/^\s+|(?<!\\)\s+$/g, "");
          return `${pair.slice(0, at).trim().toLowerCase()}=${escapeDn(unescaped(value).replace(/\s+/g, " ").toLowerCase())}`;
        })
        .sort()
        .join("+"),
    )
    .join(",");
}

/** The value of the first part: "cn=Staff,ou=groups" is "Staff". */
export function firstName(dn: string): string {
  const first = split(split(dn, /[,;]/)[0] ?? "", /\+/)[0] ?? "";
  return unescaped(first.slice(first.indexOf("=") + 1).trim());
}
