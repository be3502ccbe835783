/** What the process was started with: form field -> start variable, as the engine received it. */
import type { InstanceView, MethodRow } from "../wire";
import { Card } from "./bits";
import { useWords } from "./language";
import { type StartVariables, startVariables, type VariableRow } from "./start-variables";

export function StartParams({ instance, methods }: { instance: InstanceView; methods: MethodRow[] }) {
  const { t } = useWords();
  const variables = startVariables(instance, methods);
  const title = variables === null ? t("startVariables") : t("received", { name: variables.member });
  return (
    <Card title={title} id="start-params-title">
      {variables === null ? <p class="empty">{t("noStartParams")}</p> : <Table variables={variables} />}
    </Card>
  );
}

function Table({ variables: { columns, rows } }: { variables: StartVariables }) {
  const { t } = useWords();
  return (
    <div class="params">
      <table aria-labelledby="start-params-title">
        <thead>
          <tr>
            <th scope="col">{t("column_field")}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            <th scope="col">{t("column_value")}</th>
          </tr>
        </thead>
        {rows.map((row, at) => (
          <Param key={at} row={row} columns={columns} />
        ))}
      </table>
    </div>
  );
}

/** A scalar stands in its column; an object needs a line of its own. */
function Param({ row, columns }: { row: VariableRow; columns: readonly string[] }) {
  const { t, pick } = useWords();
  const isObject = typeof row.value === "object" && row.value !== null;
  return (
    <tbody class={row.sent ? "" : "absent"}>
      <tr>
        <th scope="row">
          {row.label === null ? "–" : pick(row.label)}
          {row.field !== null && <code class="sub">{row.field}</code>}
        </th>
        {columns.map((column, at) => (
          <td key={column} data-label={column}>
            {row.cells[at] ? <code>{row.cells[at]}</code> : "–"}
          </td>
        ))}
        <td class="value" data-label={t("column_value")}>
          {!row.sent ? <span class="sub">{t("notSent")}</span> : isObject ? t("below") : String(row.value)}
          {row.members && <code class="sub">{row.members}</code>}
        </td>
      </tr>
      {isObject && (
        <tr class="map">
          <td colSpan={columns.length + 2}>
            <pre>{JSON.stringify(row.value, null, 2)}</pre>
          </td>
        </tr>
      )}
    </tbody>
  );
}
