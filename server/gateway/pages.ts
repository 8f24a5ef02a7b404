import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";

/** What a person is told when there is no service to show. */
export interface Notice {
  status: number;
  /** A stable word for scripts. */
  code: string;
  title: string;
  message: string;
  /** Where the button leads. */
  action?: { href: string; label: string };
  /** Ask again by itself after so many seconds. */
  retrySeconds?: number;
}

const style = `:root{color-scheme:light dark;--bg:#f7f7f5;--fg:#1c1c1a;--soft:#5f5f5a;--line:#dddcd7;--card:#fff;--accent:#b4450f}
@media(prefers-color-scheme:dark){:root{--bg:#141413;--fg:#f1f0ec;--soft:#a3a29b;--line:#34332f;--card:#1d1d1b;--accent:#ff9d66}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:1rem;padding:2rem;border:1px solid var(--line);border-radius:8px;background:var(--card)}
h1{margin:0 0 .5rem;font-size:1.25rem}p{margin:0 0 1rem;color:var(--soft)}p:last-child{margin:0}a{color:var(--accent)}`;

const csp = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

/** Of every answer that is the gateway's own and not a service's. */
export const ownHeaders = {
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

export function noticeHtml({ title, message, action, retrySeconds }: Notice): string {
  const again = retrySeconds ? "<p>This page tries again by itself.</p>" : "";
  const link = action ? `<p><a href="${escapeHtml(action.href)}">${escapeHtml(action.label)}</a></p>` : "";
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)} · Kindling</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p role="status">${escapeHtml(message)}</p>${again}${link}</main></body></html>`;
}

/** Answers with a page for a person, with JSON for a script. Does nothing once an answer has begun. */
export function sendNotice(response: ServerResponse, notice: Notice, asPage: boolean, cookies: string[] = []): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = asPage ? noticeHtml(notice) : `${JSON.stringify({ error: { code: notice.code, message: notice.message } })}\n`;
  response.writeHead(notice.status, {
    "content-type": asPage ? "text/html; charset=utf-8" : "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": csp,
    ...ownHeaders,
    ...(notice.retrySeconds
      ? { "retry-after": String(notice.retrySeconds), ...(asPage ? { refresh: String(notice.retrySeconds) } : {}) }
      : {}),
    ...(cookies.length > 0 ? { "set-cookie": cookies } : {}),
    // What is left of a refused upload is not read as the next request.
    ...(response.req.complete ? {} : { connection: "close" }),
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}
