/** What Tencent Cloud and its CLI allow of a function: every limit that `npm run check` holds a row to. */

export const DEPLOY_LIMITS = {
  /** https://cloud.tencent.com/document/product/583/11637 */
  minTimeoutSeconds: 1,
  maxTimeoutSeconds: 900,
  /** 64, then steps of 128. https://cloud.tencent.com/document/product/583/18586 */
  minMemoryMb: 64,
  maxMemoryMb: 3_072,
  memoryStepMb: 128,
  /** Names and values of one function together. https://cloud.tencent.com/document/product/583/30228 */
  variablesBytes: 4_096,
  /** https://cloud.tencent.com/document/product/583/11637 */
  nameLength: 60,
  timersPerFunction: 10,
  /** Of `--deployMode zip`: what @cloudbase/cli 2.12.10 sends in the request itself. */
  zipBytes: 1_500_000,
} as const;

/** Of @cloudbase/cli 2.12.10 (RuntimeOptions), those that run what is built here: Node 18 and later. */
export const RUNTIMES: readonly string[] = ["Nodejs18.15", "Nodejs20.19", "Nodejs22.21", "Nodejs24.11"];

/** Letters, digits, - and _; a letter first, none of - and _ last. https://cloud.tencent.com/document/product/583/18586 */
export const FUNCTION_NAME = /^[A-Za-z]([\w-]*[A-Za-z0-9])?$/;

/** The members of a row that @cloudbase/cli 2.12.10 passes on or reads itself; it drops every other one without a word. */
export const ROW_KEYS: readonly string[] = [
  "name,handler,runtime,timeout,memorySize,description,type,role,clsLogsetId,clsTopicId,deadLetterConfig",
  "publicNetConfig,cfsConfig,initTimeout,tags,protocolType,intranetConfig,installDependency,l5,asyncRunEnable",
  "traceEnable,autoDeployClsTopicIndex,autoCreateClsTopic,dnsCache,envVariables,vpc,layers,codeSecret",
  "protocolParams,instanceConcurrencyConfig,imageConfig,dir,ignore,triggers,path,config",
].flatMap((line) => line.split(","));

/** Seven fields, with seconds and years. https://cloud.tencent.com/document/product/583/9708 */
export const TIMER = /^\S+( \S+){6}$/;
