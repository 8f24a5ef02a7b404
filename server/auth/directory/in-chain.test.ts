import assert from "node:assert/strict";
import { it } from "node:test";
import ldap from "ldapjs";
import { directoryDefaults } from "../../services/directory/schemas.ts";
import { createDirectory } from "./directory.ts";

const base = "dc=corp";
const people = [{ dn: `cn=Ann,${base}`, attributes: { objectclass: ["user"], samaccountname: ["ann"], memberof: [`cn=Staff,${base}`] } }];
const groups: Record<string, string[]> = {
  Staff: [`cn=Ann,${base}`],
  Two: [`cn=Staff,${base}`],
  Three: [`cn=Two,${base}`],
  Four: [`cn=Three,${base}`],
};

interface Request {
  scope: string | number;
  dn: unknown;
  filter: { toString(): string; matches(attributes: Record<string, string[]>): boolean };
}
interface Response {
  send(entry: object): void;
  end(): void;
}

/** Which groups hold an entry through others: what Active Directory works out by itself. */
function chain(member: string): string[] {
  const direct = Object.keys(groups).filter((name) => groups[name]?.some((one) => one.toLowerCase() === member.toLowerCase()));
  return direct.flatMap((name) => [name, ...chain(`cn=${name},${base}`)]);
}

it("asks a server that says it is an Active Directory by its in-chain rule: one question for all levels", async () => {
  const server = ldap.createServer();
  const asked: string[] = [];
  server.bind("", (_: unknown, response: Response, next: () => void) => {
    response.end();
    next();
  });
  server.search("", (request: Request, response: Response, next: () => void) => {
    const filter = request.filter.toString();
    if (String(request.dn) === "") {
      response.send({ dn: "", attributes: { objectclass: ["top"], supportedcapabilities: ["1.2.840.113556.1.4.800"] } });
    } else if (filter.includes("1.2.840.113556.1.4.1941")) {
      asked.push(filter);
      const member = /:=([^)]+)\)/.exec(filter)?.[1] ?? "";
      for (const name of chain(member)) response.send({ dn: `cn=${name},${base}`, attributes: { objectclass: ["group"], cn: [name] } });
    } else {
      if (/member\w*=cn/i.test(filter)) asked.push(filter);
      for (const entry of people) if (request.filter.matches(entry.attributes)) response.send(entry);
    }
    response.end();
    next();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  try {
    const url = `ldap://127.0.0.1:${Number(new URL(server.url).port)}`;
    const config = {
      ...directoryDefaults,
      loginAttributes: ["samaccountname"],
      servers: [url],
      startTls: false,
      base,
      bindDn: "cn=search",
      bindPassword: "x",
      ca: undefined,
    };
    const found = (await createDirectory(config).look(["ann"])).get("ann");
    assert.ok(found?.state === "here");
    assert.deepEqual(found.user.groups, ["cn=four,dc=corp", "cn=staff,dc=corp", "cn=three,dc=corp", "cn=two,dc=corp"]);
    assert.equal(asked.length, 1);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});
