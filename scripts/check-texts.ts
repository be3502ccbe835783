/** What `npm run check` finds: for each kind its level, why it matters and how to mend it, in Chinese and English. */

interface FindingText {
  /** An error stops the deployment; a warning is worth a look. */
  level: "error" | "warning";
  zh: string;
  en: string;
  mendZh: string;
  mendEn: string;
}

/** `{name}` is filled in by the check. docs/deploy.md lists the kinds. */
export const FINDINGS = {
  CONFIG_INVALID: {
    level: "error",
    zh: "读不懂：{detail}",
    en: "cannot be read: {detail}",
    mendZh: "对照 git 里的上一个版本改正。",
    mendEn: "Correct it; the version in git shows its shape.",
  },
  ENV_ID_MISSING: {
    level: "error",
    zh: "没有设置环境 ID，命令行工具会停下来询问。",
    en: "the environment's id is not set: the CLI would stop and ask.",
    mendZh: "在 .env.local 里设置 CLOUDBASE_ENV_ID。",
    mendEn: "Set CLOUDBASE_ENV_ID in .env.local.",
  },
  ENV_FILE_MISSING: {
    level: "error",
    zh: "没有这个文件，部署的会是默认的值。",
    en: "there is no such file: the default values would be deployed.",
    mendZh: "建立这个文件，或者去掉 --env；CI 可以用环境变量代替文件，不写 --env。",
    mendEn: "Make the file, or leave --env out; CI may set environment variables instead, without --env.",
  },
  VARIABLE_MISSING: {
    level: "error",
    zh: "没有设置；没有它，{functions} 会拒绝调用。",
    en: "is not set; without it calls of {functions} are refused.",
    mendZh: "在 {valuesFile} 里设置，含义见 .env.example；不需要这个函数就在部署时列出其余函数的名字。",
    mendEn:
      "Set it in {valuesFile}; .env.example says what it is. Without that function: name the others when you deploy.",
  },
  VARIABLE_UNSET: {
    level: "warning",
    zh: "没有设置；{functions} 会使用默认值，或关闭与它有关的功能。",
    en: "is not set: without it the default holds for {functions}, or what it switches on is left out.",
    mendZh: "需要时在 {valuesFile} 里设置，含义见 .env.example。",
    mendEn: "Set it in {valuesFile} where you need it; .env.example says what it is.",
  },
  VALUE_CHANGED: {
    level: "error",
    zh: "{detail}，命令行工具会改动它。",
    en: "{detail}: the CLI would change it.",
    mendZh: "换一个值，或者写成 base64，在代码里解开。",
    mendEn: "Take another value, or write it in base64 and decode it in the code.",
  },
  VALUE_LOCAL: {
    level: "error",
    zh: "还是本地平台的值，在别处没有用。",
    en: "still has the local platform's value, which works nowhere else.",
    mendZh: "换成真实环境的值。",
    mendEn: "Give it the real environment's value.",
  },
  SECRET_TRACKED: {
    level: "error",
    zh: "git 管理的文件里写着 {name} 的值。",
    en: "the value of {name} stands in a file that git tracks.",
    mendZh: "从文件里删掉；提交过的，到签发它的平台更换密钥。",
    mendEn: "Take it out of the file; where it was committed, have its platform issue a new one.",
  },
  ENV_FILE_TRACKED: {
    level: "error",
    zh: "这个文件由 git 管理，里面的密钥会跟着提交。",
    en: "git tracks this file: the secrets in it are committed.",
    mendZh: "git rm --cached 这个文件，并更换里面的密钥。",
    mendEn: "git rm --cached it, and have its secrets issued anew.",
  },
  VARIABLES_TOO_LARGE: {
    level: "error",
    zh: "环境变量共 {bytes} 字节，最多 {limit}。",
    en: "its variables have {bytes} bytes, at most {limit}.",
    mendZh: "缩短值，或者把大的内容放进数据库。",
    mendEn: "Shorten values, or keep what is large in the database.",
  },
  NAME_INVALID: {
    level: "error",
    zh: "函数名不对：最多 {limit} 个字母、数字、- 和 _，以字母开头，以字母或数字结尾。",
    en: "is no function name: at most {limit} letters, digits, - and _, a letter first, a letter or digit last.",
    mendZh: "改名，functions/ 里的文件夹也一样。",
    mendEn: "Rename it, and its folder in functions/.",
  },
  NAME_TWICE: {
    level: "error",
    zh: "有两行叫这个名字。",
    en: "two rows have this name.",
    mendZh: "去掉一行。",
    mendEn: "Take one out.",
  },
  ROW_MISSING: {
    level: "error",
    zh: "functions/{name} 没有对应的行，不会部署。",
    en: "functions/{name} has no row: it would not be deployed.",
    mendZh: "照别的行加一行。",
    mendEn: "Add a row like the others.",
  },
  FOLDER_MISSING: {
    level: "error",
    zh: "没有 functions/{name}。",
    en: "there is no functions/{name}.",
    mendZh: "加上这个文件夹，或者去掉这一行。",
    mendEn: "Add the folder, or take the row out.",
  },
  KEY_UNKNOWN: {
    level: "error",
    zh: "命令行工具不认识这一项，会悄悄丢掉。",
    en: "the CLI does not know this member and drops it without a word.",
    mendZh: "改正拼写，或者去掉。",
    mendEn: "Correct its name, or take it out.",
  },
  ROOT_WRONG: {
    level: "error",
    zh: "应为 {expected}，否则部署的不是构建好的文件。",
    en: "must be {expected}: else something other than the built files is deployed.",
    mendZh: "改成 {expected}。",
    mendEn: "Set it to {expected}.",
  },
  HANDLER_WRONG: {
    level: "error",
    zh: "构建好的函数入口是 index.main。",
    en: "the entry of what is built is index.main.",
    mendZh: "改成 index.main。",
    mendEn: "Set it to index.main.",
  },
  RUNTIME_UNKNOWN: {
    level: "error",
    zh: "运行环境不对；可以是 {known}。",
    en: "is no runtime that runs this; there are {known}.",
    mendZh: "改成 Nodejs20.19。",
    mendEn: "Set it to Nodejs20.19.",
  },
  INSTALL_WRONG: {
    level: "error",
    zh: "应为 false：函数已打包，不写的话创建时会在线安装依赖，更新时又不安装。",
    en: "must be false: the function is bundled, and what is not said is true when it is made and false when it is updated.",
    mendZh: "改成 false。",
    mendEn: "Set it to false.",
  },
  TIMEOUT_RANGE: {
    level: "error",
    zh: "超时要在 {min} 到 {max} 秒之间。",
    en: "the timeout is {min} to {max} seconds.",
    mendZh: "改到这个范围里。",
    mendEn: "Set it in that range.",
  },
  TIMEOUT_SEND: {
    level: "error",
    zh: "{seconds} 秒的超时不够：等引擎 {sendMs} 毫秒，再加 {roomMs} 毫秒，才会占用记录并发起。",
    en: "{seconds} s is too short: nothing is claimed unless {sendMs} ms for the engine and {roomMs} ms more are left.",
    mendZh: "加大 timeout，或者减小 STARTFLOW_SEND_TIMEOUT_MS。",
    mendEn: "Raise timeout, or lower STARTFLOW_SEND_TIMEOUT_MS.",
  },
  TIMEOUT_WAIT: {
    level: "error",
    zh: "{seconds} 秒的超时不够：路由 {route} 最多等 {waitMs} 毫秒。",
    en: "{seconds} s is too short: the route {route} waits for up to {waitMs} ms.",
    mendZh: "加大 timeout，或者减小这条路由的 waitMs。",
    mendEn: "Raise timeout, or lower the route's waitMs.",
  },
  MEMORY_RANGE: {
    level: "error",
    zh: "内存要是 {min}，或 {step} 的倍数，最多 {max}（MB）。",
    en: "the memory is {min} or a multiple of {step}, at most {max} (MB).",
    mendZh: "改成 256。",
    mendEn: "Set it to 256.",
  },
  PATH_INVALID: {
    level: "error",
    zh: "路径以 / 开头，不以 / 结尾。",
    en: "a path begins with / and does not end with it.",
    mendZh: "例如 /v1。",
    mendEn: "For example /v1.",
  },
  PATH_TWICE: {
    level: "error",
    zh: "与 {other} 是同一个路径，只有一个会收到请求。",
    en: "has the path of {other}: only one of them gets the requests.",
    mendZh: "换一个路径。",
    mendEn: "Take another path.",
  },
  TRIGGER_INVALID: {
    level: "error",
    zh: "触发器要有 name、type 为 timer、config 为七段的 cron，最多 {limit} 个。",
    en: "a trigger has a name, the type timer and seven fields of cron in config; {limit} at most.",
    mendZh: '例如 {"name":"every-five-minutes","type":"timer","config":"0 */5 * * * * *"}。',
    mendEn: 'For example {"name":"every-five-minutes","type":"timer","config":"0 */5 * * * * *"}.',
  },
  NOT_BUILT: {
    level: "error",
    zh: "没有构建。",
    en: "is not built.",
    mendZh: "运行 npm run build。",
    mendEn: "Run npm run build.",
  },
  FILE_FOREIGN: {
    level: "error",
    zh: "不是构建出来的文件，会一起打进 zip。",
    en: "is no file of the build, and would be packed into the zip.",
    mendZh: "删掉它，再运行 npm run build。",
    mendEn: "Delete it, and run npm run build.",
  },
  ZIP_TOO_LARGE: {
    level: "error",
    zh: "压缩后约 {bytes} 字节，直接上传最多 {limit}。",
    en: "has about {bytes} bytes zipped; {limit} at most can be sent in a request.",
    mendZh: "去掉大的依赖。",
    mendEn: "Take large dependencies out.",
  },
  PARAM_CODE_FORM: {
    level: "error",
    zh: "paramCode 应为 18 位数字。",
    en: "a paramCode has 18 digits.",
    mendZh: "从控制台网络响应里的 rightId 抄过来。",
    mendEn: "Copy it from the rightId in the console's network responses.",
  },
  PARAM_CODE_TWICE: {
    level: "error",
    zh: "与 {other} 是同一个 paramCode，两个字段会填进同一个变量。",
    en: "has the paramCode of {other}: two fields would fill one variable.",
    mendZh: "从控制台网络响应里的 rightId 重新抄。",
    mendEn: "Copy each from the rightId in the console's network responses.",
  },
  PARAM_CODE_SAMPLE: {
    level: "warning",
    zh: "paramCode 是示例里的，不是你的流程的。",
    en: "the paramCode is a sample's, not one of your flow.",
    mendZh: "在控制台打开流程的开始节点，把网络面板的记录存成 HAR，再运行 npm run import-flow 读入编码。",
    mendEn:
      "Open the flow's start node in the console, save its network panel as a HAR, and read the codes by npm run import-flow.",
  },
} satisfies Record<string, FindingText>;

export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  code: FindingCode;
  level: "error" | "warning";
  file: string;
  /** The place in the file. */
  key: string;
  why: { zh: string; en: string };
  mend: { zh: string; en: string };
}

export function finding(
  code: FindingCode,
  place: { file: string; key: string },
  facts: Record<string, string | number> = {},
): Finding {
  const { level, zh, en, mendZh, mendEn }: FindingText = FINDINGS[code];
  const filled = (text: string) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(facts, name) ? String(facts[name]) : whole));
  return {
    code,
    level,
    ...place,
    why: { zh: filled(zh), en: filled(en) },
    mend: { zh: filled(mendZh), en: filled(mendEn) },
  };
}
