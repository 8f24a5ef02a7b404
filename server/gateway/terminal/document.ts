import { escapeHtml, ownHeaders } from "../pages.ts";
import { assetPath } from "./assets.ts";

/** The page of a terminal. Its name and its cluster's are all that varies; it has no script of its own in it. */
export function terminalHtml({ node, cluster }: { node: string; cluster: string }): string {
  const name = escapeHtml(node);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${name} · ${escapeHtml(cluster)}</title><link rel="icon" href="${assetPath("icon.svg")}">
<link rel="stylesheet" href="${assetPath("xterm.css")}"><link rel="stylesheet" href="${assetPath("terminal.css")}">
<script type="module" src="${assetPath("terminal.js")}"></script></head>
<body><main id="screen" aria-label="Terminal on ${name}"></main>
<section id="notice" aria-label="State of the terminal" hidden><p id="words" role="status"></p><button id="again" type="button">Connect again</button></section>
<noscript>A terminal needs JavaScript. Switch it on for this address.</noscript></body></html>`;
}

/** Styles are set by the terminal itself as it draws; scripts are only ours, and it speaks to its own origin only. */
export function terminalHeaders(origin: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self'",
    `connect-src 'self' ${origin.replace("http", "ws")}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...ownHeaders,
  };
}
