/** The snippet of the form's submit event, run as it is copied, with the built methods behind its `callConnector`. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { FORM_SIDE } from "../../local/console/page/form-side";
import { type PlatformHere, platformHere, temporaryFolder } from "../helpers/platform";

let platform: PlatformHere;
beforeAll(async () => {
  platform = await platformHere(temporaryFolder());
});
afterAll(() => platform.stop());
afterEach(() => platform.send("PUT", "/_local/faults", {}));

interface Call {
  methodName: string;
  params: object;
}
type Submit = (event: object) => Promise<void>;

const code = FORM_SIDE.find(({ id }) => id === "submit-event")?.code ?? "";
const compiled = new Function("$w", "setTimeout", code.replace("export default", "return")) as (
  $w: object,
  timer: (done: () => void) => void,
) => Submit;

/** The page as far as the snippet uses it; `beforeLook` runs where the snippet waits before it looks again. */
function page(options: { lose?: boolean; beforeLook?: () => Promise<unknown> } = {}) {
  const state = { submissionId: "", submitting: false };
  const shown: string[] = [];
  const disabled: boolean[] = [];
  const callConnector = async ({ methodName, params }: Call) => {
    const isLook = methodName.startsWith("<submission-status");
    const name = isLook ? "submission-status" : "start-leave";
    const { ok, result, error } = await platform.test(name, { params, entry: isLook ? "main" : "code" });
    if (options.lose && !isLook) throw new Error("request:fail timeout");
    if (!ok) throw Object.assign(new Error(error?.message.zh), { code: error?.code });
    return result;
  };
  const form = {
    value: { reason: "探亲", days: 3, startsOn: "2026-12-01" },
    disableSubmit: (is: boolean) => disabled.push(is),
  };
  const $w = {
    page: { dataset: { state } },
    form1: form,
    cloud: { callConnector },
    utils: {
      showModal: ({ title }: { title: string }) => shown.push(title),
      showToast: ({ title }: { title: string }) => shown.push(title),
    },
  };
  const submit = compiled($w, (done) => void (options.beforeLook?.() ?? Promise.resolve()).then(done));
  return { state, shown, disabled, form, submit: () => submit({}) };
}
const fault = (kind: string) => platform.send("PUT", "/_local/faults", { weda: { kind, rate: 1 } });

describe("the submit event", () => {
  it("shows that the process started, and takes a new id", async () => {
    const { state, shown, disabled, submit } = page();
    state.submissionId = "form-opened-1";
    await submit();
    expect(shown).toEqual(["已提交，流程已发起。"]);
    expect(state.submissionId).not.toBe("form-opened-1");
    expect(disabled).toEqual([true, false]);
  });

  it("finds out by looking again what the lost answer was", async () => {
    const before = (await platform.instances()).length;
    const { shown, disabled, submit } = page({ lose: true });
    await submit();
    expect(shown).toEqual(["已提交，流程已发起。"]);
    expect(disabled).toEqual([true, false]);
    expect((await platform.instances()).length).toBe(before + 1);
  });

  it("keeps the button disabled where nobody knows, also after it looked again", async () => {
    await fault("lost-after");
    const { shown, disabled, submit } = page();
    await submit();
    expect(shown).toEqual(["不知道是否已发起"]);
    expect(disabled).toEqual([true]);
  });

  it("keeps what it knows where the look fails", async () => {
    await fault("lost-after");
    const beforeLook = () => platform.send("PUT", "/_local/faults", { store: { kind: "down", rate: 1 } });
    const { shown, disabled, submit } = page({ beforeLook });
    await submit();
    expect({ shown, disabled }).toEqual({ shown: ["不知道是否已发起"], disabled: [true] });
  });

  it("starts a corrected form under the same id after the engine refused it", async () => {
    await fault("reject");
    const { state, shown, form, submit } = page();
    await submit();
    const id = state.submissionId;
    expect(shown).toHaveLength(1);
    await platform.send("PUT", "/_local/faults", {});
    form.value.days = 4;
    await submit();
    expect(shown[1]).toBe("已提交，流程已发起。");
    expect(state.submissionId).not.toBe(id);
  });
});
