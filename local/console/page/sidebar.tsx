/** The left area: pick a method, or one of the instances, newest first. */
import type { InstanceView, MethodRow } from "../wire";
import { StateBadge, timeText } from "./bits";
import { engineName } from "./engines";
import { useWords } from "./language";
import { noTarget } from "./outcome";
import { hrefTo, type Route } from "./route";

interface SidebarProps {
  route: Route;
  methods: MethodRow[] | undefined;
  instances: InstanceView[] | undefined;
}

export function Sidebar({ route, methods, instances }: SidebarProps) {
  const { t } = useWords();
  return (
    <>
      <section class="card" aria-labelledby="methods-title">
        <h2 id="methods-title">{t("methods")}</h2>
        {methods === undefined && <p class="empty">{t("loading")}</p>}
        {methods?.length === 0 && <p class="empty">{t("noMethods")}</p>}
        <ul class="picks">
          {methods?.map((method) => (
            <MethodLink key={method.name} method={method} current={route} />
          ))}
        </ul>
      </section>
      <section class="card" aria-labelledby="instances-title">
        <h2 id="instances-title">{t("instances")}</h2>
        {instances === undefined && <p class="empty">{t("loading")}</p>}
        {instances?.length === 0 && <p class="empty">{t("noInstances")}</p>}
        <ul class="picks instances">
          {instances?.map((instance) => (
            <InstanceLink key={instance.id} instance={instance} current={route} />
          ))}
        </ul>
      </section>
    </>
  );
}

function MethodLink({ method, current }: { method: MethodRow; current: Route }) {
  const { pick, t } = useWords();
  const here = current.page === "method" && current.name === method.name;
  return (
    <li>
      <a href={hrefTo.method(method.name)} aria-current={here ? "page" : undefined}>
        <span class="title">{pick(method.title)}</span>
        <span class="sub">
          <code>{method.name}</code>
          <span>{method.target?.processKey ?? method.target?.kind ?? t(noTarget(method))}</span>
        </span>
      </a>
    </li>
  );
}

function InstanceLink({ instance, current }: { instance: InstanceView; current: Route }) {
  const { language, t } = useWords();
  const here = current.page === "instance" && current.id === instance.id;
  return (
    <li>
      <a href={hrefTo.instance(instance.id)} aria-current={here ? "page" : undefined}>
        <span class="title">
          {instance.name}
          <StateBadge state={instance.state} />
        </span>
        <span class="sub">
          <span>{engineName(instance.engine, t)}</span>
          <code>{instance.id}</code>
          <time dateTime={new Date(instance.startedAt).toISOString()}>{timeText(instance.startedAt, language)}</time>
        </span>
      </a>
    </li>
  );
}
