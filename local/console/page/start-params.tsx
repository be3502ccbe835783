/** What the process was started with: form field -> start variable, as the engine received it. */
import type { InstanceView, MethodRow } from "../wire";
import { Card } from "./bits";
import { type StartParamRow, startParamRows } from "./instance-data";
import { useWords } from "./language";

export function StartParams({ instance, methods }: { instance: InstanceView; methods: MethodRow[] }) {
  const { t } = useWords();
  const rows = startParamRows(instance, methods);
  return (
    <Card title={t("startParams")} id="start-params-title">
      {rows === null ? <p class="empty">{t("noStartParams")}</p> : <Table rows={rows} />}
    </Card>
  );
}

function Table({ rows }: { rows: StartParamRow[] }) {
  const { t } = useWords();
  return (
    <div class="params">
      <table>
        <thead>
          <tr>
            <th scope="col">{t("column_field")}</th>
            <th scope="col">paramCode</th>
            <th scope="col">fieldType</th>
            <th scope="col">entityCode</th>
            <th scope="col">{t("column_value")}</th>
          </tr>
        </thead>
        {rows.map((row) => (
          <Param key={row.paramCode} row={row} />
        ))}
      </table>
    </div>
  );
}

/** A scalar stands in its column; an object needs a line of its own. */
function Param({ row }: { row: StartParamRow }) {
  const { t, pick } = useWords();
  const isObject = typeof row.value === "object" && row.value !== null;
  return (
    <tbody class={row.sent ? "" : "absent"}>
      <tr>
        <th scope="row">
          {row.label === null ? "–" : pick(row.label)}
          {row.field !== null && <code class="sub">{row.field}</code>}
        </th>
        <td data-label="paramCode">
          <code>{row.paramCode}</code>
        </td>
        <td data-label="fieldType">{row.fieldType}</td>
        <td data-label="entityCode">{row.entityCode === "" ? "–" : <code>{row.entityCode}</code>}</td>
        <td data-label={t("column_value")}>
          {!row.sent ? <span class="sub">{t("notSent")}</span> : isObject ? t("below") : String(row.value)}
        </td>
      </tr>
      {isObject && (
        <tr class="map">
          <td colSpan={5}>
            <pre>{JSON.stringify(row.value, null, 2)}</pre>
          </td>
        </tr>
      )}
    </tbody>
  );
}
