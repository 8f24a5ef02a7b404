/** A small XML-RPC reader and writer. What it reads comes from a node and is hostile: sizes and depth are bounded, entities are only the five. */

const mostDepth = 24;
const mostValues = 20_000;

export type XmlValue = string | number | boolean | null | XmlValue[] | { [name: string]: XmlValue };

/** What the other side said in place of an answer. */
export class XmlFault extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.name = "XmlFault";
    this.code = code;
  }
}

/** The document that calls `method` with texts, whole numbers and booleans. */
export function writeCall(method: string, params: readonly (string | number | boolean)[]): string {
  const values = params.map((p) => {
    if (typeof p === "number") return `<int>${Math.trunc(p)}</int>`;
    if (typeof p === "boolean") return `<boolean>${p ? 1 : 0}</boolean>`;
    return `<string>${p.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)}</string>`;
  });
  return `<?xml version="1.0"?><methodCall><methodName>${method}</methodName><params>${values.map((v) => `<param><value>${v}</value></param>`).join("")}</params></methodCall>`;
}

/** The value of an answer. Throws XmlFault for a fault, Error for anything that is no answer. */
export function readResponse(text: string): XmlValue {
  const reader = new Reader(text);
  reader.open("methodResponse");
  if (reader.tryOpen("fault")) {
    const fault = reader.value(0);
    const { faultCode, faultString } = fault !== null && typeof fault === "object" && !Array.isArray(fault) ? fault : {};
    throw new XmlFault(typeof faultCode === "number" ? faultCode : 0, String(faultString ?? "").slice(0, 300));
  }
  reader.open("params");
  reader.open("param");
  return reader.value(0);
}

class Reader {
  readonly #text: string;
  #at = 0;
  #values = 0;

  constructor(text: string) {
    this.#text = text.replace(/^\s*<\?xml[^>]{0,200}\?>/, "");
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }

  tryOpen(tag: string): boolean {
    this.#space();
    if (!this.#text.startsWith(`<${tag}>`, this.#at)) return false;
    this.#at += tag.length + 2;
    return true;
  }

  #tryEmpty(tag: string): boolean {
    this.#space();
    for (const form of [`<${tag}/>`, `<${tag} />`])
      if (this.#text.startsWith(form, this.#at)) {
        this.#at += form.length;
        return true;
      }
    return false;
  }

  open(tag: string): void {
    if (!this.tryOpen(tag)) throw new Error(`the answer has no <${tag}> where one belongs`);
  }

  close(tag: string): void {
    this.#space();
    if (!this.#text.startsWith(`</${tag}>`, this.#at)) throw new Error(`the answer does not close <${tag}>`);
    this.#at += tag.length + 3;
  }

  /** Characters up to the next tag. */
  #characters(): string {
    const end = this.#text.indexOf("<", this.#at);
    if (end < 0) throw new Error("the answer ends too early");
    const raw = this.#text.slice(this.#at, end);
    this.#at = end;
    return raw.replace(
      /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g,
      (_, decimal?: string, hex?: string, name?: string) => {
        if (name) return { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" }[name] ?? "";
        const code = decimal ? Number(decimal) : Number.parseInt(hex ?? "0", 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : "";
      },
    );
  }

  value(depth: number): XmlValue {
    this.#values += 1;
    if (depth > mostDepth || this.#values > mostValues) throw new Error("the answer is too deep or too long");
    if (this.#tryEmpty("value")) return "";
    this.open("value");
    const result = this.#typed(depth);
    this.close("value");
    return result;
  }

  #typed(depth: number): XmlValue {
    const text = this.#characters();
    if (this.#text.startsWith("</value>", this.#at)) return text;
    for (const tag of ["string", "int", "i4", "i8", "double", "boolean", "dateTime.iso8601", "base64"]) {
      if (this.#tryEmpty(tag)) return "";
      if (!this.tryOpen(tag)) continue;
      const inner = this.#characters();
      this.close(tag);
      if (tag === "boolean") return inner.trim() === "1";
      return tag === "int" || tag === "i4" || tag === "i8" || tag === "double" ? Number(inner) : inner;
    }
    if (this.#tryEmpty("nil")) return null;
    if (this.tryOpen("array")) return this.#array(depth);
    if (this.tryOpen("struct")) return this.#struct(depth);
    throw new Error("the answer has a value of an unknown kind");
  }

  #array(depth: number): XmlValue[] {
    const items: XmlValue[] = [];
    if (!this.#tryEmpty("data")) {
      this.open("data");
      while (!this.#closes("data")) items.push(this.value(depth + 1));
      this.close("data");
    }
    this.close("array");
    return items;
  }

  #struct(depth: number): { [name: string]: XmlValue } {
    const members: [string, XmlValue][] = [];
    while (this.tryOpen("member")) {
      this.open("name");
      const name = this.#characters();
      this.close("name");
      members.push([name, this.value(depth + 1)]);
      this.close("member");
    }
    this.close("struct");
    return Object.fromEntries(members);
  }

  #closes(tag: string): boolean {
    this.#space();
    return this.#text.startsWith(`</${tag}>`, this.#at);
  }
}
