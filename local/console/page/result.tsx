/** What came of a submission: the outcome and what to do next, then everything that can be known of the call. */
import type { MethodRow, RequestRow } from "../wire";
import { Card, Code, Details, Json } from "./bits";
import type { Answer, Draft } from "./drafts";
import type { Field } from "./form-model";
import { InstanceBrief } from "./instance-brief";
import { useWords } from "./language";
import { outcomeOf, processIdOf } from "./outcome";
import { OutcomeCard } from "./outcome-card";

export function Result(props: { method: MethodRow; draft: Draft; fields: Field[] | null }) {
  const { t } = useWords();
  const { answer, running } = props.draft;
  const processId = answer === null || running ? null : processIdOf(answer);
  const took = answer !== null && !running && t("duration", { ms: Math.round(answer.durationMs) });
  return (
    <>
      <Card title={t("result")} id="result-title" aside={<span class="sub">{took}</span>}>
        <div aria-live="polite" aria-busy={running}>
          {running && <p class="running">{t("waiting")}</p>}
          {!running && answer === null && <p class="empty">{t("noResult")}</p>}
          {!running && answer !== null && <OutcomeCard {...props} answer={answer} />}
        </div>
        {!running && answer !== null && <CallDetails answer={answer} />}
      </Card>
      {processId !== null && <InstanceBrief id={processId} />}
    </>
  );
}

function CallDetails({ answer }: { answer: Answer }) {
  const { t } = useWords();
  const { logs, requests } = answer;
  const outcome = outcomeOf(answer);
  const dry = outcome === "dry_run" ? (answer.result as { request?: unknown }) : null;
  return (
    <div class="details">
      {dry !== null && (
        <>
          <h3>{t("requestToSend")}</h3>
          <Json label={t("requestToSend")} value={dry.request} />
        </>
      )}
      {outcome === "returned" && answer.ok && (
        <>
          <h3>{t("answer")}</h3>
          <Json label={t("answer")} value={answer.result} />
        </>
      )}
      {logs.length > 0 && (
        <Details summary={t("logs", { n: logs.length })}>
          <Code label={t("logs", { n: logs.length })} text={logs.join("\n")} />
        </Details>
      )}
      {requests.length > 0 && (
        <Details summary={t("requests", { n: requests.length })}>
          <Requests rows={requests} />
        </Details>
      )}
      <Details summary={t("rawJson")}>
        <Json label={t("rawJson")} value={answer.ok ? answer.result : answer.error} />
      </Details>
    </div>
  );
}

function Requests({ rows }: { rows: RequestRow[] }) {
  return (
    <ol class="requests">
      {rows.map((row, at) => (
        <li key={at}>
          <details>
            <summary>
              <span class={`badge ${row.status < 400 ? "good" : "bad"}`}>{row.status}</span>
              <code>
                {row.method} {row.path}
              </code>
              <span class="sub">{row.engine}</span>
            </summary>
            <Json
              label={`${row.method} ${row.path}`}
              value={{ query: row.query, headers: row.headers, body: row.body }}
            />
          </details>
        </li>
      ))}
    </ol>
  );
}
