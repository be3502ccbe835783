/** Every call of node-sdk that the bundle makes or hands on, one after the other; what came of each is printed as JSON. */
const tcb = require(process.argv[2]);

const app = tcb.init({ env: tcb.SYMBOL_CURRENT_ENV });
const database = app.database();
const { command, serverDate } = database;
const records = database.collection("startflow_submissions");
const ago = serverDate.call(database, { offset: -60_000 });

const CALLS = {
  user: () => app.auth().getUserInfo(),
  "database: add": () =>
    records.add({ _id: "s-1", state: "dispatched", 事由: "探亲", n: 3, at: serverDate.call(database) }),
  "database: add without an id": () => records.add({ days: 1.5, list: [1, "2", null], big: 1e18 }),
  "database: createCollection": () => database.createCollection("startflow_locks"),
  "database: doc.get": () => records.doc("s-1").get(),
  "database: doc.set": () => records.doc("s-1").set({ state: "started" }),
  "database: doc.update": () => records.doc("s-1").update({ "request.path": "/x", n: command.inc(1) }),
  "database: doc.remove": () => records.doc("s-1").remove(),
  "database: where.limit.get": () =>
    records
      .where({ state: command.in(["unknown", "free"]) })
      .limit(20)
      .get(),
  "database: where.orderBy.skip.field.get": () =>
    records
      .where({ n: command.neq(1) })
      .orderBy("claimedAt", "desc")
      .skip(2)
      .field({ state: true })
      .get(),
  "database: where with or": () =>
    records.where(command.or([{ _id: "a" }, { n: command.gt(1).and(command.lt(5)) }])).get(),
  "database: where with times": () => records.where({ a: command.lte(ago), b: command.gte(ago) }).get(),
  "database: where.update": () =>
    records
      .where({ _id: "s-1", token: "t" })
      .update({ output: command.set({ a: { b: 1 } }), failures: command.inc(1) }),
  "database: where.remove": () => records.where({ at: command.lt(ago) }).remove(),
  "database: count": () => records.where({}).count(),
  "database: aggregate": () => records.aggregate().match({ n: 1 }).group({ _id: "$state" }).limit(5).end(),
  "database: runTransaction": () =>
    database.runTransaction(async (transaction) => {
      await transaction.collection("c").doc("d").get();
      await transaction
        .collection("c")
        .doc("d")
        .update({ n: command.inc(1) });
      return "kept";
    }),
  "database: a refusal": () => database.collection("refused").add({ _id: "twice" }),
  callFunction: () =>
    app.callFunction({ name: "lowcode-datasource", data: { methodName: "callWedaApi", 天数: 3 } }, { timeout: 8_000 }),
  "callFunction without data": () => app.callFunction({ name: "sweep" }),
  "callFunction that is refused": () => app.callFunction({ name: "refused", data: {} }),
  "callFunction: HTTP 500": () => app.callFunction({ name: "broken", data: {} }),
  "callFunction: no JSON": () => app.callFunction({ name: "no-json", data: {} }),
  "callFunction: too slow": () => app.callFunction({ name: "slow", data: {} }, { timeout: 200 }),
  callWxOpenApi: () => app.callWxOpenApi({ apiName: "/wxa/x", cgiName: "x", requestData: { a: 1 } }),
  getTempFileURL: () =>
    app.getTempFileURL({ fileList: ["cloud://e.1/a.pdf", { fileID: "cloud://e.1/b.pdf", maxAge: 60 }] }),
  uploadFile: () => app.uploadFile({ cloudPath: "sync/合同.pdf", fileContent: Buffer.from("bytes of a file") }),
  "uploadFile that is refused": () => app.uploadFile({ cloudPath: "refused", fileContent: Buffer.from("bytes") }),
  "uploadFile: no XML": () => app.uploadFile({ cloudPath: "no-xml", fileContent: Buffer.from("bytes") }),
  downloadFile: async () => String((await app.downloadFile({ fileID: "cloud://e.1/a.pdf" })).fileContent),
  deleteFile: () => app.deleteFile({ fileList: ["cloud://e.1/a.pdf"] }),
  parseContext: () =>
    tcb.parseContext({ memory_limit_in_mb: 256, time_limit_in_ms: 20000, request_id: "r", environ: "A=1;B=2" }),
};

(async () => {
  const results = {};
  for (const [name, call] of Object.entries(CALLS)) {
    const failed = ({ code, message }) => ({ code, message });
    results[name] = await Promise.resolve()
      .then(call)
      .then((value) => ({ value }), failed);
  }
  process.stdout.write(JSON.stringify(results));
  // Connections that are kept alive would keep the process, too.
  process.exit(0);
})();
