// Among the slow tests for its browser: whether cookies travel is the browser's decision, which no other client shows.
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../../e2e/lib/browser.ts";
import { freePort } from "../testing/free-port.ts";
import { portalCode, signIn } from "./testing/seed.ts";
import { gatewayStand, listening, type Stand } from "./testing/stand.ts";

let stand: Stand;
let portal: Server;
let browser: Browser;
let portalUrl: string;
const portalSaw: string[] = [];
const serviceSaw: { url: string; cookie: string | undefined }[] = [];

before(async () => {
  const port = await freePort();
  let sessionId = "";
  portal = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://portal");
    portalSaw.push(request.headers.cookie ?? "");
    const [, clusterId, endpoint] = /^\/go\/(\w+)\/(\w+)$/.exec(url.pathname) ?? [];
    response.setHeader("content-type", "text/html");
    if (!clusterId || !endpoint) {
      response.setHeader("set-cookie", "next-auth.session-token=portal-secret; Path=/; HttpOnly; SameSite=Lax");
      response.end("<h1>portal</h1>");
      return;
    }
    const nonceHash = url.searchParams.get("n") ?? "";
    portalCode(stand.db, { sessionId, clusterId, endpoint, nonceHash, now: new Date() }).then(
      (code) =>
        response.end(
          `<form method="post" action="${stand.origin(endpoint)}/.kindling/enter"><input type="hidden" name="code" value="${code}">` +
            `<button>Open</button></form><script>document.forms[0].submit()</script>`,
        ),
      () => response.writeHead(500).end(),
    );
  });
  portalUrl = `http://localhost:${await listening(portal)}`;
  stand = await gatewayStand(
    (request, response) => {
      serviceSaw.push({ url: request.url ?? "", cookie: request.headers.cookie });
      response.setHeader("content-type", "text/html");
      response.end("<h1>notebook</h1><script>document.cookie='theme=dark; domain=localhost'; document.cookie='mine=1'</script>");
    },
    { servicesUrl: `http://*.localhost:${port}`, portalUrl, port },
  );
  sessionId = await signIn(stand.db, "uann", new Date());
  stand.sockets.on("connection", (socket) => socket.send("kernel"));
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await stand?.close();
  await new Promise((resolve) => portal.close(resolve));
});

for (const scripts of [true, false])
  test(`a browser ${scripts ? "" : "without scripts "}comes from the portal to the page it wanted, and neither side sees the other's cookies`, async () => {
    const context = await browser.newContext({ javaScriptEnabled: scripts });
    const page = await context.newPage();
    await page.goto(portalUrl);
    serviceSaw.length = 0;
    portalSaw.length = 0;
    const wanted = `${stand.origin("jupyter")}/lab/tree/a.ipynb?reset=1`;
    if (scripts) await page.goto(wanted);
    else {
      await page.goto(wanted);
      await page.getByRole("button", { name: "Open" }).click();
    }
    await page.getByRole("heading", { name: "notebook" }).waitFor();
    assert.equal(page.url(), wanted);
    await page.goto(`${stand.origin("jupyter")}/second`);
    for (const { cookie } of serviceSaw) assert.doesNotMatch(cookie ?? "", /kindling|next-auth|portal-secret/);
    await page.goto(portalUrl);
    for (const cookie of portalSaw) assert.doesNotMatch(cookie, /kindling|mine|theme/);
    const kept = (await context.cookies()).filter(({ name }) => name.startsWith("kindling-"));
    assert.deepEqual(
      kept.map(({ name, httpOnly, domain }) => ({ name, httpOnly, domain })),
      [{ name: "kindling-session", httpOnly: true, domain: new URL(stand.origin("jupyter")).hostname }],
    );
    await context.close();
  });

test("a page of another origin cannot open a kernel's socket or read the notebook's data", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${stand.origin("jupyter")}/lab`);
  await page.getByRole("heading", { name: "notebook" }).waitFor();
  const attempt = (origin: string) =>
    page.evaluate(
      async (to) => ({
        socket: await new Promise<string>((resolve) => {
          const socket = new WebSocket(`${to.replace("http", "ws")}/api/kernels/1/channels`);
          socket.onmessage = (event) => resolve(String(event.data));
          socket.onerror = () => resolve("refused");
        }),
        data: await fetch(`${to}/api/contents`, { credentials: "include" }).then(
          (answer) => `status ${answer.status}`,
          () => "refused",
        ),
      }),
      origin,
    );
  assert.deepEqual(await attempt(stand.origin("jupyter")), { socket: "kernel", data: "status 200" });
  await page.goto(portalUrl);
  serviceSaw.length = 0;
  assert.deepEqual(await attempt(stand.origin("jupyter")), { socket: "refused", data: "refused" });
  assert.deepEqual(serviceSaw, []);
  await context.close();
});
