/** CoreHR's users and departments by the kinds of id that a request can choose. */
import {
  DEPARTMENT_ID_TYPES,
  type DepartmentIdType,
  startProcessQuerySchema,
  USER_ID_TYPES,
  type UserIdType,
} from "../../../shared/engines/corehr/wire";
import { gatewayParsed, queryObject } from "../api";
import { COREHR_DEPARTMENTS, COREHR_USERS, type CorehrUser } from "../catalogue";

/** How a request names people and departments. */
export interface IdTypes {
  user: UserIdType;
  department: DepartmentIdType;
}

/** The defaults are those of the page. https://open.feishu.cn/document/corehr-v1/process-form_variable_data/process-instance/create */
export function idTypesOf(query: URLSearchParams): IdTypes {
  const types = gatewayParsed(startProcessQuerySchema, queryObject(query));
  return {
    user: types.user_id_type ?? USER_ID_TYPES[0],
    department: types.department_id_type ?? DEPARTMENT_ID_TYPES[0],
  };
}

export function userBy(type: UserIdType, id: string): CorehrUser | undefined {
  return COREHR_USERS.find((user) => user[type] === id);
}

export const hasDepartment = (type: DepartmentIdType, id: string): boolean =>
  COREHR_DEPARTMENTS.some((department) => department[type] === id);

/** Who started an instance, or may act on it; the system is nobody. */
export const SYSTEM = "system";

/** Instances keep the open id. */
export const userOf = (openId: string): CorehrUser | undefined => userBy("open_id", openId);

/** A flow's file names an approver by his name. */
export const userNamed = (name: string): CorehrUser | undefined => COREHR_USERS.find((user) => user.name.zh === name);
