/** File fields: a file is uploaded when it is chosen, and its `cloud://` id is the value. */
import { useState } from "preact/hooks";
import { type ApiFailure, api, asFailure } from "./api";
import { FailureNote } from "./bits";
import { type ControlProps, useControl } from "./form-context";
import { useWords } from "./language";

/** What the user called the files that this tab uploaded; other ids show the end of their path. */
const names = new Map<string, string>();

export function FileField({ field, path, value }: ControlProps) {
  const { id, set, aria } = useControl(path);
  const [failure, setFailure] = useState<ApiFailure>();
  const [busy, setBusy] = useState(false);
  const many = field.kind === "files";
  const ids = (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === "string");
  const full = ids.length >= (many ? (field.limits.maxItems ?? Number.POSITIVE_INFINITY) : 1);
  const send = (next: string[]) => set(many ? next : (next[0] ?? null));
  const upload = async (chosen: File[]) => {
    setBusy(true);
    setFailure(undefined);
    try {
      const uploaded = await uploadAll(chosen);
      send(many ? [...ids, ...uploaded] : uploaded);
    } catch (error) {
      setFailure(asFailure(error));
    }
    setBusy(false);
  };
  return (
    <div class="file">
      <FileList ids={ids} onRemove={(fileId) => send(ids.filter((each) => each !== fileId))} />
      <ChooseFile id={id} many={many} disabled={full || busy} busy={busy} aria={aria} onChoose={upload} />
      <FailureNote failure={failure} />
    </div>
  );
}

function ChooseFile(props: {
  id: string;
  many: boolean;
  disabled: boolean;
  busy: boolean;
  aria: Record<string, string>;
  onChoose: (files: File[]) => void;
}) {
  const { t } = useWords();
  return (
    <>
      <input
        id={props.id}
        class="file-input"
        type="file"
        multiple={props.many}
        disabled={props.disabled}
        onChange={(event) => {
          const input = event.currentTarget;
          props.onChoose([...(input.files ?? [])]);
          // The same file may be chosen again after it was removed.
          input.value = "";
        }}
        {...props.aria}
      />
      <label for={props.id} class="button small">
        {t(props.busy ? "uploading" : "chooseFile")}
      </label>
    </>
  );
}

function FileList(props: { ids: string[]; onRemove: (id: string) => void }) {
  const { t } = useWords();
  if (props.ids.length === 0) return null;
  return (
    <ul class="files">
      {props.ids.map((id) => (
        <li key={id}>
          <span class="file-name">{nameOf(id)}</span>
          <code>{id}</code>
          <button
            type="button"
            class="button small text-danger"
            aria-label={t("removeNamed", { name: nameOf(id) })}
            onClick={() => props.onRemove(id)}
          >
            {t("remove")}
          </button>
        </li>
      ))}
    </ul>
  );
}

async function uploadAll(chosen: File[]): Promise<string[]> {
  const ids: string[] = [];
  for (const file of chosen) {
    const { fileID } = await api.upload(file);
    names.set(fileID, file.name);
    ids.push(fileID);
  }
  return ids;
}

function nameOf(id: string): string {
  const tail = id.slice(id.lastIndexOf("/") + 1);
  try {
    return names.get(id) ?? decodeURIComponent(tail);
  } catch {
    return tail;
  }
}
