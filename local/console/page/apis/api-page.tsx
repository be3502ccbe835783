/** One sync API: what it is and how it is switched, the command that calls it, and a run of it. */
import { useMemo, useState } from "preact/hooks";
import type { ApiRow, InstanceView } from "../../wire";
import { type ApiFailure, api } from "../api";
import { Card, Code, CopyButton, Details, Facts, FailureNote, Json, PageTitle } from "../bits";
import { targetText } from "../engines";
import { useWords } from "../language";
import { usePolled } from "../polled";
import { hrefTo } from "../route";
import { type ApiSwitches, useApiChange } from "./change";
import { Output } from "./output";
import { Address, ChangedMark } from "./parts";
import { nameOf } from "./rows";
import { Runner } from "./runner";
import { Settings } from "./settings";

export function ApiPage({ name, instances }: { name: string; instances: InstanceView[] | undefined }) {
  const { t } = useWords();
  const { data } = usePolled("apis", api.apis);
  const row = data?.find((one) => nameOf(one) === name);
  if (row !== undefined) return <Api row={row} instances={instances} />;
  return (
    <div class="column wide">
      <div class="card">
        <PageTitle text={data === undefined ? t("apis") : t("notFound")} />
        <p class="empty">{data === undefined ? t("loading") : t("noSuchApi", { name })}</p>
        <p>
          <a href={hrefTo.apis}>{t("allApis")}</a>
        </p>
      </div>
    </div>
  );
}

function Api({ row, instances }: { row: ApiRow; instances: InstanceView[] | undefined }) {
  const [failure, report] = useState<ApiFailure>();
  const switches = useApiChange(row, report);
  return (
    <>
      <div class="column">
        <Head row={row} switches={switches} failure={failure} />
        <Output row={row} change={switches.change} />
        <Curl row={row} />
      </div>
      <div class="column">
        <Runner row={switches.shown} instances={instances} />
      </div>
    </>
  );
}

function Head({ row, switches, failure }: { row: ApiRow; switches: ApiSwitches; failure: ApiFailure | undefined }) {
  const { t, pick } = useWords();
  return (
    <section class="card" aria-labelledby="page-title">
      <p class="back">
        <a href={hrefTo.apis}>← {t("allApis")}</a>
      </p>
      <div class="card-head">
        <PageTitle text={pick(row.title)} />
        <p class="sub">
          <code>{nameOf(row)}</code>
          <ChangedMark row={row} />
        </p>
      </div>
      <Address row={row} text={row.url} />
      <Settings switches={switches} />
      <FailureNote failure={failure} />
      <Facts
        rows={[
          [t("apiRuns"), targetText(row, t)],
          [t("apiMode"), t(`mode_${row.mode}`)],
          [t("apiKey"), t(row.keyRequired ? "apiKeyRequired" : "apiKeyOptional")],
          [t("apiAnswerShape"), t(row.raw ? "apiRaw" : "apiEnveloped")],
        ]}
      />
      <Details summary={t("apiSchema")}>
        <Json label={t("apiSchema")} value={row.inputSchema} />
      </Details>
    </section>
  );
}

/** What is shown stays as it is while nothing else changes, so that it can be selected; what is copied is new. */
function Curl({ row }: { row: ApiRow }) {
  const { t } = useWords();
  const shown = useMemo(() => row.curl, [JSON.stringify({ ...row, curl: "" })]);
  return (
    <Card title={t("apiCurl")} id="curl-title" aside={<CopyButton label={t("copy")} text={() => row.curl} />}>
      <div class="curl">
        <Code label={t("apiCurl")} text={shown} />
      </div>
      {row.auth === "hmac" && <p class="help">{t("apiCurlSigned")}</p>}
      {row.keyRequired && <p class="help">{t("apiCurlKeyed")}</p>}
    </Card>
  );
}
