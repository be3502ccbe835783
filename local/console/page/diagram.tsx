/** The flow's diagram with what was done in it, and the same in words. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { DiagramView, InstanceView } from "../wire";
import { useWords } from "./language";
import type { DiagramViewer } from "./viewer";

export function Diagram({ diagram, instance }: { diagram: DiagramView; instance: InstanceView }) {
  const { t } = useWords();
  const { container, viewer, state } = useViewer(diagram);
  const waiting = instance.tasks.filter((task) => task.state === "open").map((task) => task.name);
  return (
    <figure class="diagram">
      {state === "loading" && <p class="empty">{t("diagramLoading")}</p>}
      {state === "failed" && <p class="note alarm">{t("diagramFailed")}</p>}
      <div class="canvas" ref={container} data-drawn={state === "drawn"} />
      <figcaption>
        <ul class="legend">
          <li class="done">{t("markDone")}</li>
          <li class="waiting">{t("markWaiting")}</li>
          <li class="failed">{t("markFailed")}</li>
        </ul>
        <span class="zoom">
          <button type="button" class="button small" aria-label={t("zoomOut")} onClick={() => viewer()?.zoom(-1)}>
            −
          </button>
          <button type="button" class="button small" aria-label={t("zoomIn")} onClick={() => viewer()?.zoom(1)}>
            +
          </button>
          <button type="button" class="button small" onClick={() => viewer()?.fit()}>
            {t("zoomFit")}
          </button>
        </span>
        {waiting.length > 0 && <p class="sub">{t("waitingAt", { names: waiting.join(", ") })}</p>}
      </figcaption>
    </figure>
  );
}

type ViewerState = "loading" | "drawn" | "failed";

/** One viewer per flow; what is coloured changes in place. */
function useViewer(diagram: DiagramView) {
  const container = useRef<HTMLDivElement>(null);
  const viewer = useRef<DiagramViewer | null>(null);
  const [state, setState] = useState<ViewerState>("loading");
  useEffect(() => {
    let live = true;
    setState("loading");
    const draw = async () => {
      try {
        const { DiagramViewer } = await import("./viewer");
        if (!live || container.current === null) return;
        viewer.current = new DiagramViewer(container.current);
        await viewer.current.show(diagram.xml);
        if (live) setState("drawn");
      } catch {
        if (live) setState("failed");
      }
    };
    void draw();
    return () => {
      live = false;
      viewer.current?.destroy();
      viewer.current = null;
    };
  }, [diagram.xml]);
  useEffect(() => {
    if (state === "drawn") viewer.current?.mark(diagram);
  }, [state, diagram]);
  return { container, viewer: () => viewer.current, state };
}
