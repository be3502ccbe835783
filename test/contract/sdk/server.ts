/** A loopback server that answers each call of node-sdk as the cloud does, and keeps what it received without what changes by itself. */
import { readFileSync } from "node:fs";
import { answerJson, openScriptedServer, type ReceivedRequest } from "../../helpers/scripted-server";

const DOCUMENT = '{"_id":"s-1","n":{"$numberInt":"3"},"at":{"$date":{"$numberLong":"1796083200000"}}}';
const refusal = { code: "DATABASE_REQUEST_FAILED", message: "E11000 duplicate key error", requestId: "r-2" };
const cosRefusal = readFileSync("test/fixtures/cloudbase/cos-refusal.xml", "utf8");

type Body = Record<string, unknown>;
const ANSWERS: Record<string, (body: Body, url: string) => Body> = {
  "database.insertDocument": ({ collectionName }) =>
    collectionName === "refused" ? refusal : { data: { insertedIds: ["s-1"] } },
  "database.addCollection": () => ({}),
  "database.getDocument": () => ({ data: { list: [DOCUMENT] }, total: 1, limit: 20, offset: 0 }),
  "database.modifyDocument": () => ({ data: { updated: 1, upsert_id: null } }),
  "database.removeDocument": () => ({ data: { deleted: 2 } }),
  "database.calculateDocument": () => ({ data: { total: 7 } }),
  "database.aggregateDocuments": () => ({ data: { list: [DOCUMENT] } }),
  "database.startTransaction": () => ({ transactionId: "t-1" }),
  "database.getInTransaction": () => ({ data: { list: [DOCUMENT] } }),
  "database.commitTransaction": () => ({}),
  "functions.invokeFunction": ({ function_name: name }) =>
    name === "refused"
      ? { code: "FUNCTIONS_EXECUTE_FAIL", message: "refused" }
      : { data: { response_data: '{"code":0,"data":"1"}' } },
  "wx.api": () => ({ data: { responseData: '{"errcode":0}' } }),
  "storage.getUploadMetadata": ({ path }, url) => ({
    data: {
      url: `${url}/cos/${encodeURIComponent(String(path))}`,
      token: "t",
      authorization: "a",
      fileId: `cloud://e.1/${path}`,
      cosFileId: "c",
    },
  }),
  "storage.batchGetDownloadUrl": (_, url) => ({
    data: {
      download_list: [{ code: "SUCCESS", fileID: "cloud://e.1/a.pdf", tempFileURL: `${url}/file/合同.pdf?sign=1` }],
    },
  }),
  "storage.batchDeleteFile": () => ({ data: { delete_list: [{ code: "SUCCESS", fileID: "cloud://e.1/a.pdf" }] } }),
};

export async function openCloud() {
  const server = await openScriptedServer();
  server.answer = ({ path, body }, response) => {
    if (path.startsWith("/file/")) return response.end("bytes");
    if (path === "/cos/refused") return response.writeHead(403).end(cosRefusal);
    if (path.startsWith("/cos/")) return response.end(path === "/cos/no-xml" ? "no storage here" : "");
    const parsed = JSON.parse(String(body)) as Body;
    if (parsed.function_name === "broken") return response.writeHead(500).end("oops");
    if (parsed.function_name === "no-json") return response.end("oops");
    // Never answered: the SDK gives up.
    if (parsed.function_name === "slow") return response;
    answerJson(response, 200, { requestId: "r-1", ...ANSWERS[String(parsed.action)]?.(parsed, server.url) });
    return response;
  };
  return { server, sent: () => server.received.map(lasting) };
}

export const SEQUENCE_ID = /(seqId=(?:seq-)?)[0-9a-f]+(?=_)/g;
const DAY = /\/\d{4}-\d\d-\d\d\//;

/** What is another at each call: times, the sequence id, the signature, the port. */
export function lasting({ method, path, headers, body }: ReceivedRequest) {
  const { host: _, ...others } = headers;
  for (const name of ["x-client-timestamp", "x-timestamp"]) if (name in others) others[name] = "<time>";
  const signed = String(others.authorization)
    .replace(/Signature=[0-9a-f]+/, "Signature=<hex>")
    .replace(DAY, "/<day>/");
  return {
    method,
    path: path.replace(SEQUENCE_ID, "$1<time>"),
    headers: { ...others, ...(others.authorization === undefined ? {} : { authorization: signed }) },
    body: body.toString("utf8"),
  };
}
