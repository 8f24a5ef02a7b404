import fc from "fast-check";

/** What means something to a shell, SQL, LDAP, a template, a path, a header, a log or a terminal. */
const whole = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "$(touch /tmp/kindling-fuzz)",
  "`touch /tmp/kindling-fuzz`",
  "; touch /tmp/kindling-fuzz #",
  "| touch /tmp/kindling-fuzz",
  "&& touch /tmp/kindling-fuzz",
  "\ntouch /tmp/kindling-fuzz\n",
  "--help",
  "-rf",
  "--",
  "' OR '1'='1",
  '\'; DROP TABLE "Cluster"; --',
  "*)(uid=*))(|(uid=*",
  "\\2a\\28",
  "../../../../etc/passwd",
  "/etc/passwd",
  "..%2f..%2fetc%2fpasswd",
  "file:///etc/passwd",
  "$" + "{jndi:ldap://127.0.0.1:1/a}",
  "{{7*7}}",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "\r\nSet-Cookie: a=b\r\n\r\n",
  "%0d%0aSet-Cookie:%20a=b",
  "%s%s%n%x",
  "\u001b]0;title\u0007\u001b[2J",
  "\u202e\u2066rtl",
  "\ud800",
  "\udfff\ud800",
  "\ufeff\ufffe",
  "__proto__",
  "constructor",
  "null",
  "undefined",
  "NaN",
  "1e309",
  "-1",
  "99999999999999999999",
  "٣",
  "ǅ",
  "a".repeat(10_000),
  "%".repeat(300),
  "\\".repeat(64),
  "(".repeat(500),
];

const signs = [..."$`;|&<>()[]{}*?!~#%^\"'\\/.,:=@+- \t\n\r\u001b\u007f\u0085\u2028\u202eé٣aZ0_"];

const noise = fc.array(fc.constantFrom(...signs), { minLength: 1, maxLength: 24 }).map((parts) => parts.join(""));
// fast-check's own strings of anything first make a table of all of Unicode, which takes seconds, and leave out halves of pairs.
const anything = fc.array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 30 }).map((points) => String.fromCodePoint(...points));
const bad = fc.oneof(fc.constantFrom(...whole), noise, anything);

/** A string that is trouble somewhere. @param likely a value that would do, to get past what only looks at its beginning or end */
export function metacharacters(likely: string): fc.Arbitrary<string> {
  return fc.oneof(
    bad,
    bad.map((text) => likely + text),
    bad.map((text) => text + likely),
    bad.map((text) => likely.slice(0, 1) + text + likely.slice(1)),
  );
}
