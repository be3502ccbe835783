/** What happened to an instance, in order. */
import type { TimelineEntry } from "../../engine/workflow-engine";
import { Card, timeText } from "./bits";
import { useWords } from "./language";
import type { TextKey } from "./texts";

const WHAT: Record<TimelineEntry["what"], TextKey> = {
  entered: "whatEntered",
  left: "whatLeft",
  taken: "whatTaken",
  agreed: "whatAgreed",
  rejected: "whatRejected",
  timer: "whatTimer",
  cancelled: "whatCancelled",
  completed: "whatCompleted",
  failed: "whatFailed",
  called: "whatCalled",
  callFailed: "whatCallFailed",
};

export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  const { t, language } = useWords();
  // Leaving a node, and a line without a name, tell nothing that the next node does not.
  const shown = entries.filter(({ what, name }) => what !== "left" && (what !== "taken" || name !== ""));
  return (
    <Card title={t("timeline")} id="timeline-title">
      {entries.length === 0 && <p class="empty">{t("noTimeline")}</p>}
      <ol class="timeline">
        {shown.map((entry, at) => (
          <li key={at} class={entry.what}>
            <time dateTime={new Date(entry.at).toISOString()}>{timeText(entry.at, language)}</time>
            <span class="what">{t(WHAT[entry.what])}</span>
            <span>{entry.name || entry.nodeId}</span>
            {entry.detail && <q>{entry.detail}</q>}
          </li>
        ))}
      </ol>
    </Card>
  );
}
