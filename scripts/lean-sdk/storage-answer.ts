/** Stands for xml2js in node-sdk, which reads one thing with it: what the object storage answers to an upload. */

type Answer = { Error?: Record<string, string[]> } | null;

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The signature is xml2js's. */
export function parseString(body: unknown, done: (error: Error | null, answer?: Answer) => void): void {
  const xml = String(body).trim();
  if (xml === "" || xml.startsWith("<")) done(null, answerOf(xml));
  else done(new Error(`the storage answered no XML: ${xml.slice(0, 100)}`));
}

/** Nothing where the upload went well, else `<Error>` with one level of elements. */
function answerOf(xml: string): Answer {
  if (xml === "") return null;
  const inside = /<Error>([\s\S]*)<\/Error>/.exec(xml)?.[1];
  if (inside === undefined) return {};
  const members: Record<string, string[]> = {};
  for (const [, name = "", text = ""] of inside.matchAll(/<(\w+)>([^<]*)<\/\1>/g)) members[name] = [decoded(text)];
  return { Error: members };
}

function decoded(text: string): string {
  return text.replace(/&(\w+|#\d+|#x[\da-f]+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(Number(name.replace(/^#x/i, "0x").replace("#", "")));
  });
}
