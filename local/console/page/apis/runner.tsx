/** A run of an API with its debug data, and below it what came of it. */
import { useEffect, useRef } from "preact/hooks";
import type { ApiRow, InstanceView } from "../../wire";
import { Card, FailureNote, Note } from "../bits";
import { JsonField, jsonTrouble } from "../json-field";
import { useWords } from "../language";
import { AnswerCard, AnswerDetails } from "./answer-card";
import { type ApiRun, changeRun, debugText, type RunMode, runApi, useRun, useStarted } from "./run";

export function Runner({ row, instances }: { row: ApiRow; instances: InstanceView[] | undefined }) {
  const run = useRun(row);
  const started = useStarted(row, run, instances);
  useFocusAfterRun(run);
  return (
    <>
      <DebugForm row={row} run={run} />
      <Answer row={row} run={run} started={started} />
    </>
  );
}

function DebugForm({ row, run }: { row: ApiRow; run: ApiRun }) {
  const { t } = useWords();
  const text = debugText(row, run);
  const start = (mode: RunMode) => {
    if (jsonTrouble(text) !== null) document.getElementById("api-debug")?.focus();
    else void runApi(row, JSON.parse(text), mode);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    start(row.mode);
  };
  return (
    <Card title={t("apiDebug")} id="debug-title">
      <form class="fields" noValidate onSubmit={submit} aria-labelledby="debug-title">
        <JsonField
          id="api-debug"
          label={t("apiDebugData")}
          rows={Math.min(16, Math.max(5, text.split("\n").length))}
          text={text}
          trouble={jsonTrouble(text)}
          help={row.method === "GET" && t("apiDebugQuery")}
          onType={(typed) => changeRun(row, { typed })}
        />
        <RunButtons row={row} running={run.running} onRun={start} />
        <div aria-live="polite">{!row.enabled && <Note tone="wait">{t("apiOffNote")}</Note>}</div>
      </form>
    </Card>
  );
}

/** The first runs it as the API says, the second in the other mode. */
function RunButtons(props: { row: ApiRow; running: RunMode | null; onRun: (mode: RunMode) => void }) {
  const { t } = useWords();
  const { row, running, onRun } = props;
  const other = row.mode === "sync" ? "async" : "sync";
  return (
    <div class="actions">
      <button type="submit" class="button primary" disabled={running !== null}>
        {t(running === row.mode ? "apiRunning" : "apiRun")}
      </button>
      <button type="button" class="button" disabled={running !== null} onClick={() => onRun(other)}>
        {t(running === other ? "apiRunning" : `apiRun_${other}`)}
      </button>
    </div>
  );
}

function Answer({ row, run, started }: { row: ApiRow; run: ApiRun; started: InstanceView | undefined }) {
  const { t } = useWords();
  const { answer, running, failure } = run;
  const aside = answer !== null && (
    <span class="sub">
      <span>HTTP {answer.status}</span>
      <span>{t("duration", { ms: Math.round(answer.durationMs) })}</span>
    </span>
  );
  return (
    <Card title={t("result")} id="answer-title" aside={aside}>
      <div aria-live="polite" aria-busy={running !== null}>
        {running !== null && <p class="running">{t(running === "sync" ? "apiRunWaits" : "apiRunning")}</p>}
        {running === null && answer === null && failure === undefined && <p class="empty">{t("apiNoAnswer")}</p>}
        {answer !== null && <AnswerCard answer={answer} isRaw={row.raw} started={started} />}
      </div>
      {answer !== null && <AnswerDetails answer={answer} />}
      <FailureNote failure={failure} />
    </Card>
  );
}

/** The button that was pressed is off meanwhile, which leaves the focus nowhere: then it goes to the answer. */
function useFocusAfterRun({ running }: ApiRun): void {
  const wasRunning = useRef(running !== null);
  useEffect(() => {
    const focused = document.activeElement;
    const isNowhere = focused === null || focused === document.body || focused.matches(":disabled");
    if (wasRunning.current && running === null && isNowhere) document.getElementById("answer-title")?.focus();
    wasRunning.current = running !== null;
  }, [running]);
}
