/** What Feishu gets is what its official SDK's types ask for; `tsc` runs over this file. */
import type { Client } from "@larksuiteoapi/node-sdk";
import type { ExecuteFlow } from "../../shared/engines/apaas/wire";
import type { CorehrVariable } from "../../shared/engines/corehr/fields";
import type { toFlowData } from "../../shared/engines/corehr/flow-data";
import type { FlowDataItem, StartCorehrProcess } from "../../shared/engines/corehr/wire";

type StartPayload = NonNullable<Parameters<Client["corehr"]["v2"]["processStart"]["create"]>[0]>;
type ExecutePayload = NonNullable<Parameters<Client["apaas"]["v1"]["applicationFlow"]["execute"]>[0]>;

declare const items: FlowDataItem[];
items satisfies StartPayload["data"]["flow_data"];

declare const mapped: ReturnType<typeof toFlowData>;
mapped satisfies StartPayload["data"]["flow_data"];

declare const start: StartCorehrProcess;
start satisfies StartPayload["data"];

declare const execute: ExecuteFlow;
execute satisfies ExecutePayload["data"];

// @ts-expect-error sub_values stand beside variable_value, not in it
({ variable_value: { sub_values: [] } }) satisfies FlowDataItem;
// @ts-expect-error and the SDK says so too
({ variable_value: { sub_values: [] } }) satisfies NonNullable<StartPayload["data"]["flow_data"]>[number];

({ variable: "v", kind: "list", of: { kind: "enum", options: { a: "A" } } }) satisfies CorehrVariable;
// @ts-expect-error a kind that there is not
({ variable: "v", kind: "string" }) satisfies CorehrVariable;
// @ts-expect-error an object without its metadata
({ variable: "v", kind: "object" }) satisfies CorehrVariable;
// @ts-expect-error ready items within a list
({ variable: "v", kind: "list", of: { kind: "flowData" } }) satisfies CorehrVariable;
