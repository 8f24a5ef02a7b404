import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { jupyterSecret } from "./testing/seed.ts";
import { asPage, gatewayStand, type Stand } from "./testing/stand.ts";

let stand: Stand;
const seen: { url: string; headers: Record<string, unknown>; body: string }[] = [];

before(async () => {
  stand = await gatewayStand((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      seen.push({ url: request.url ?? "", headers: request.headers, body });
      response.setHeader("set-cookie", ["theme=dark; Path=/; Domain=services.test", "kindling-session=stolen", "_xsrf=1; Path=/"]);
      response.setHeader("clear-site-data", '"cookies"');
      response.setHeader("access-control-allow-origin", "*");
      response.end(`service saw ${request.method} ${request.url}`);
    });
  });
});
after(() => stand.close());

test("a first visit asks the portal, comes back signed in at the page it wanted, and reaches the service", async () => {
  const first = await stand.go("jupyter", { path: "/lab/tree/flights.ipynb?x=1", headers: asPage });
  assert.equal(first.status, 302);
  const location = first.headers.location ?? "";
  assert.match(location, /^http:\/\/portal\.test:3000\/go\/cflights\/jupyter\?n=[0-9a-f]{64}$/);
  const { entered, cookie } = await stand.login("jupyter", "uann", "/lab/tree/flights.ipynb?x=1");
  assert.equal(entered.status, 303);
  assert.equal(entered.headers.location, "/lab/tree/flights.ipynb?x=1");
  const page = await stand.go("jupyter", { path: "/lab/tree/flights.ipynb?x=1", headers: { cookie } });
  assert.equal(page.body, "service saw GET /lab/tree/flights.ipynb?x=1");
});

test("a visit of the root lands where the endpoint's link leads", async () => {
  assert.equal((await stand.login("jupyter")).entered.headers.location, "/lab");
});

test("the service gets its own token and none of the platform's cookies", async () => {
  const { cookie } = await stand.login("jupyter");
  seen.length = 0;
  await stand.go("jupyter", {
    path: "/api",
    headers: { cookie: `${cookie}; next-auth.session-token=portal; theme=dark`, authorization: "Bearer personal" },
  });
  const [last] = seen;
  assert.equal(last?.headers.cookie, "theme=dark");
  assert.equal(last?.headers.authorization, `token ${jupyterSecret}`);
  assert.equal(last?.headers["x-forwarded-proto"], "http");
  assert.equal(last?.headers["x-forwarded-host"], stand.hostOf("jupyter"));
});

test("the browser gets the service's cookies for this host only, and none that name the platform's", async () => {
  const { cookie } = await stand.login("jupyter");
  const answer = await stand.go("jupyter", { path: "/api", headers: { cookie } });
  assert.deepEqual(answer.headers["set-cookie"], ["theme=dark; Path=/", "_xsrf=1; Path=/"]);
  assert.equal(answer.headers["clear-site-data"], undefined);
  assert.equal(answer.headers["access-control-allow-origin"], undefined);
});

test("a script that is not signed in gets 401 as JSON", async () => {
  const answer = await stand.go("jupyter", { path: "/api/kernels", headers: { accept: "application/json" } });
  assert.equal(answer.status, 401);
  assert.equal(JSON.parse(answer.body).error.code, "not_signed_in");
  assert.equal(answer.headers["set-cookie"], undefined);
});

test("an upload of 8 MB arrives whole", async () => {
  const { cookie } = await stand.login("jupyter");
  seen.length = 0;
  const body = "x".repeat(8 * 1024 * 1024);
  const answer = await stand.go("jupyter", {
    method: "PUT",
    path: "/api/contents/a",
    headers: { cookie, origin: stand.origin("jupyter") },
    body,
  });
  assert.equal(answer.status, 200);
  assert.equal(seen[0]?.body.length, body.length);
});
