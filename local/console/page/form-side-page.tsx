/** Help for the other side: what a WeDa form does with a submission id and with the five outcomes. */
import { Code, CopyButton, PageTitle } from "./bits";
import { FORM_OUTCOMES, FORM_SIDE, type FormSideStep } from "./form-side";
import { useWords } from "./language";
import { OUTCOMES } from "./outcome";

export function FormSidePage() {
  const { t } = useWords();
  return (
    <div class="column wide">
      <section class="card prose" aria-labelledby="page-title">
        <PageTitle text={t("formSide")} />
        <p>{t("formSideHelp")}</p>
        <OutcomeTable />
      </section>
      {FORM_SIDE.map((step) => (
        <Step key={step.id} step={step} />
      ))}
    </div>
  );
}

function OutcomeTable() {
  const { t, pick } = useWords();
  return (
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">{t("outcomeColumn")}</th>
          <th scope="col">{t("formShows")}</th>
          <th scope="col">{t("formButton")}</th>
        </tr>
      </thead>
      <tbody>
        {FORM_OUTCOMES.map(({ outcome, shows, button }) => (
          <tr key={outcome}>
            <th scope="row">
              <span class={`badge ${OUTCOMES[outcome].tone}`}>{t(OUTCOMES[outcome].title)}</span>
              <code class="sub">{outcome}</code>
            </th>
            <td>{pick(shows)}</td>
            <td>{pick(button)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Step({ step }: { step: FormSideStep }) {
  const { t, pick } = useWords();
  const { code, assumed } = step;
  return (
    <section class="card prose" aria-labelledby={`step-${step.id}`}>
      <div class="card-head">
        <h2 id={`step-${step.id}`}>{pick(step.title)}</h2>
        {code !== undefined && <CopyButton label={t("copy")} text={() => code} />}
      </div>
      <p>{pick(step.text)}</p>
      {code !== undefined && <Code label={pick(step.title)} text={code} />}
      {assumed !== undefined && (
        <p class="note wait">
          <strong>{t("assumed")}</strong> {pick(assumed)}
        </p>
      )}
    </section>
  );
}
