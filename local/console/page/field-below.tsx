/** What stands below a field: its help, and what is wrong with it. */
import { useControl } from "./form-context";
import type { Field as FieldModel } from "./form-model";
import type { Path } from "./form-values";
import { useWords, type Words } from "./language";

/** Help and issues; the help's element is always there, because controls point at it. */
export function Below(props: { field: FieldModel; path: Path }) {
  const words = useWords();
  const { id, issues } = useControl(props.path);
  return (
    <>
      <p class="help" id={`${id}-help`}>
        {helpOf(props.field, words)}
      </p>
      {issues.length > 0 && (
        <p class="issues" id={`${id}-issues`}>
          {issues.map((issue) => words.pick(issue.message)).join(" ")}
        </p>
      )}
    </>
  );
}

/** The schema's own words, then its bounds. */
function helpOf(field: FieldModel, { t, language }: Words): string {
  const { maxLength, maxItems, atLeast, above, atMost, below } = field.limits;
  const parts = [
    field.help,
    field.kind === "relation" && t("relationHelp"),
    field.kind === "lines" && t("linesHelp"),
    field.kind === "json" && t("jsonHelp"),
    maxLength !== undefined && t("upToText", { n: maxLength }),
    maxItems !== undefined && t("upToItems", { n: maxItems }),
    atLeast !== undefined && t("numberAtLeast", { n: atLeast }),
    above !== undefined && t("numberAbove", { n: above }),
    atMost !== undefined && t("numberAtMost", { n: atMost }),
    below !== undefined && t("numberBelow", { n: below }),
  ];
  return parts.filter(Boolean).join(language === "zh" ? "，" : ", ");
}
