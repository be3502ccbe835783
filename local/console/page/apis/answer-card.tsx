/** One answer of a sync API: what its code means, where the run waits and for whom, and the answer itself. */
import type { ApiRunAnswer, InstanceView } from "../../wire";
import { CopyButton, Details, Json, StateBadge } from "../bits";
import { useWords } from "../language";
import { hrefTo } from "../route";
import { type AnswerKind, type ApiSaid, KINDS, saidBy } from "./answer";

interface AnswerProps {
  answer: ApiRunAnswer;
  /** Whether the API answers without the envelope. */
  isRaw: boolean;
  started: InstanceView | undefined;
}

export function AnswerCard({ answer, isRaw, started }: AnswerProps) {
  const { t } = useWords();
  const said = saidBy(answer, isRaw);
  const { tone, title, next, sign } = KINDS[said.kind];
  return (
    <div class={`outcome ${tone}`} data-answer={said.kind}>
      <p class="headline">
        <span class="sign" aria-hidden="true">
          {sign}
        </span>
        <strong>{t(title)}</strong>
        {said.code !== undefined && <code>{said.code}</code>}
      </p>
      {TELLS_MORE.has(said.kind) && said.message !== undefined && <p class="message">{said.message}</p>}
      <p>{t(next)}</p>
      <Places said={said} />
      <WrongFields said={said} />
      {started !== undefined && <Started instance={started} />}
      {said.uid !== undefined && <RunId uid={said.uid} />}
    </div>
  );
}

/** The answer as it came: too long to be read out with the rest. */
export function AnswerDetails({ answer: { body, headers } }: { answer: ApiRunAnswer }) {
  const { t } = useWords();
  const headersTitle = t("apiHeaders", { n: Object.keys(headers).length });
  return (
    <div class="details">
      <h3>{t("apiBody")}</h3>
      <Json label={t("apiBody")} value={body} />
      <Details summary={headersTitle}>
        <Json label={headersTitle} value={headers} />
      </Details>
    </div>
  );
}

/** Of the others, the message says no more than the page does. */
const TELLS_MORE: ReadonlySet<AnswerKind> = new Set(["failed", "goesOn", "unknown", "refused", "other"]);

function Places({ said: { kind, places } }: { said: ApiSaid }) {
  const { t } = useWords();
  if (places.length === 0) return null;
  return (
    <ul class="places">
      {places.map(({ name, assignees }, at) => (
        <li key={at}>
          {kind === "failed"
            ? t("apiFailedAt", { name })
            : assignees.length === 0
              ? t("waitingAt", { names: name })
              : t("apiWaitingFor", { name, who: assignees.join(t("apiComma")) })}
        </li>
      ))}
    </ul>
  );
}

function WrongFields({ said: { fields } }: { said: ApiSaid }) {
  if (fields.length === 0) return null;
  return (
    <ul class="issue-list">
      {fields.map(({ path, message }, at) => (
        <li key={at}>
          <code>{path}</code> {message}
        </li>
      ))}
    </ul>
  );
}

function Started({ instance }: { instance: InstanceView }) {
  const { t } = useWords();
  return (
    <p class="process">
      <a class="strong-link" href={hrefTo.instance(instance.id)}>
        {t("openInstance", { id: instance.id })}
      </a>
      <StateBadge state={instance.state} />
    </p>
  );
}

function RunId({ uid }: { uid: string }) {
  const { t } = useWords();
  return (
    <p class="keep">
      <span>{t("apiUid")}</span>
      <code>{uid}</code>
      <CopyButton label={t("copy")} text={() => uid} />
    </p>
  );
}
