import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import {
  dataFrames,
  type Frame,
  FrameReader,
  frameKinds,
  resizeFrame,
  said,
  TerminalEnd,
  TerminalSize,
} from "../../../agents/protocol/terminal.ts";
import type { Transport } from "../../hosts/transport.ts";
import type { TerminalTarget } from "../access.ts";
import { dialTerminal } from "../dial.ts";
import { type Cut, cutWords, endWords } from "./words.ts";

const usual: TerminalSize = { columns: 80, rows: 24 };
/** A browser's message; its script sends less. */
const longestMessage = 65_536;
/** Bytes that wait for a browser before its shell has to, and from which on it may go on. */
const waiting = { most: 1_048_576, least: 262_144 };
const pingEveryMs = 30_000;
const closeMs = 2_000;

const Said = z.object({ resize: TerminalSize });

const browsers = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: longestMessage,
});

export interface TerminalSession {
  /** Ends it, at any time, and tells the browser why. */
  cut(why: Cut): void;
  /** Takes the browser's WebSocket and connects it with a shell; returns when both are joined or the browser was told why not. */
  begin(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

export function terminalSession(target: TerminalTarget, transport: Transport, refusalOf: (error: unknown) => string): TerminalSession {
  let browser: WebSocket | null = null;
  let shell: Duplex | null = null;
  let over: string | null = null;

  /** The shell is left at once; the browser has a moment to hear why. */
  function finish(words: string): void {
    if (over !== null) return;
    over = words;
    shell?.destroy();
    if (browser) sayEnd(browser, words);
  }

  return {
    cut: (why) => finish(cutWords[why]),
    async begin(incoming, socket, head) {
      const query = Object.fromEntries(URL.parse(incoming.url ?? "/", "http://gateway")?.searchParams ?? []);
      const size = TerminalSize.safeParse(query).data ?? usual;
      const ws = await new Promise<WebSocket>((resolve) => browsers.handleUpgrade(incoming, socket, head, resolve));
      browser = ws;
      ws.on("error", () => ws.terminate());
      ws.once("close", () => finish("left"));
      keepOpen(ws);
      if (over !== null) return sayEnd(ws, over);
      try {
        const stream = await dialTerminal(transport, target.terminal, size);
        shell = stream;
        if (over !== null) stream.destroy();
        else join(ws, stream, (end) => finish(endWords(end, target.terminal.name)));
      } catch (error) {
        finish(refusalOf(error));
        throw error;
      }
    },
  };
}

function sayEnd(ws: WebSocket, words: string): void {
  if (ws.readyState !== ws.OPEN) {
    ws.terminate();
    return;
  }
  ws.send(JSON.stringify({ end: words }));
  ws.close(1000);
  const late = setTimeout(() => ws.terminate(), closeMs);
  ws.once("close", () => clearTimeout(late));
}

/** Proxies forget a connection on which nothing is said, and a browser that vanished says nothing any more. */
function keepOpen(ws: WebSocket): void {
  let heard = true;
  ws.on("pong", () => {
    heard = true;
  });
  const timer = setInterval(() => {
    if (!heard) return ws.terminate();
    heard = false;
    ws.ping();
  }, pingEveryMs);
  ws.once("close", () => clearInterval(timer));
}

function join(ws: WebSocket, shell: Duplex, ended: (end: TerminalEnd | null) => void): void {
  const reader = new FrameReader();
  let end: TerminalEnd | null = null;
  const show = ({ kind, payload }: Frame): void => {
    if (ws.readyState !== ws.OPEN) return;
    if (kind === frameKinds.end) end = said(TerminalEnd, { kind, payload });
    if (kind !== frameKinds.data) return;
    ws.send(payload, { binary: true }, () => {
      if (ws.bufferedAmount < waiting.least) shell.resume();
    });
    if (ws.bufferedAmount > waiting.most) shell.pause();
  };
  shell.on("data", (chunk: Buffer) => {
    try {
      for (const frame of reader.push(chunk)) show(frame);
    } catch {
      // Nothing that an agent of ours says.
      shell.destroy();
    }
  });
  shell.on("error", () => shell.destroy());
  shell.once("close", () => ended(end));
  ws.on("message", (data, binary) => {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
    if (shell.destroyed) return;
    // The agent reads all the time; what it cannot take either is dropped there, as a terminal does.
    const takes = shell.writableLength < waiting.most;
    if (binary) return void (takes && shell.write(dataFrames(bytes)));
    const size = sizeOf(bytes.toString("utf8"));
    if (size) return void (takes && shell.write(resizeFrame(size)));
    ws.close(1007, "not understood");
  });
}

function sizeOf(text: string): TerminalSize | null {
  try {
    return Said.safeParse(JSON.parse(text)).data?.resize ?? null;
  } catch {
    return null;
  }
}
