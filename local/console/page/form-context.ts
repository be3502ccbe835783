/** What every control of the form needs: how to change the one value, and what is wrong where. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { FieldIssue } from "../../../shared/base/errors";
import type { Field } from "./form-model";
import { type Path, pathText } from "./form-values";

export interface FormParts {
  change(path: Path, value: unknown): void;
  /** By the path of the control that shows them. */
  issues: Map<string, FieldIssue[]>;
}

export const FormContext = createContext<FormParts>({ change: () => {}, issues: new Map() });

export interface ControlProps {
  field: Field;
  path: Path;
  value: unknown;
}

/** The id of a control's element; ids know no spaces. */
export function elementId(path: string): string {
  return `field-${path.replace(/\s/g, "_")}`;
}

/** The attributes that tie a control to its label, its help and its issues. */
export function useControl(path: Path) {
  const { change, issues } = useContext(FormContext);
  const id = elementId(pathText(path));
  const wrong = issues.get(pathText(path)) ?? [];
  return {
    id,
    issues: wrong,
    set: (value: unknown) => change(path, value),
    aria: {
      "aria-describedby": `${id}-help${wrong.length > 0 ? ` ${id}-issues` : ""}`,
      ...(wrong.length > 0 ? { "aria-invalid": "true" as const } : {}),
    },
  };
}
