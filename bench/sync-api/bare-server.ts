/** The limit of node:http: reads the body, and answers a text that is ready. */
import { createServer } from "node:http";

const ANSWER = '{"response":{"data":{"name":"hello world"},"code":0,"msg":"","uid":"514946913853033152"}}';

export function openBareServer(): Promise<string> {
  const server = createServer(async (request, response) => {
    for await (const _ of request);
    response.writeHead(200, { "content-type": "application/json" }).end(ANSWER);
  });
  server.unref();
  return new Promise((listening) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      listening(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
    }),
  );
}
