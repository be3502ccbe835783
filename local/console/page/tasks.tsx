/** Acting as the approver: open tasks with agree and reject, and the timers. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { InstanceView } from "../wire";
import { type ApiFailure, api, asFailure, noteChange } from "./api";
import { Card, FailureNote } from "./bits";
import { useWords } from "./language";

type Task = InstanceView["tasks"][number];

export function Tasks({ instance }: { instance: InstanceView }) {
  const { t } = useWords();
  const open = instance.tasks.filter(({ state }) => state === "open");
  const done = instance.tasks.filter(({ state }) => state === "done");
  const live = instance.state === "waiting" || instance.state === "running";
  return (
    <Card title={t("tasks")} id="tasks-title">
      <div aria-live="polite">{open.length === 0 && <p class="empty">{t("noTasks")}</p>}</div>
      {open.map((task) => (
        <OpenTask key={task.id} instanceId={instance.id} task={task} />
      ))}
      {live && <FastForward id={instance.id} />}
      {done.length > 0 && <DoneTasks tasks={done} />}
    </Card>
  );
}

/** Runs one action at a time, and remembers why the last one failed. */
function useAction(): { busy: boolean; failure: ApiFailure | undefined; run: (act: () => Promise<unknown>) => void } {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiFailure>();
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await act();
    } catch (error) {
      setFailure(asFailure(error));
    }
    setBusy(false);
    noteChange();
  };
  return { busy, failure, run: (act) => void run(act) };
}

function OpenTask({ instanceId, task }: { instanceId: string; task: Task }) {
  const { t } = useWords();
  const { busy, failure, run } = useAction();
  const [comment, setComment] = useState("");
  const acted = useFocusAfterTask();
  const decide = (action: "agree" | "reject") =>
    run(async () => {
      await api.decide(instanceId, task.id, { action, ...(comment === "" ? {} : { comment }) });
      acted.current = true;
    });
  return (
    <fieldset class="task" aria-busy={busy}>
      <legend>{task.name}</legend>
      <p class="sub">
        {t("assignee")}: {task.assignee}
      </p>
      <Comment id={`comment-${task.id}`} value={comment} onChange={setComment} />
      <div class="actions">
        <button type="button" class="button primary" disabled={busy} onClick={() => decide("agree")}>
          {t("agree")}
        </button>
        <button type="button" class="button danger" disabled={busy} onClick={() => decide("reject")}>
          {t("reject")}
        </button>
        {busy && <span class="sub">{t("acting")}</span>}
      </div>
      <FailureNote failure={failure} />
    </fieldset>
  );
}

function Comment(props: { id: string; value: string; onChange: (comment: string) => void }) {
  const { t } = useWords();
  return (
    <div class="field">
      <label class="name" for={props.id}>
        {t("comment")}
      </label>
      <input
        id={props.id}
        type="text"
        autoComplete="off"
        maxLength={500}
        value={props.value}
        onInput={(event) => props.onChange(event.currentTarget.value)}
      />
    </div>
  );
}

/** The buttons go away with their task; the focus then moves to the list's title instead of nowhere. */
function useFocusAfterTask() {
  const acted = useRef(false);
  useEffect(
    () => () => {
      if (acted.current) document.getElementById("tasks-title")?.focus();
    },
    [],
  );
  return acted;
}

function FastForward({ id }: { id: string }) {
  const { t } = useWords();
  const { busy, failure, run } = useAction();
  return (
    <div class="fast-forward">
      <button
        type="button"
        class="button small"
        disabled={busy}
        aria-describedby="fast-forward-help"
        onClick={() => run(() => api.fastForward(id))}
      >
        {t("fastForward")}
      </button>
      <span class="help" id="fast-forward-help">
        {t("fastForwardHelp")}
      </span>
      <FailureNote failure={failure} />
    </div>
  );
}

function DoneTasks({ tasks }: { tasks: Task[] }) {
  const { t } = useWords();
  return (
    <>
      <h3>{t("doneTasks")}</h3>
      <ul class="done-tasks">
        {tasks.map((task) => (
          <li key={task.id}>
            <span class={`badge ${task.action === "reject" ? "bad" : "good"}`}>
              {t(task.action === "reject" ? "rejectedTask" : "agreed")}
            </span>
            <span>{task.name}</span>
            <span class="sub">{task.assignee}</span>
            {task.comment && <q>{task.comment}</q>}
          </li>
        ))}
      </ul>
    </>
  );
}
