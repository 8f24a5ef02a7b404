import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readResponse, writeCall, XmlFault } from "./xml.ts";

const wrap = (value: string) => `<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n${value}</param></params></methodResponse>`;

describe("XML-RPC", () => {
  it("reads what supervisor writes", () => {
    const text = wrap(
      "<value><array><data>\n<value><struct>\n<member>\n<name>name</name>\n<value><string>a &lt;b&gt; &amp; &#233;</string></value>\n</member>\n<member><name>pid</name><value><int>-7</int></value></member><member><name>ok</name><value><boolean>1</boolean></value></member></struct></value>\n<value>bare</value><value><string/></value><value><array><data></data></array></value></data></array></value>",
    );
    assert.deepEqual(readResponse(text), [{ name: "a <b> & é", pid: -7, ok: true }, "bare", "", []]);
  });

  it("turns a fault into an error with its code", () => {
    const fault =
      "<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>60</int></value></member><member><name>faultString</name><value><string>ALREADY_STARTED: x</string></value></member></struct></value></fault></methodResponse>";
    assert.throws(
      () => readResponse(fault),
      (error) => error instanceof XmlFault && error.code === 60 && error.message.includes("ALREADY_STARTED"),
    );
  });

  it("carries any text through a call", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter((t) => !t.includes("\u0000")),
        (text) => {
          const value = /<value>(.*)<\/value>/s.exec(writeCall("m", [text]))?.[1] ?? "";
          assert.equal(readResponse(wrap(`<value>${value}</value>`)), text);
        },
      ),
    );
  });

  it("ends at once with hostile answers", () => {
    const deep = `${"<value><array><data>".repeat(100)}${"</data></array></value>".repeat(100)}`;
    const long = `<value><array><data>${"<value>x</value>".repeat(30_000)}</data></array></value>`;
    const entity = `<!DOCTYPE x [<!ENTITY a "b">]><methodResponse><params><param><value>&a;</value></param></params></methodResponse>`;
    for (const text of [wrap(deep), wrap(long), entity, "", "<methodResponse>", wrap("<value><int>1"), wrap("<value><evil/></value>")])
      assert.throws(() => readResponse(text));
  });

  it("never throws anything but an Error, whatever comes", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            "<value>",
            "</value>",
            "<array>",
            "<data>",
            "</data>",
            "<struct>",
            "<member>",
            "<name>",
            "x",
            "&#1;",
            "<int>",
            "</int>",
            "&#9999999;",
          ),
        ),
        (parts) => {
          try {
            readResponse(wrap(parts.join("")));
          } catch (error) {
            assert.ok(error instanceof Error);
          }
        },
      ),
    );
  });
});
