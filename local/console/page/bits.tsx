/** Small parts that every area uses: copy buttons, JSON, badges, cards, notes. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { InstanceView } from "../wire";
import type { ApiFailure } from "./api";
import { useWords } from "./language";
import type { TextKey } from "./texts";

/** The page's one h1, which is the window's title too. */
export function PageTitle({ text }: { text: string }) {
  useEffect(() => {
    document.title = `${text} · startflow`;
  }, [text]);
  return (
    <h1 id="page-title" tabIndex={-1}>
      {text}
    </h1>
  );
}

export function Card(props: { title: string; id: string; aside?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="card" aria-labelledby={props.id}>
      <div class="card-head">
        <h2 id={props.id} tabIndex={-1}>
          {props.title}
        </h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

const COPIED_MS = 2_000;

/**
 * @param name where the label alone does not say what is copied
 * @param text made when the button is pressed
 */
export function CopyButton(props: { label: string; name?: string; text: () => string }) {
  const { t } = useWords();
  const [said, say] = useState<TextKey | null>(null);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => say(null), COPIED_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text());
      say("copied");
    } catch {
      say("copyFailed");
    }
  };
  return (
    <span class="copy">
      <button type="button" class="button small" aria-label={props.name} onClick={copy}>
        {props.label}
      </button>
      <span class="copied" aria-live="polite">
        {said === null ? "" : t(said)}
      </span>
    </span>
  );
}

export function Json(props: { value: unknown; label: string }) {
  return <Code label={props.label} text={JSON.stringify(props.value, null, 2) ?? "undefined"} />;
}

/** Scrolls inside itself, also by keyboard. */
export function Code(props: { label: string; text: string }) {
  return (
    <figure class="code" aria-label={props.label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{props.text}</pre>
    </figure>
  );
}

export function Details(props: { summary: string; open?: boolean; children: ComponentChildren }) {
  return (
    <details open={props.open ?? false}>
      <summary>{props.summary}</summary>
      {props.children}
    </details>
  );
}

const STATES: Record<InstanceView["state"], { text: TextKey; tone: string }> = {
  running: { text: "stateRunning", tone: "info" },
  waiting: { text: "stateWaiting", tone: "wait" },
  completed: { text: "stateCompleted", tone: "good" },
  declined: { text: "stateDeclined", tone: "bad" },
  cancelled: { text: "stateCancelled", tone: "plain" },
  failed: { text: "stateFailed", tone: "alarm" },
};

export function StateBadge(props: { state: InstanceView["state"] }) {
  const { t } = useWords();
  const { text, tone } = STATES[props.state];
  return <span class={`badge ${tone}`}>{t(text)}</span>;
}

export function Note(props: { children: ComponentChildren; tone?: "info" | "wait" | "alarm" }) {
  return <p class={`note ${props.tone ?? "info"}`}>{props.children}</p>;
}

/** A failed action or load, in words. */
export function FailureNote(props: { failure: ApiFailure | undefined }) {
  const { pick } = useWords();
  return <div role="alert">{props.failure && <p class="note alarm">{pick(props.failure.text)}</p>}</div>;
}

/** Name and value, in pairs. */
export function Facts(props: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="pairs">
      {props.rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Epoch milliseconds -> a time for people. */
export function timeText(epochMs: number, language: "zh" | "en"): string {
  const moment = new Date(epochMs);
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  return moment.toLocaleString(locale, { dateStyle: "medium", timeStyle: "medium" });
}
