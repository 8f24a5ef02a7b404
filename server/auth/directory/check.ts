import type { Client, Entry } from "ldapts";
import type { TestResult, TestStep } from "../../services/directory/schemas.ts";
import type { DirectoryConfig } from "./config.ts";
import { ConnectError, close, openConnection } from "./connect.ts";
import { asSearcher, boundName, describePerson, passwordIsRight } from "./directory.ts";
import { canonicalName, disabled } from "./entry.ts";
import { followsChains, groupReader } from "./groups.ts";
import { findBound, findPerson, showsPeople } from "./people.ts";
import { problemWords } from "./words.ts";

export interface Checked {
  steps: TestStep[];
  person: TestResult["person"];
}

/** Does what a sign-in does, one step after the other and at every server, and says what each came to. Never throws. */
export async function checkDirectory(
  config: DirectoryConfig,
  who: { username?: string | undefined; password?: string | undefined },
  now: () => Date,
): Promise<Checked> {
  const steps: TestStep[] = [];
  let began = performance.now();
  const add = (step: Omit<TestStep, "milliseconds">, timed = true): void => {
    steps.push({ ...step, milliseconds: timed ? Math.round(performance.now() - began) : null });
    began = performance.now();
  };
  let good: { client: Client; url: string } | null = null;
  for (const url of config.servers) {
    began = performance.now();
    const client = await tryServer(config, url, add);
    if (client && !good) good = { client, url };
    else if (client) await close(client);
  }
  if (!good) return { steps, person: null };
  try {
    return { steps, person: await tryPerson(config, good, who, now, add) };
  } catch (error) {
    add({ id: "person", title: "Search", server: good.url, outcome: "failed", detail: problemWords(error) });
    return { steps, person: null };
  } finally {
    await close(good.client);
  }
}

type Add = (step: Omit<TestStep, "milliseconds">, timed?: boolean) => void;

/** Connect, encrypt, sign in as the account that searches. @returns null when one of them failed */
async function tryServer(config: DirectoryConfig, url: string, add: Add): Promise<Client | null> {
  const plain = /^ldap:/i.test(url) && !config.startTls;
  const socket = /^ldapi:/i.test(url);
  let connected = false;
  let client: Client;
  try {
    const opened = await openConnection(config, url, (stage) => {
      if (stage !== "connect") return;
      connected = true;
      add({ id: "connect", title: "Connect", server: url, outcome: "ok", detail: socket ? "The socket answers." : "The port answers." });
    });
    client = opened.client;
    const safe = opened.encryption ?? (socket ? "Not needed: a socket of this machine." : null);
    if (plain)
      add(
        { id: "tls", title: "Encryption", server: url, outcome: "warning", detail: "None, as set: the server is on this machine." },
        false,
      );
    else add({ id: "tls", title: "Encryption", server: url, outcome: "ok", detail: safe ?? "TLS" });
  } catch (error) {
    const id = connected || (error instanceof ConnectError && error.stage === "tls") ? "tls" : "connect";
    add({ id, title: id === "tls" ? "Encryption" : "Connect", server: url, outcome: "failed", detail: problemWords(error) });
    return null;
  }
  const title = "Sign in of the account that searches";
  try {
    await asSearcher(client, config, url);
  } catch (error) {
    add({ id: "bind", title, server: url, outcome: "failed", detail: problemWords(error) });
    await close(client);
    return null;
  }
  const detail = { service: `As ${config.bindDn ?? ""}.`, anonymous: "Anonymously, as set.", direct: "People bind themselves." }[
    config.bind
  ];
  add({ id: "bind", title, server: url, outcome: config.bind === "service" ? "ok" : "skipped", detail });
  return client;
}

async function tryPerson(
  config: DirectoryConfig,
  { client, url }: { client: Client; url: string },
  { username, password }: { username?: string | undefined; password?: string | undefined },
  now: () => Date,
  add: Add,
): Promise<TestResult["person"]> {
  const name = username?.toLowerCase() ?? "";
  if (config.bind !== "direct") {
    const shown = await showsPeople(client, config);
    const words = shown
      ? `People are found below ${config.base}.`
      : `Nobody is found below ${config.base}. Is the base right, may the account read people, and does a filter leave everybody out?`;
    add({ id: "base", title: "Search for people", server: url, outcome: shown ? "ok" : "failed", detail: words });
    if (!shown) return null;
  }
  if (name === "") {
    add(
      {
        id: "person",
        title: "Find a person",
        server: url,
        outcome: "skipped",
        detail: "Give somebody's user name to see their groups and roles.",
      },
      false,
    );
    return null;
  }
  if (config.bind === "direct" && !password) {
    const detail = "People bind themselves, so that nobody can be looked up without their password.";
    add({ id: "person", title: `Find ${name}`, server: url, outcome: "skipped", detail }, false);
    return null;
  }
  let right: boolean | null = null;
  let entry: Entry | null = null;
  if (config.bind === "direct") {
    const bound = boundName(config.userDn ?? "{username}", name);
    right = await passwordIsRight(config, url, bound, password ?? "");
    add({ id: "password", title: "Password", server: url, outcome: right ? "ok" : "failed", detail: passwordWords(bound, right) });
    if (!right) return null;
    await client.bind(bound, password ?? "");
    entry = await findBound(client, config, bound, name);
  } else entry = await findPerson(client, config, name);
  const account = entry && canonicalName(entry, config.loginAttributes);
  if (!entry || account === null) {
    const detail = `Nobody, or more than one, has ${config.loginAttributes.join(" or ")} = ${name} below ${config.base}.`;
    add({ id: "person", title: `Find ${name}`, server: url, outcome: "failed", detail });
    return null;
  }
  const off = disabled(entry, now());
  const detail = off ? `${entry.dn} is disabled there, so that it is let in nowhere.` : entry.dn;
  add({ id: "person", title: `Find ${name}`, server: url, outcome: off ? "failed" : "ok", detail });
  if (right === null && password) {
    right = await passwordIsRight(config, url, entry.dn, password);
    add({ id: "password", title: "Password", server: url, outcome: right ? "ok" : "failed", detail: passwordWords(entry.dn, right) });
  }
  const chains = await followsChains(client, config);
  const groups = await (await groupReader(client, config)).of(entry, account);
  const how =
    config.nested === "none" ? "without nested ones" : chains ? "by the server's in-chain rule" : "by walking from group to group";
  const found = groups.length === 0 ? "In no group" : groups.length === 1 ? "1 group" : `${groups.length} groups`;
  add({ id: "groups", title: "Groups", server: url, outcome: groups.length > 0 ? "ok" : "warning", detail: `${found}, read ${how}.` });
  return off ? null : describePerson(entry, account, groups, config.base);
}

function passwordWords(name: string, right: boolean): string {
  return right ? `${name} signs in with it.` : `${name} is refused with it.`;
}
