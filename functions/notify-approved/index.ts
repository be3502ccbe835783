/** Called by the leave flow when the leave is approved: tells the applicant in WeCom. Starts nothing. */
import * as z from "zod";
import { label } from "../../shared/form/fields";
import { defineMethod } from "../../shared/method";
import { $proxy } from "../../shared/proxy/platforms/index";

/** One member: `@all` is everybody and `|` stands between several. https://developer.work.weixin.qq.com/document/path/90236 */
const ONE_MEMBER = /^(?!@all$)[^|]*$/i;

const input = z.strictObject({
  userId: z.string().trim().min(1).max(64).regex(ONE_MEMBER).meta(label("申请人", "Applicant")),
  reason: z.string().max(500).optional().meta(label("事由", "Reason")),
  days: z
    .union([z.number(), z.string().max(30)])
    .optional()
    .meta(label("天数", "Days")),
  startsOn: z.string().max(30).optional().meta(label("开始日期", "First day")),
});

function textOf({ reason, days, startsOn }: z.output<typeof input>): string {
  const facts = [
    startsOn === undefined ? "" : `${startsOn} 起`,
    days === undefined ? "" : `${days} 天`,
    reason === undefined ? "" : `事由：${reason}`,
  ].filter((fact) => fact !== "");
  return `您的请假申请已通过${facts.length === 0 ? "" : `：${facts.join("，")}`}。`;
}

const notifyApproved = defineMethod({
  title: { zh: "通知申请人已通过", en: "Tell the applicant of the approval" },
  input,
  sample: { userId: "zhangsan", reason: "探亲", days: 3, startsOn: "2026-12-01" },
  secrets: ["STARTFLOW_QYWX_CORPSECRET"],
  async run(leave) {
    // Assumption: who applied has the same id in WeCom. Where that is not so, look it up here.
    const result = await $proxy("qywx", { caller: "notify-approved" }).sendTextMessage(leave.userId, textOf(leave));
    return { notified: leave.userId, messageId: result.msgid };
  },
});

export = notifyApproved;
