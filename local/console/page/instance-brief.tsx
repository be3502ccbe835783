/** The instance that a submission started, beside its form: state, open tasks, diagram. */
import { Card, FailureNote, StateBadge } from "./bits";
import { Diagram } from "./diagram";
import { engineName } from "./engines";
import { useInstance } from "./instance-data";
import { useWords } from "./language";
import { Tasks } from "./tasks";

export function InstanceBrief({ id }: { id: string }) {
  const { t } = useWords();
  const { data, failure } = useInstance(id);
  if (data === undefined) {
    return failure?.kind === "refused" ? <FailureNote failure={failure} /> : <p class="empty">{t("loading")}</p>;
  }
  const { instance, diagram } = data;
  return (
    <>
      <Card title={t("diagram")} id="diagram-title" aside={<StateBadge state={instance.state} />}>
        <p class="sub">{t("standIn", { engine: engineName(instance.engine, t) })}</p>
        {diagram !== null && <Diagram diagram={diagram} instance={instance} />}
      </Card>
      <Tasks instance={instance} />
    </>
  );
}
