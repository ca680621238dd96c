using Larkspur.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Refusals of the business rooms in both languages: those that people meet in the console. A word that is not here says its English sentence.</summary>
internal static class RefusalTexts
{
    public static LocalText Of(RequestRefusedException e) => Chinese(e.Word) is { } sentence ? new(sentence, e.Message) : LocalText.From(e.Message);

    /// <summary>The platform did not do it.</summary>
    public static LocalText Of(PlatformApiException e)
    {
        var said = SecretShapes.Hide(e.Message);
        return new($"平台拒绝了请求（{e.Code}）：{said}", $"The platform refused it ({e.Code}): {said}");
    }

    /// <summary>The platform did not answer.</summary>
    public static LocalText Of(PlatformNetworkException e) => e.EffectUnknown
        ? new("平台没有应答，操作可能已经生效，请刷新确认", "The platform did not answer; it may have done it all the same. Look again")
        : new("平台没有应答，没有做任何改动", "The platform did not answer; nothing was done");

    private static string? Chinese(string word) => word switch
    {
        "feishu_disabled" or "integration_off" => "飞书集成已关闭，请先在“设置”中启用",
        "payment_workflow_off" => "付款流程已关闭，请先在“设置”中启用",
        "no_approval_code" => "还没有设置审批定义编码（approval_code）",
        "unknown_approval_code" => "平台上没有这个审批定义，或者它已被删除",
        "switched_off" => "该类通知已关闭，没有发送过卡片",
        "recalled" => "通知已经撤回",
        "nothing_to_decide" => "这条通知不需要审批",
        "already_decided" => "已经有了结果，不能再操作",
        "already_resolved" => "已经办结，不需要再提醒",
        "already_recalled" => "通知已经撤回，不能再提醒",
        "reminded_lately" => "刚刚提醒过，五分钟后可以再次提醒",
        "not_pending" => "付款不在审批中，没有需要提醒的人",
        "nobody_to_remind" => "审批实例中没有等待处理的人",
        "unknown_payment" => "没有这笔付款",
        "unknown_app" => "没有配置这个应用",
        "unknown_recipients" => "通讯录中没有找到这个人，或不在应用的通讯录范围内，没有发送",
        "not_a_person" => "测试只能发给一个人",
        "wrong_id_type" => "这不是一个邮箱地址",
        "bad_name" => "名称由小写字母、数字、- 和 _ 组成，单词之间用点分隔，最长 80 个字符；变量名以字母开头",
        "too_many" => "数量超过上限",
        "too_long" => "内容过长",
        "empty" => "不能为空",
        "missing" => "缺少必填内容",
        "has_a_setting" => "内置类型由设置项开关，这里不能写 enabled",
        "digest_of_decisions" => "需要审批的卡片不能并入汇总，请改为普通或紧急",
        "unknown_variable" => "收件人引用的变量不存在，或不是 person 类型",
        "wrong_type" => "值的类型不对",
        "unknown_field" => "不认识的字段",
        "duplicate_id" => "id 重复",
        "bad_url" => "不是卡片可以打开的地址：应为完整的 https、http、lark 或 feishu 链接",
        "bad_type" => "类型应为 text、number、money、date、url 或 person",
        "bad_quiet_hours" => "应为 urgent、normal 或 digest",
        "bad_id" => "id 由字母、数字、- 和 _ 组成",
        "two_texts" => "text 和 markdown 只能选一个",
        "two_effects" => "一个按钮只能有一种作用",
        "nothing_to_submit" => "没有可以提交的输入项",
        "not_found" => "已经不存在",
        "too_many_sessions" => "打开的网页会话太多，请先结束一些",
        "unknown_schedule" => "没有这个定时任务",
        "already_asked" => "已经安排过一次，还没有结束",
        "quota" => "应用本月的调用额度已用完",
        _ => null,
    };
}
