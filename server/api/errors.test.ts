import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, it } from "node:test";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import { createDb } from "../db.ts";
import { notFound, UserError } from "../errors.ts";
import { publicError } from "./errors.ts";

const wrapped = (cause: Error) => new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause });

describe("what a person reads when something is thrown", () => {
  it("is the sentence that was meant for them, with its field", () => {
    const { code, kind, message, field, unexpected } = publicError(wrapped(new UserError("conflict", "Taken.", "name")));
    assert.deepEqual([code, kind, message, field, unexpected], ["CONFLICT", "conflict", "Taken.", "name", false]);
    assert.equal(publicError(notFound("cluster")).code, "NOT_FOUND");
  });
  it("is the schema's own sentence", () => {
    const { error } = z.object({ name: z.string().min(1, "A cluster needs a name.") }).safeParse({ name: "" });
    assert.ok(error);
    const found = publicError(new TRPCError({ code: "BAD_REQUEST", cause: error }));
    assert.deepEqual([found.kind, found.message, found.field], ["bad_request", "A cluster needs a name.", "name"]);
  });
  it("says that the database is away, whichever layer noticed", () => {
    for (const code of ["ECONNREFUSED", "57P01", "P1001"]) {
      const found = publicError(wrapped(new Error("query", { cause: Object.assign(new Error("inner"), { code }) })));
      assert.deepEqual([found.kind, found.unexpected], ["unavailable", true], code);
      assert.match(found.message, /database does not answer/);
    }
  });
  it("says so, too, when a connection ends in the middle of a question, of which the driver has only words", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end());
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const db = createDb(`postgresql://somebody@127.0.0.1:${port}/site`, 1);
    try {
      const error = await db.installation.findFirst().catch((thrown: unknown) => thrown);
      assert.ok(error instanceof Error);
      assert.equal(publicError(wrapped(error)).kind, "unavailable", error.message);
    } finally {
      await db.$disconnect();
      server.close();
    }
    // A server that is shut down says so first, which Prisma hands on beside its own error.
    const cause = {
      originalCode: "57P01",
      kind: "postgres",
      code: "57P01",
      message: "terminating connection due to administrator command",
    };
    const meta = { modelName: "Session", driverAdapterError: new Error("postgres", { cause }) };
    const known = Object.assign(new Error("Invalid `prisma.session.findFirst()` invocation"), { code: "P2039", meta });
    assert.equal(publicError(wrapped(known)).kind, "unavailable");
    assert.equal(publicError(known).kind, "unavailable");
    for (const message of ["Connection terminated unexpectedly", "Client has encountered a connection error and is not queryable"])
      assert.equal(publicError(wrapped(new Error(message))).kind, "unavailable", message);
    assert.equal(publicError(wrapped(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))).kind, "unavailable");
  });
  it("says nothing of the inside of what nobody foresaw", () => {
    const found = publicError(wrapped(new Error("password=hunter2 at /srv/secret.ts")));
    assert.deepEqual([found.code, found.unexpected], ["INTERNAL_SERVER_ERROR", true]);
    assert.ok(!/hunter2|secret/.test(found.message));
    for (const odd of [null, undefined, "text", 42, {}]) assert.equal(publicError(odd).kind, "internal");
  });
});
