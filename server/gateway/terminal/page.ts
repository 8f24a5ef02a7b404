import type { FitAddon } from "@xterm/addon-fit";
import type { ITheme, Terminal } from "@xterm/xterm";

/**
 * What runs in the browser. The gateway serves this function's own text as a script, so it may use nothing from outside of itself but what it
 * is given.
 */
export function terminalPage(parts: { Terminal: typeof Terminal; FitAddon: typeof FitAddon }): void {
  /** As the portal's colours; the sixteen of the terminal keep a contrast of 4.5 by `minimumContrastRatio`. */
  const light: ITheme = {
    ...{ background: "#ffffff", foreground: "#171b20", cursor: "#c14900", cursorAccent: "#ffffff", selectionBackground: "#ffd9bb" },
    ...{ black: "#171b20", red: "#b71824", green: "#146d34", yellow: "#835100", blue: "#1762b6", magenta: "#70449c", cyan: "#0b6b74" },
    ...{ white: "#575e68", brightBlack: "#666d77", brightRed: "#d02b31", brightGreen: "#218a45", brightYellow: "#8f6400" },
    ...{ brightBlue: "#2279dc", brightMagenta: "#8f5fc0", brightCyan: "#0f7d87", brightWhite: "#292e35" },
  };
  const dark: ITheme = {
    ...{ background: "#0b0f13", foreground: "#ebedf0", cursor: "#f68b43", cursorAccent: "#0b0f13", selectionBackground: "#5c3415" },
    ...{ black: "#292e35", red: "#fc918e", green: "#71d790", yellow: "#f1c45e", blue: "#7cb4fc", magenta: "#ceacf7", cyan: "#6fd6e0" },
    ...{ white: "#d3d7dc", brightBlack: "#90969e", brightRed: "#ffb3b0", brightGreen: "#9be8b2", brightYellow: "#f8dc94" },
    ...{ brightBlue: "#a8cdfd", brightMagenta: "#e0cbfb", brightCyan: "#9fe6ed", brightWhite: "#ffffff" },
  };
  /** Characters that are sent at once; more than a node takes at a time would be lost on its way. */
  const longestPaste = 500_000;
  const inDark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const find = (id: string): HTMLElement => {
    const found = document.getElementById(id);
    if (!found) throw new Error(`the page has no ${id}`);
    return found;
  };
  const [screen, notice, words, again] = [find("screen"), find("notice"), find("words"), find("again")];
  const title = document.title;

  const terminal = new parts.Terminal({
    theme: inDark.matches ? dark : light,
    fontFamily: 'ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace',
    fontSize: 14,
    lineHeight: 1.2,
    cursorBlink: !still.matches,
    scrollback: 5000,
    minimumContrastRatio: 4.5,
    macOptionIsMeta: true,
  });
  const fit = new parts.FitAddon();
  terminal.loadAddon(fit);
  terminal.open(screen);
  inDark.addEventListener("change", () => {
    terminal.options.theme = inDark.matches ? dark : light;
  });

  let socket: WebSocket | null = null;
  /** Something was typed since the shell began: leaving would end it. */
  let used = false;
  /** What is typed before the shell says its first word waits here: null from then on. */
  let ahead: Uint8Array<ArrayBuffer>[] | null = null;
  const mostAhead = 64;
  const encoder = new TextEncoder();
  const isOpen = (): boolean => socket?.readyState === WebSocket.OPEN;

  function tell(text: string): void {
    words.textContent = text;
    notice.hidden = false;
    ahead = null;
    delete screen.dataset.waiting;
    document.title = `Ended · ${title}`;
    used = false;
    fitted();
    again.focus();
  }

  /** Why there is no connection at all: a refused upgrade tells no script its reason. */
  async function reason(): Promise<string> {
    const lost = "The connection was cut. Your network, or the platform, may have been away for a moment.";
    try {
      const answer = await fetch("/state", { headers: { accept: "application/json" } });
      if (answer.ok) return lost;
      const body: { error?: { message?: string } } = await answer.json();
      return body.error?.message ?? lost;
    } catch {
      return lost;
    }
  }

  function connect(): void {
    notice.hidden = true;
    document.title = title;
    fit.fit();
    const size = new URLSearchParams({ columns: String(terminal.cols), rows: String(terminal.rows) });
    const own = new WebSocket(`${location.origin.replace("http", "ws")}/socket?${size}`);
    own.binaryType = "arraybuffer";
    socket = own;
    ahead = [];
    screen.dataset.waiting = "";
    let ended = false;
    own.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data !== "string") {
        if (ahead) begin(ahead);
        return terminal.write(new Uint8Array(data));
      }
      const said: { end?: string } = JSON.parse(data);
      if (said.end === undefined) return;
      ended = true;
      tell(said.end);
    };
    own.onclose = () => {
      if (!ended) void reason().then(tell);
    };
    terminal.focus();
  }

  /** The shell said its first word: it hears what was typed meanwhile, and the size that the window has by now. */
  function begin(typed: readonly Uint8Array<ArrayBuffer>[]): void {
    ahead = null;
    delete screen.dataset.waiting;
    sized();
    for (const bytes of typed) send(bytes);
  }

  /** Typing is using: without a request now and then the sign-in would count as idle, and end. */
  const staysMs = 300_000;
  let saidAt = performance.now();
  function stay(): void {
    if (performance.now() - saidAt < staysMs) return;
    saidAt = performance.now();
    void fetch("/state").catch(() => undefined);
  }

  function send(bytes: Uint8Array<ArrayBuffer>): void {
    if (ahead) return void (ahead.length < mostAhead && ahead.push(bytes));
    if (!isOpen() || !socket) return;
    used = true;
    stay();
    socket.send(bytes);
  }

  terminal.onData((text) => {
    if (text.length > longestPaste) {
      terminal.write(`\r\n\x1b[7m ${longestPaste / 1000} KB can be pasted at most. Put it into a file instead. \x1b[0m\r\n`);
      return;
    }
    // A socket takes messages of a limited length.
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length; at += 32_768) send(bytes.slice(at, at + 32_768));
  });
  terminal.onBinary((text) => send(Uint8Array.from(text, (char) => char.charCodeAt(0) & 255)));
  terminal.onResize(sized);
  function sized(): void {
    if (isOpen() && !ahead) socket?.send(JSON.stringify({ resize: { columns: terminal.cols, rows: terminal.rows } }));
  }

  /** Control and C, with Shift or without, copies what is marked; where nothing is it is the shell's. Control, Shift and V pastes as the browser does. */
  terminal.attachCustomKeyEventHandler((event) => {
    const copies = event.type === "keydown" && event.ctrlKey && !event.altKey && event.code === "KeyC" && terminal.hasSelection();
    if (!copies) return true;
    event.preventDefault();
    copy(terminal.getSelection());
    terminal.clearSelection();
    return false;
  });

  function copy(text: string): void {
    // Where the page came by plain http from another machine, browsers know only the old way.
    if (navigator.clipboard) void navigator.clipboard.writeText(text).catch(() => document.execCommand("copy"));
    else document.execCommand("copy");
  }

  let asked = 0;
  function fitted(): void {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => fit.fit());
  }
  new ResizeObserver(fitted).observe(screen);
  again.addEventListener("click", connect);
  // Control and W deletes a word in a shell, and closes the tab of a browser.
  addEventListener("beforeunload", (event) => {
    if (used && isOpen()) event.preventDefault();
  });
  connect();
}
