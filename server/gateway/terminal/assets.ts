import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { terminalPage } from "./page.ts";

interface Asset {
  readonly type: string;
  readonly gzip: Buffer;
  readonly plain: Buffer;
  readonly version: string;
}

const require = createRequire(import.meta.url);
/** Of a package, beside the file that Node itself would load. */
const besideMain = (name: string, path: string): string => readFileSync(join(require.resolve(name), "..", path), "utf8");
const here = (path: string): string => readFileSync(join(import.meta.dirname, path), "utf8");

const script = "text/javascript; charset=utf-8";
const sheet = "text/css; charset=utf-8";

function make(type: string, text: string): Asset {
  const plain = Buffer.from(text);
  return { type, plain, gzip: gzipSync(plain), version: createHash("sha256").update(plain).digest("hex").slice(0, 12) };
}

const cached = new Map<string, Asset>();
const makers: Record<string, () => Asset> = {
  "xterm.mjs": () => make(script, besideMain("@xterm/xterm", "xterm.mjs")),
  "addon-fit.mjs": () => make(script, besideMain("@xterm/addon-fit", "addon-fit.mjs")),
  "xterm.css": () => make(sheet, besideMain("@xterm/xterm", "../css/xterm.css")),
  "terminal.css": () => make(sheet, here("terminal.css")),
  "icon.svg": () => make("image/svg+xml", here("../../../app/icon.svg")),
  // The packages are modules for a browser as they are, and Node has taken the types out of the page's function when it read it.
  "terminal.js": () =>
    make(
      script,
      `import { Terminal } from ".${assetPath("xterm.mjs")}";\nimport { FitAddon } from ".${assetPath("addon-fit.mjs")}";\n(${terminalPage})({ Terminal, FitAddon });\n`,
    ),
};

/** A file of the terminal's page, by its path; null: there is none. Made at the first time that somebody asks. */
export function assetAt(path: string): Asset | null {
  const name = path.slice(1);
  const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (!maker) return null;
  const made = cached.get(name) ?? maker();
  cached.set(name, made);
  return made;
}

/** Its address, which changes with what it holds, so that browsers keep it for good. */
export function assetPath(name: string): string {
  return `/${name}?v=${assetAt(`/${name}`)?.version ?? "0"}`;
}
