/** What is entered in WeDa's console for this method, to copy: identifiers, intent, 入参 and 出参. */
import { useMemo } from "preact/hooks";
import type { MethodRow } from "../wire";
import { Code, CopyButton, Details, Facts, Note } from "./bits";
import { useWords } from "./language";
import { type PasteParts, pasteParts } from "./paste-parts";
import type { WedaSchema } from "./paste-schema";

export function PasteSection({ method }: { method: MethodRow }) {
  const { t } = useWords();
  const parts = useMemo(() => pasteParts(method), [method]);
  if (parts === null) return null;
  const facts = { name: method.name, intent: parts.intent };
  return (
    <section class="card" aria-label={t("forConsole")} data-testid="paste">
      <Details summary={t("forConsole")}>
        <div class="paste-parts">
          <p>{t(parts.isCustomCode ? "forConsoleCode" : "forConsoleFunction", facts)}</p>
          <Identifiers parts={parts} />
          <Params name={t("inParams")} schema={parts.inParams} />
          {parts.outParams === null ? (
            <Note>{t("outUnknown", facts)}</Note>
          ) : (
            <Params name={t("outParams")} schema={parts.outParams} />
          )}
          <p>
            <a href="#/form-side">{t("formSide")}</a>
          </p>
        </div>
      </Details>
    </section>
  );
}

function Identifiers({ parts }: { parts: PasteParts }) {
  const { t } = useWords();
  const shown = (id: string) => (id === "" ? t("ownChoice") : <code>{id}</code>);
  return (
    <Facts
      rows={[
        [t("apiId"), shown(parts.api)],
        [t("methodId"), shown(parts.method)],
      ]}
    />
  );
}

function Params({ name, schema }: { name: string; schema: WedaSchema }) {
  const { t } = useWords();
  const text = JSON.stringify(schema, null, 2);
  return (
    <>
      <div class="card-head">
        <h2>{name}</h2>
        <CopyButton label={t("copy")} name={t("copyNamed", { name })} text={() => text} />
      </div>
      <Code label={name} text={text} />
    </>
  );
}
