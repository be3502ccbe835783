/** How an API is switched: enabled, method, authentication; each choice is sent at once. */
import { API_METHODS, AUTH_KINDS } from "../../../../shared/sync-api/routes/route-kinds";
import { useWords } from "../language";
import type { ApiSwitches } from "./change";
import { EnabledSwitch } from "./parts";

export function Settings({ switches }: { switches: ApiSwitches }) {
  const { t } = useWords();
  const { shown, change } = switches;
  return (
    <fieldset class="group options">
      <legend>{t("apiSettings")}</legend>
      <p class="api-enabled">
        <EnabledSwitch switches={switches} />
        <span aria-hidden="true">{t(shown.enabled ? "apiEnabled" : "apiDisabled")}</span>
      </p>
      <div class="options-fields">
        <Choice
          id="api-method"
          label={t("apiMethod")}
          value={shown.method}
          options={API_METHODS.map((method) => [method, method])}
          onChoose={(method) => void change({ method })}
        />
        <Choice
          id="api-auth"
          label={t("apiAuth")}
          value={shown.auth}
          options={AUTH_KINDS.map((auth) => [auth, t(`auth_${auth}`)])}
          onChoose={(auth) => void change({ auth })}
        />
      </div>
      <p class="help">{t("apisResetHelp")}</p>
    </fieldset>
  );
}

interface ChoiceProps<Value extends string> {
  id: string;
  label: string;
  value: Value;
  options: [Value, string][];
  onChoose: (value: Value) => void;
}

function Choice<Value extends string>({ id, label, value, options, onChoose }: ChoiceProps<Value>) {
  return (
    <div class="field">
      <label class="name" for={id}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onChoose(event.currentTarget.value as Value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
