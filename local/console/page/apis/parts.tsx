/** What the list of the sync APIs and the page of one have in common: the switch, the address, the mark of a change. */
import { Fragment } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ApiRow } from "../../wire";
import { CopyButton } from "../bits";
import { useWords, type Words } from "../language";
import type { ApiSwitches } from "./change";
import { nameOf } from "./rows";

/** The seed's switch: its name says which API it is. */
export function EnabledSwitch({ switches, leaveTo }: { switches: ApiSwitches; leaveTo?: string }) {
  const { t } = useWords();
  const { shown, change } = switches;
  const input = useFocusBeforeLeaving(leaveTo);
  return (
    <input
      ref={input}
      type="checkbox"
      class="toggle"
      checked={shown.enabled}
      aria-label={t("apiEnableNamed", { name: nameOf(shown) })}
      onChange={(event) => void change({ enabled: event.currentTarget.checked })}
    />
  );
}

/** A switch can take its row out of a filtered list; the focus then moves to the filter instead of nowhere. */
function useFocusBeforeLeaving(id: string | undefined) {
  const input = useRef<HTMLInputElement>(null);
  // Its end runs while the switch is still in the page.
  useLayoutEffect(
    () => () => {
      if (id !== undefined && document.activeElement === input.current) document.getElementById(id)?.focus();
    },
    [id],
  );
  return input;
}

/** An address that breaks after its slashes, with a button that copies the whole of it. */
export function Address({ row, text }: { row: ApiRow; text: string }) {
  const { t } = useWords();
  return (
    <div class="api-url">
      <code>
        {text.split(/(?<=[/?&])/).map((part, at) => (
          <Fragment key={at}>
            {part}
            <wbr />
          </Fragment>
        ))}
      </code>
      <CopyButton label={t("copy")} name={t("apiCopyUrlOf", { name: nameOf(row) })} text={() => row.url} />
    </div>
  );
}

/** Which members are no longer as they were built. */
export function ChangedMark({ row }: { row: ApiRow }) {
  const { t } = useWords();
  if (row.overridden.length === 0) return null;
  const members = row.overridden.map((member) => memberName(member, t)).join(t("apiComma"));
  return <span class="badge wait">{t("apiChanged", { members })}</span>;
}

const MEMBERS = {
  enabled: "apiEnabled",
  auth: "apiAuth",
  method: "apiMethod",
  output: "apiOutput",
} as const;

function memberName(member: string, t: Words["t"]): string {
  return Object.hasOwn(MEMBERS, member) ? t(MEMBERS[member as keyof typeof MEMBERS]) : member;
}
