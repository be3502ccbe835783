/** Stands for @cloudbase/wx-cloud-client-sdk: node-sdk makes its clients in `init`, where an error would be swallowed. */
import { leftOut } from "./left-out";

const NAME = "@cloudbase/wx-cloud-client-sdk";

export default {
  /** `app.models`: to be had, and not to be called. */
  generateHTTPClient: () => leftOut(NAME),
  /** Called by `app.mysql()` and `app.rdb()`. */
  generateMySQLClient: leftOut(NAME),
};
