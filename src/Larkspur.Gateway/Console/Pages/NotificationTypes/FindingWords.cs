namespace Larkspur.Gateway.Console.Pages.NotificationTypes;

/// <summary>What the rules that people break most say, in Chinese; their English sentences name the details.</summary>
internal static class FindingWords
{
    public static string? Of(string rule) => rule switch
    {
        "template.unknown-variable" => "引用了没有定义的变量",
        "template.unknown-string" => "引用了 strings 中没有的文字",
        "template.missing-variable" => "变量没有值，可用 $if 处理可选变量",
        "template.bad-placeholder" => "占位符没有写完整，应为 ${名称}",
        "template.bad-repetition" => "重复（$each）的写法不对",
        "template.bad-url" => "不是卡片可以打开的地址",
        "template.bad-text" => "这里应是文字",
        "template.wrong-type" => "变量类型不适合用在这里",
        "template.duplicate-name" => "名称重复",
        "template.too-large" => "内容太大",
        "template.too-long" => "内容太长",
        "template.too-many" => "数量太多",
        "template.no-card" => "这些内容无法生成卡片",
        "notice.calls-back" => "通知的按钮只能打开链接；审批按钮由“需要审批”添加",
        "variable.missing" => "缺少变量的示例值",
        "variable.unknown" => "没有这个变量",
        "variable.wrong-type" => "示例值与变量类型不符",
        _ => rule.StartsWith("template.", StringComparison.Ordinal) ? "卡片内容不符合要求" : null,
    };
}
