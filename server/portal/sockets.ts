import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { type WebSocket, WebSocketServer } from "ws";
import { appRouter } from "../api/root.ts";
import type { Actor } from "../auth/actor.ts";
import { narrowed } from "../auth/power.ts";
import { aliveSession } from "../auth/sessions.ts";
import { aliveToken } from "../auth/tokens.ts";
import { log } from "../log.ts";
import type { Parts } from "./parts.ts";
import { hostAllowed, originAllowed } from "./security.ts";

/** How often open sockets are compared with their sessions: a revoked one closes within a second. */
const checkMs = 500;
/** The code of our own that tells a page: sign in again. */
const endedCode = 4401;

/** The code of our own that says: too many. */
const manyCode = 4429;
/** A tab has one. Far more than anybody's tabs, far fewer than would hurt others. */
const most = { session: 20, person: 60 };

export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  stop(): void;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Ends a socket for good: whoever does not answer the farewell is cut off. */
function end(socket: WebSocket, code: number, why: string): void {
  socket.close(code, why);
  setTimeout(() => socket.terminate(), 1000).unref();
}

function rightsOf(person: { siteAdmin: boolean; memberships: readonly { tenantId: string; role: string }[] }): string {
  return JSON.stringify([person.siteAdmin, person.memberships.map(({ tenantId, role }) => `${tenantId} ${role}`).sort()]);
}

/** Subscriptions of pages and the CLI. A socket carries no more than the session or token it was opened with. */
export function createSockets({ env, deps, authenticate, context, addressOf }: Parts): Sockets {
  const server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  const actors = new WeakMap<IncomingMessage, Actor>();
  const open = new Map<WebSocket, Actor>();
  const handler = applyWSSHandler({
    wss: server,
    router: appRouter,
    createContext: ({ req }) => ({ ...context(actors.get(req) ?? null, addressOf(req)), socket: true }),
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
  });

  /** Why somebody may not open another one, in at most the 123 bytes that a close frame takes; null when they may. */
  const tooMany = (actor: Actor): string | null => {
    const theirs = [...open.values()].filter(({ userId }) => userId === actor.userId);
    const here = theirs.filter((one) => one.sessionId === actor.sessionId && one.tokenId === actor.tokenId);
    if (here.length >= most.session) return `This sign-in has ${most.session} connections open. Close some tabs or programs.`;
    return theirs.length >= most.person ? `You have ${most.person} connections open. Close some tabs or programs.` : null;
  };

  const check = async (): Promise<void> => {
    if (open.size === 0) return;
    // Whoever comes while the rows are read was not asked about.
    const held = [...open];
    const ids = (of: (actor: Actor) => string | null): string[] => [
      ...new Set(held.map(([, actor]) => of(actor)).filter((id) => id !== null)),
    ];
    const now = deps.now();
    const [sessions, tokens, users] = await Promise.all([
      deps.db.session.findMany({ where: { id: { in: ids((a) => a.sessionId) }, ...aliveSession(now) }, select: { id: true } }),
      deps.db.token.findMany({ where: { id: { in: ids((a) => a.tokenId) }, ...aliveToken(now) }, select: { id: true } }),
      deps.db.user.findMany({
        where: { id: { in: ids((a) => a.userId) }, barredAt: null },
        select: { id: true, siteAdmin: true, memberships: { select: { tenantId: true, role: true } } },
      }),
    ]);
    const found = new Map(users.map((user) => [user.id, user]));
    const rights = ({ userId, power }: Actor): string | null => {
      const user = found.get(userId);
      return user ? rightsOf(narrowed(user, power?.tenantId ?? null, (tenantId) => ({ tenantId, role: "admin" }))) : null;
    };
    const alive = new Set([...sessions, ...tokens].map(({ id }) => id));
    for (const [socket, actor] of held) {
      if (!alive.has(actor.sessionId ?? actor.tokenId ?? "") || !found.has(actor.userId)) end(socket, endedCode, "signed out");
      // What it was opened with is not what the person may do now; the page opens another at once.
      else if (rights(actor) !== rightsOf(actor)) end(socket, 1012, "rights changed");
    }
  };
  let checking = false;
  const timer = setInterval(() => {
    if (checking) return;
    checking = true;
    check()
      // Without a database nobody can be checked; the next round decides.
      .catch((error: unknown) => log.warn({ err: error }, "sockets.check"))
      .finally(() => {
        checking = false;
      });
  }, checkMs);

  return {
    async upgrade(request, socket, head) {
      socket.on("error", () => socket.destroy());
      const { host, origin, authorization, cookie } = request.headers;
      // Browsers always send Origin with an upgrade, and SameSite alone would let a neighbouring port in.
      const program = origin === undefined && authorization !== undefined;
      if (!hostAllowed(env, host) || !(program || originAllowed(env, origin, host))) return refuse(socket, "403 Forbidden");
      const actor = await authenticate({ authorization, cookie }, addressOf(request));
      if (!actor) return refuse(socket, "401 Unauthorized");
      actors.set(request, actor);
      server.handleUpgrade(request, socket, head, (ws) => {
        // Also of one that is only told to go: what it still sends may be no message, and nobody else would hear of that.
        ws.on("error", () => ws.terminate());
        const many = tooMany(actor);
        if (many !== null) return ws.close(manyCode, many);
        open.set(ws, actor);
        ws.once("close", () => open.delete(ws));
        server.emit("connection", ws, request);
      });
    },
    stop() {
      clearInterval(timer);
      handler.broadcastReconnectNotification();
      for (const socket of open.keys()) socket.close(1001, "going away");
      server.close();
    },
  };
}
