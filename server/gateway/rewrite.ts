import { Transform, type TransformCallback } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Target } from "./access.ts";
import type { ServiceHost } from "./host.ts";
import { publicUrl } from "./location.ts";

const textual = /^(text\/html|application\/json|application\/javascript|text\/javascript)\b/i;
/** No scheme, host and port together are longer: what may be held back at a chunk's end. */
const longest = 300;
/** Scheme, host and port; JSON may escape the slashes. The path behind them stays as it is. */
const authority = /https?:\\?\/\\?\/([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d+)?/gi;

/** Replaces addresses of nodes in Spark's pages and data by public ones, as they stream by. */
export class PublicLinks extends Transform {
  private readonly decoder = new StringDecoder("utf8");
  private readonly replace: (text: string) => string;
  private held = "";

  constructor(replace: (text: string) => string) {
    super();
    this.replace = replace;
  }

  /** Null for content without links. */
  static for(contentType: string | undefined, host: ServiceHost, target: Target): PublicLinks | null {
    return contentType && textual.test(contentType) ? new PublicLinks((text) => replaceLinks(text, host, target)) : null;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const text = this.held + this.decoder.write(chunk);
    // Never cut inside what may be an address: the last one that begins near the end waits for what follows it.
    const from = Math.max(0, text.length - longest);
    const start = text.lastIndexOf("http");
    let cut = start >= from ? start : Math.max(from, text.length - 3);
    // Nor inside a character of two halves.
    if (/[\udc00-\udfff]/.test(text.charAt(cut))) cut--;
    this.held = text.slice(cut);
    done(null, this.replace(text.slice(0, cut)));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.replace(this.held + this.decoder.end()));
  }
}

/** Every address of a node of this cluster in a text becomes its public one; an unknown one becomes a link to the page itself. */
export function replaceLinks(text: string, host: ServiceHost, target: Target): string {
  return text.replace(authority, (found) => {
    const url = URL.parse(found.replaceAll("\\/", "/"));
    const ours = url && target.nodes.some(({ names }) => names.includes(url.hostname.toLowerCase()));
    if (!url || !ours) return found;
    return publicUrl(url, host, target)?.replace(/\/$/, "") ?? "#";
  });
}
