/** The sync APIs, as a table: which there are, who may call them, what they run; each can be switched on and off. */
import { useState } from "preact/hooks";
import type { ApiRow } from "../../wire";
import { type ApiFailure, api } from "../api";
import { FailureNote, PageTitle } from "../bits";
import { runsText } from "../engines";
import { useWords } from "../language";
import { usePolled } from "../polled";
import { hrefTo } from "../route";
import { Signal, useSignal } from "../signal";
import { useApiChange } from "./change";
import { Address, ChangedMark, EnabledSwitch } from "./parts";
import { type ApiFilter, filtered, nameOf, pathOf } from "./rows";

/** Stays as it is while one looks at an API. */
const filter = new Signal<ApiFilter>({ text: "", state: "all" });

export function ApisPage() {
  const { t } = useWords();
  const { data } = usePolled("apis", api.apis);
  const [failure, report] = useState<ApiFailure>();
  const chosen = useSignal(filter);
  const shown = data === undefined ? [] : filtered(data, chosen);
  return (
    <div class="column wide">
      <section class="card" aria-labelledby="page-title">
        <PageTitle text={t("apis")} />
        <p>{t("apisHelp")}</p>
        <p class="help">{t("apisResetHelp")}</p>
        {data === undefined && <p class="empty">{t("loading")}</p>}
        {data?.length === 0 && <p class="empty">{t("noApis")}</p>}
        {data !== undefined && data.length > 0 && (
          <>
            <Filter chosen={chosen} shown={shown.length} all={data.length} />
            <FailureNote failure={failure} />
            {shown.length === 0 ? <p class="empty">{t("noApiFits")}</p> : <Table rows={shown} report={report} />}
          </>
        )}
      </section>
    </div>
  );
}

function Filter({ chosen, shown, all }: { chosen: ApiFilter; shown: number; all: number }) {
  const { t } = useWords();
  return (
    <search class="api-filter" aria-label={t("apiFilter")}>
      <div class="field">
        <label class="name" for="apis-text">
          {t("apiFilterText")}
        </label>
        <input
          id="apis-text"
          type="text"
          autoComplete="off"
          spellcheck={false}
          value={chosen.text}
          onInput={(event) => filter.set({ ...chosen, text: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label class="name" for="apis-state">
          {t("apiFilterState")}
        </label>
        <select
          id="apis-state"
          value={chosen.state}
          onChange={(event) => filter.set({ ...chosen, state: event.currentTarget.value as ApiFilter["state"] })}
        >
          <option value="all">{t("apiStateAll")}</option>
          <option value="enabled">{t("apiEnabled")}</option>
          <option value="disabled">{t("apiDisabled")}</option>
        </select>
      </div>
      <p class="sub" role="status">
        {t("apisShown", { shown, all })}
      </p>
    </search>
  );
}

const COLUMNS = ["apiModule", "apiFunction", "apiMethod", "apiAuth", "apiEnabled", "apiUrl", "apiRuns"] as const;

interface TableProps {
  rows: ApiRow[];
  report: (failure: ApiFailure | undefined) => void;
}

function Table({ rows, report }: TableProps) {
  const { t } = useWords();
  return (
    <div class="apis">
      <table aria-labelledby="page-title">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={nameOf(row)} row={row} report={report} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, report }: { row: ApiRow; report: TableProps["report"] }) {
  const { t, pick } = useWords();
  const switches = useApiChange(row, report);
  const name = nameOf(row);
  return (
    <tr>
      <td class="api-module" data-label={t("apiModule")}>
        {row.module}
      </td>
      <th scope="row" class="api-name">
        <a href={hrefTo.api(name)}>{name}</a>
        <span class="sub">{pick(row.title)}</span>
        <ChangedMark row={row} />
      </th>
      <td data-label={t("apiMethod")}>
        <code>{row.method}</code>
      </td>
      <td data-label={t("apiAuth")}>{t(`auth_${row.auth}`)}</td>
      <td class="api-enabled">
        <EnabledSwitch switches={switches} leaveTo="apis-state" />
      </td>
      <td data-label={t("apiUrl")}>
        <Address row={row} text={pathOf(row)} />
      </td>
      <td data-label={t("apiRuns")}>{runsText(row, t)}</td>
    </tr>
  );
}
