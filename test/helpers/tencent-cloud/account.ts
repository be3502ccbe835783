/** What the stand-in for Tencent Cloud's API knows: one environment, its functions, timers and paths; and its faults. */
export interface CloudFunction {
  name: string;
  runtime: string;
  handler: string;
  timeout: number;
  memorySize: number;
  variables: { Key: string; Value: string }[];
  triggers: { TriggerName: string; Type: string; TriggerDesc: string }[];
  /** Every zip that was uploaded for it, the newest last. */
  zips: Buffer[];
}

export interface Account {
  envId: string;
  functions: Map<string, CloudFunction>;
  /** HTTP path -> function. */
  paths: Map<string, string>;
  /** `<action>` or `<action>:<function>` -> error code that it answers. */
  failures: Map<string, string>;
  /** Functions that stay in a state. */
  stuck: Map<string, string>;
  /** Members that GetFunction answers other than they are. */
  changes: Map<string, Record<string, unknown>>;
}

export class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface Code {
  ZipFile?: string;
}
export interface Params {
  FunctionName?: string;
  Namespace?: string;
  EnvId?: string;
  Runtime?: string;
  Handler?: string;
  Timeout?: number;
  MemorySize?: number;
  Environment?: { Variables: { Key: string; Value: string }[] };
  Code?: Code;
  Triggers?: string;
  Path?: string;
  Name?: string;
  ServiceId?: string;
}

type Action = (account: Account, params: Params) => object;

function functionOf({ functions, envId }: Account, { FunctionName = "", Namespace }: Params): CloudFunction {
  const found = functions.get(FunctionName);
  if (Namespace !== envId) throw new Refusal("ResourceNotFound.Namespace", "no such namespace");
  if (found === undefined) throw new Refusal("ResourceNotFound.Function", "no such function");
  return found;
}

function zipOf({ Code }: Params): Buffer {
  const zip = Buffer.from(Code?.ZipFile ?? "", "base64");
  if (zip.length === 0) throw new Refusal("InvalidParameterValue.Code", "no code");
  return zip;
}

/** By name, as the CLI and `npm run deploy` call them. https://cloud.tencent.com/document/api/583/17234 */
export const ACTIONS: Record<string, Action> = {
  DescribeEnvs: ({ envId }, { EnvId = envId }) => {
    const functions = [{ Namespace: envId, Region: "ap-shanghai" }];
    const storages = [{ AppId: "1250000000", Bucket: "b", Region: "ap-shanghai", CdnDomain: "b.example.com" }];
    const row = { EnvId: envId, Status: "NORMAL", Region: "ap-shanghai", EnvType: "baas", Functions: functions };
    return { EnvList: EnvId === envId ? [{ ...row, Storages: storages, Databases: [], LogServices: [] }] : [] };
  },
  CreateFunction: ({ functions }, params) => {
    const { FunctionName: name = "", Environment } = params;
    if (functions.has(name)) throw new Refusal("ResourceInUse.FunctionName", "there is one of this name");
    functions.set(name, {
      name,
      runtime: params.Runtime ?? "",
      handler: params.Handler ?? "",
      timeout: params.Timeout ?? 0,
      memorySize: params.MemorySize ?? 0,
      variables: Environment?.Variables ?? [],
      triggers: [],
      zips: [zipOf(params)],
    });
    return {};
  },
  UpdateFunctionCode: (account, params) => {
    const known = functionOf(account, params);
    known.zips.push(zipOf(params));
    known.handler = params.Handler ?? known.handler;
    return {};
  },
  UpdateFunctionConfiguration: (account, params) => {
    const known = functionOf(account, params);
    known.timeout = params.Timeout ?? known.timeout;
    known.memorySize = params.MemorySize ?? known.memorySize;
    known.variables = params.Environment?.Variables ?? known.variables;
    return {};
  },
  GetFunction: (account, params) => {
    const known = functionOf(account, params);
    return {
      FunctionName: known.name,
      Namespace: account.envId,
      Type: "Event",
      Status: account.stuck.get(known.name) ?? "Active",
      Runtime: known.runtime,
      Handler: known.handler,
      Timeout: known.timeout,
      MemorySize: known.memorySize,
      CodeSize: known.zips.at(-1)?.length ?? 0,
      InstallDependency: "FALSE",
      Environment: { Variables: known.variables },
      Triggers: known.triggers.map((one) => ({ ...one, TriggerDesc: JSON.stringify({ cron: one.TriggerDesc }) })),
      ...account.changes.get(known.name),
    };
  },
  BatchCreateTrigger: (account, params) => {
    const known = functionOf(account, params);
    const given = JSON.parse(params.Triggers ?? "[]") as CloudFunction["triggers"];
    // Assumed: the CLI makes them at every update too, so that one of the same name is replaced.
    const others = known.triggers.filter((one) => !given.some(({ TriggerName }) => TriggerName === one.TriggerName));
    known.triggers = [...others, ...given];
    return {};
  },
  CreateCloudBaseGWAPI: ({ paths }, { Path = "", Name = "" }) => {
    if (paths.has(Path)) throw new Refusal("InvalidParameter.APICreated", "there is one of this path");
    paths.set(Path, Name);
    return { APIId: `api-${paths.size}` };
  },
  DescribeCloudBaseGWAPI: ({ paths }, params) => {
    const found = [...paths].filter(([path, name]) => path === (params.Path ?? path) && name === (params.Name ?? name));
    return { APISet: found.map(([Path, Name]) => ({ Path, Name, Type: 1 })), Total: found.length };
  },
  ListFunctions: ({ functions }) => {
    const list = [...functions.values()].map(({ name, runtime }) => ({
      FunctionName: name,
      Runtime: runtime,
      Status: "Active",
    }));
    return { Functions: list, TotalCount: list.length };
  },
};
