/** One instance: its state and tasks, what it was started with, and beside them the diagram and the timeline. */
import type { InstanceView, MethodRow } from "../wire";
import { Card, Details, Facts, FailureNote, Json, Note, PageTitle, StateBadge, timeText } from "./bits";
import { Diagram } from "./diagram";
import { engineName } from "./engines";
import { type InstanceData, useInstance } from "./instance-data";
import { useWords } from "./language";
import { StartParams } from "./start-params";
import { Tasks } from "./tasks";
import { Timeline } from "./timeline";

export function InstancePage({ id, methods }: { id: string; methods: MethodRow[] }) {
  const { t } = useWords();
  const { data, failure } = useInstance(id);
  if (data === undefined) {
    return (
      <div class="column wide">
        <div class="card">
          <PageTitle text={`${t("instance")} ${id}`} />
          {failure === undefined ? <p class="empty">{t("loading")}</p> : <FailureNote failure={failure} />}
        </div>
      </div>
    );
  }
  return <Known data={data} methods={methods} />;
}

function Known({ data, methods }: { data: InstanceData; methods: MethodRow[] }) {
  const { t } = useWords();
  const { instance, diagram } = data;
  return (
    <>
      <div class="column">
        <Head instance={instance} />
        <Tasks instance={instance} />
        <StartParams instance={instance} methods={methods} />
        <Card title={t("variables")} id="variables-title">
          <Json label={t("variables")} value={instance.variables} />
        </Card>
      </div>
      <div class="column">
        <Card title={t("diagram")} id="diagram-title">
          {diagram === null ? (
            <p class="empty">{t("diagramFailed")}</p>
          ) : (
            <Diagram diagram={diagram} instance={instance} />
          )}
        </Card>
        <Timeline entries={instance.timeline} />
      </div>
    </>
  );
}

function Head({ instance }: { instance: InstanceView }) {
  const { t, language } = useWords();
  const engine = engineName(instance.engine, t);
  return (
    <section class="card" aria-labelledby="page-title">
      <div class="card-head">
        <PageTitle text={instance.name} />
        <span aria-live="polite">
          <StateBadge state={instance.state} />
        </span>
      </div>
      <Facts
        rows={[
          [t("instance"), <code key="id">{instance.id}</code>],
          [t("process"), <code key="process">{instance.processKey}</code>],
          [t("version"), instance.version],
          [t("engine"), engine],
          [t("startedBy"), instance.startedBy],
          [t("startedAt"), timeText(instance.startedAt, language)],
        ]}
      />
      <Note>{t("standIn", { engine })}</Note>
      <Details summary={t("rawRequest")}>
        <Json label={t("rawRequest")} value={instance.request} />
      </Details>
    </section>
  );
}
