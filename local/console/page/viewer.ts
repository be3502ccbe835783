/** bpmn-js, loaded only when a diagram is shown: draws a flow, colours what was done, keeps it in view. */
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import type { DiagramView } from "../wire";

const PADDING = 16;
/** Names of tasks, larger than the library's 12; other labels keep its 11, which their boxes in the file are made for. */
const FONT = { fontFamily: '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif', fontSize: 15 };
const MARKERS = ["done", "waiting", "failed"] as const;

/** The parts of diagram-js's canvas that are used. */
interface Canvas {
  addMarker(id: string, marker: string): void;
  removeMarker(id: string, marker: string): void;
  resized(): void;
  viewbox(box?: { x: number; y: number; width: number; height: number }): {
    inner: { x: number; y: number; width: number; height: number };
    outer: { width: number; height: number };
  };
}

interface ElementRegistry {
  get(id: string): unknown;
}

interface ZoomScroll {
  stepZoom(delta: number): void;
}

export class DiagramViewer {
  readonly #viewer: NavigatedViewer;
  readonly #resizes: ResizeObserver;
  #marked: [string, string][] = [];

  constructor(container: HTMLElement) {
    // The wheel scrolls the page; there are buttons to zoom.
    this.#viewer = new NavigatedViewer({
      container,
      zoomScroll: { enabled: false },
      textRenderer: { defaultStyle: FONT, externalStyle: { ...FONT, fontSize: 11 } },
    });
    this.#resizes = new ResizeObserver(() => this.fit());
    this.#resizes.observe(container);
  }

  /** @throws Error where the flow has no drawing */
  async show(xml: string): Promise<void> {
    await this.#viewer.importXML(xml);
    this.#marked = [];
    this.fit();
  }

  mark(diagram: DiagramView): void {
    const canvas = this.#canvas();
    const registry = this.#viewer.get<ElementRegistry>("elementRegistry");
    for (const [id, marker] of this.#marked) canvas.removeMarker(id, marker);
    this.#marked = MARKERS.flatMap((marker) => diagram[marker].map((id): [string, string] => [id, marker])).filter(
      ([id]) => registry.get(id) !== undefined,
    );
    for (const [id, marker] of this.#marked) canvas.addMarker(id, marker);
  }

  /** All of it, in the middle, never larger than drawn. */
  fit(): void {
    const canvas = this.#canvas();
    canvas.resized();
    const { inner, outer } = canvas.viewbox();
    if (inner.width === 0 || outer.width === 0) return;
    const scale = Math.min(1, outer.width / (inner.width + 2 * PADDING), outer.height / (inner.height + 2 * PADDING));
    const width = outer.width / scale;
    const height = outer.height / scale;
    canvas.viewbox({
      x: inner.x - (width - inner.width) / 2,
      y: inner.y - (height - inner.height) / 2,
      width,
      height,
    });
  }

  zoom(delta: number): void {
    this.#viewer.get<ZoomScroll>("zoomScroll").stepZoom(delta);
  }

  destroy(): void {
    this.#resizes.disconnect();
    this.#viewer.destroy();
  }

  #canvas(): Canvas {
    return this.#viewer.get<Canvas>("canvas");
  }
}
