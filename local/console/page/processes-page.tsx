/** The stand-in flows with their saved and published versions, and publishing one. */
import { useState } from "preact/hooks";
import type { ProcessRow } from "../wire";
import { type ApiFailure, api, asFailure, noteChange } from "./api";
import { FailureNote, Note, PageTitle } from "./bits";
import { useWords } from "./language";
import { usePolled } from "./polled";

export function ProcessesPage() {
  const { t } = useWords();
  const { data } = usePolled("processes", api.processes);
  const { done, failure, publish } = usePublish();
  return (
    <div class="column wide">
      <section class="card" aria-labelledby="page-title">
        <PageTitle text={t("processes")} />
        <Note>{t("standIn", { engine: t("engineWeda") })}</Note>
        <p>{t("processesHelp")}</p>
        {data === undefined && <p class="empty">{t("loading")}</p>}
        {data?.length === 0 && <p class="empty">{t("noProcesses")}</p>}
        <ul class="processes">
          {data?.map((row) => (
            <Process key={row.processKey} row={row} onPublish={publish} />
          ))}
        </ul>
        <p role="status" class="said">
          {done !== null && t("publishDone", { name: done })}
        </p>
        <FailureNote failure={failure} />
      </section>
    </div>
  );
}

function usePublish() {
  const [done, setDone] = useState<string | null>(null);
  const [failure, setFailure] = useState<ApiFailure>();
  const publish = async (row: ProcessRow) => {
    setDone(null);
    setFailure(undefined);
    try {
      await api.publish(row.processKey);
      setDone(row.name);
    } catch (error) {
      setFailure(asFailure(error));
    }
    noteChange();
  };
  return { done, failure, publish };
}

function Process({ row, onPublish }: { row: ProcessRow; onPublish: (row: ProcessRow) => Promise<void> }) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const upToDate = row.published === row.saved;
  const publish = async () => {
    setBusy(true);
    await onPublish(row);
    setBusy(false);
  };
  return (
    <li>
      <div>
        <strong>{row.name}</strong> <code>{row.processKey}</code>
      </div>
      <div class="versions">
        <span>
          {t("saved")} <code>{row.saved}</code>
        </span>
        <span>
          {t("published")} {row.published === null ? t("neverPublished") : <code>{row.published}</code>}
        </span>
        {upToDate && <span class="badge good">{t("upToDate")}</span>}
      </div>
      <button
        type="button"
        class="button"
        disabled={busy || upToDate}
        aria-label={t("publishNamed", { name: row.name })}
        onClick={() => void publish()}
      >
        {t("publish")}
      </button>
    </li>
  );
}
