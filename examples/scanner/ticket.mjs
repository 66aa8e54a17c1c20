// Checks ticket codes of Avondkassa without a connection, with Web Crypto alone: in a browser, a service worker or Node.
//
//     const keys = await keysFrom(await response.json());   // the house's key set, fetched once while online
//     const genuine = await read(code, keys);               // { event, ticket }, or null where the code does not count
//
// docs/ticket-code.md describes the format. From a shell: node ticket.mjs KEYS.json < codes.txt

const VERSION = 1;
const [KEY, EVENT, TICKET, SIGNATURE, END] = [1, 9, 25, 41, 105];

/** The public keys of a JSON Web Key Set by their key id. */
export async function keysFrom(document) {
  const known = new Map();
  for (const { kty, crv, x, kid } of document.keys) {
    known.set(kid, await crypto.subtle.importKey("jwk", { kty, crv, x }, "Ed25519", false, ["verify"]));
  }
  return known;
}

/** What a code says; null where it is malformed, of an unknown key, or not signed by its key. */
export async function read(code, keys) {
  const raw = bytes(code.trim());
  if (raw === null || raw.length !== END || raw[0] !== VERSION) return null;
  const key = keys.get(hex(raw.subarray(KEY, EVENT)));
  if (key === undefined) return null;
  const genuine = await crypto.subtle.verify("Ed25519", key, raw.subarray(SIGNATURE), raw.subarray(0, SIGNATURE));
  return genuine ? { event: uuid(raw.subarray(EVENT, TICKET)), ticket: uuid(raw.subarray(TICKET, SIGNATURE)) } : null;
}

function bytes(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  } catch {
    return null;
  }
}

function hex(raw) {
  return Array.from(raw, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function uuid(raw) {
  return hex(raw).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

if (typeof process !== "undefined" && process.argv?.[1]?.endsWith("ticket.mjs")) {
  const { readFileSync } = await import("node:fs");
  const keys = await keysFrom(JSON.parse(readFileSync(process.argv[2], "utf8")));
  for (const code of readFileSync(0, "utf8").trim().split("\n")) {
    const genuine = await read(code, keys);
    console.log(genuine === null ? "forged" : `${genuine.event} ${genuine.ticket}`);
  }
}
