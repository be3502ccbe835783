/**
 * Feishu CoreHR's own shapes: starting a process, looking at it, and the files that go with it.
 * https://open.feishu.cn/document/corehr-v1/process-form_variable_data/process-instance/create
 */
import * as z from "zod";

export const COREHR_LIMITS = {
  /** Starts in a minute, of one app in one tenant. Same page, as the next three. */
  startsPerMinute: 20,
  /** https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/list */
  listsPerMinute: 20,
  flowData: 100_000,
  subValues: 100_000,
  listValues: 10_000,
  /** https://open.feishu.cn/document/server-docs/corehr-v1/employee/person/upload */
  fileBytes: 52_428_800,
} as const;

export const USER_ID_TYPES = ["open_id", "union_id", "user_id", "people_corehr_id"] as const;
export const DEPARTMENT_ID_TYPES = ["open_department_id", "department_id", "people_corehr_department_id"] as const;
export type UserIdType = (typeof USER_ID_TYPES)[number];
export type DepartmentIdType = (typeof DEPARTMENT_ID_TYPES)[number];

/** One value. All numbers but a file's length are texts, so that no digit is lost. */
const variableValueSchema = z.object({
  text_value: z.string().optional(),
  bool_value: z.boolean().optional(),
  number_value: z.string().optional(),
  /** The option's id, not its label. */
  enum_value: z.string().optional(),
  /** Days since 1970-01-01. */
  date_value: z.string().optional(),
  /** Epoch milliseconds. */
  date_time_value: z.string().optional(),
  i18n_value: z.object({ zh_cn: z.string().optional(), en_us: z.string().optional() }).optional(),
  object_value: z.object({ wk_id: z.string().optional(), wk_api_name: z.string().optional() }).optional(),
  department_value: z.string().optional(),
  /** A user, by `user_id_type`. */
  employment_value: z.string().optional(),
  /** Keys of the item's `sub_values`. */
  list_values: z.array(z.string()).max(COREHR_LIMITS.listValues).optional(),
  file_value: z
    .object({
      open_file_id: z.string().optional(),
      file_name: z.string().optional(),
      length: z.number().int().min(0).max(COREHR_LIMITS.fileBytes).optional(),
    })
    .optional(),
  record_values: z
    .array(
      z.object({
        variable_api_name: z.string().optional(),
        /** A key of the item's `sub_values`. */
        sub_value_key: z.string().optional(),
        record_id: z.string().optional(),
      }),
    )
    .optional(),
});
export type VariableValue = z.infer<typeof variableValueSchema>;

const subValueSchema = z.object({ key: z.string().optional(), value: variableValueSchema.optional() });
export type SubValue = z.infer<typeof subValueSchema>;

/** `sub_values` stands beside `variable_value`: the page's own example shows it, its table does not. */
export const flowDataItemSchema = z.object({
  variable_api_name: z.string().optional(),
  variable_value: variableValueSchema.optional(),
  sub_values: z.array(subValueSchema).max(COREHR_LIMITS.subValues).optional(),
});
export type FlowDataItem = z.infer<typeof flowDataItemSchema>;

export const startProcessQuerySchema = z.object({
  user_id_type: z.enum(USER_ID_TYPES).optional(),
  department_id_type: z.enum(DEPARTMENT_ID_TYPES).optional(),
});

export const startCorehrProcessSchema = z.object({
  flow_definition_id: z.string(),
  /** Required where `system_initiator` is false. */
  initiator_id: z.string().optional(),
  /** No page says what is meant where it is absent. */
  system_initiator: z.boolean().optional(),
  flow_data: z.array(flowDataItemSchema).max(COREHR_LIMITS.flowData).optional(),
});
export type StartCorehrProcess = z.infer<typeof startCorehrProcessSchema>;

/** 19 digits, as text: as a number it would lose some. A number that came through whole is as good. */
const processIdSchema = z.union([z.number().int().transform(String), z.string()]).pipe(z.string().regex(/^\d{1,32}$/));
export const startedProcessSchema = z.looseObject({ process_id: processIdSchema });

const textSchema = z.string().optional().catch(undefined);
/** Epoch milliseconds, as text; a number is as good. */
const momentSchema = z
  .union([z.number().transform(String), z.string()])
  .pipe(z.string().regex(/^[1-9]\d{0,13}$/))
  .optional()
  .catch(undefined);
const namesSchema = z.looseObject({ zh_cn: textSchema, en_us: textSchema }).optional().catch(undefined);
export type Names = z.infer<typeof namesSchema>;

/** What is to be done, or was: its members tell how a process stands, so one that is missing or odd is no failure. */
const processTaskSchema = z.looseObject({
  /** Who does it; `approver_id` beside it is the id of the document, not of a person. */
  operator_id: textSchema,
  operator_name: namesSchema,
  node_name: namesSchema,
  node_definition_id: textSchema,
  create_time: momentSchema,
  complete_time: momentSchema,
  /** Of what was done: 3 done, 2 rejected, 4 cancelled. */
  status: z.number().optional().catch(undefined),
});
export type ProcessTask = z.infer<typeof processTaskSchema>;
const processTasksSchema = z.array(processTaskSchema.catch({})).optional().catch(undefined);

/**
 * https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/get ; the members in full:
 * https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/corehr-v1/process-form_variable_data/process-instance/resource-introduction
 */
export const processDetailSchema = z.looseObject({
  process_id: processIdSchema,
  status: z.number().int(),
  flow_definition_id: z.string().optional(),
  flow_definition_name: namesSchema,
  /** Empty where the system started it. */
  initiator_id: textSchema,
  create_time: momentSchema,
  complete_time: momentSchema,
  todos: processTasksSchema,
  done_list: processTasksSchema,
  /** What the flow's designer chose to show of a process. */
  abstracts: z.array(z.looseObject({ name: z.unknown(), value: z.unknown() })).optional(),
});
export type ProcessDetail = z.infer<typeof processDetailSchema>;

/** https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/list */
export const processListSchema = z
  .looseObject({
    process_ids: z.array(processIdSchema).optional(),
    has_more: z.boolean().optional(),
    page_token: z.string().optional(),
  })
  // An answer without either says nothing, and must not be taken for an empty list.
  .refine(({ process_ids: ids, has_more: hasMore }) => ids !== undefined || hasMore !== undefined);

/** https://open.feishu.cn/document/server-docs/corehr-v1/employee/person/upload */
export const uploadedFileSchema = z.looseObject({ id: z.string().min(1) });

/** The codes of a process. Same page as `processDetailSchema`. */
export const PROCESS_STATUSES = {
  1: { state: "running", zh: "审批中", en: "running" },
  2: { state: "rejected", zh: "已拒绝", en: "rejected" },
  4: { state: "withdrawn", zh: "已撤回", en: "withdrawn" },
  8: { state: "revoked", zh: "已撤销", en: "revoked" },
  9: { state: "completed", zh: "已完成", en: "completed" },
  15: { state: "revoking", zh: "撤销中", en: "being revoked" },
} as const;

/** https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process/query_flow_data_template */
export const flowDataTemplateRequestSchema = z.object({
  flow_definition_id: z.string(),
  /** With dots down into a record: `batch_job_change.target_department`. */
  variable_api_names: z.array(z.string()).min(1).max(1_000),
});
export const flowDataTemplateSchema = z.looseObject({
  field_values: z.array(flowDataItemSchema).default([]),
  error_info: z.string().optional(),
});

/** https://open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/corehr-v2/process_withdraw/update */
export const withdrawProcessRequestSchema = z.object({
  /** Who withdraws it, by `user_id_type`. */
  user_id: z.string().optional(),
  reason: z.string().optional(),
  /** In the name of the system. */
  system_user: z.boolean().optional(),
});
export type WithdrawProcess = z.infer<typeof withdrawProcessRequestSchema>;
export const withdrawnProcessSchema = z.looseObject({});
