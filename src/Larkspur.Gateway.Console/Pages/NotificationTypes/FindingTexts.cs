using System.Text.RegularExpressions;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.NotificationTypes;

/// <summary>Findings in both languages. The rules of the other rooms speak English and put the names that subject between quotation marks; the Chinese sentence takes those over.</summary>
internal static partial class FindingTexts
{
    /// <summary>What is wrong.</summary>
    /// <param name="rule">The rule's stable id.</param>
    /// <param name="english">Its sentence.</param>
    public static LocalText Of(string rule, string english) =>
        Choice().Match(english) is { Success: true } choice ? new($"{choice.Groups[1].Value} 不是允许的值，可用：{choice.Groups[2].Value.Replace(", ", "、", StringComparison.Ordinal)}", english)
        : (Chinese(rule) ?? General(rule)) is { } chinese ? new(Named(chinese, english), english) : LocalText.From(english);

    /// <summary>What to do about it; empty in Chinese where the sentence says it already. Of a rule that has no Chinese words the English remedy is better than none.</summary>
    public static LocalText FixOf(string rule, string english) => Remedy(rule, english) is { } remedy ? new(remedy, english) : Chinese(rule) is null ? LocalText.From(english) : new("", english);

    private static string Named(string chinese, string english)
    {
        string[] names = [.. Quoted().Matches(english).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal).Take(3)];
        return names.Length == 0 ? chinese : $"{chinese}：{string.Join("、", names)}";
    }

    private static string? Remedy(string rule, string english) => rule switch
    {
        "template.unknown-variable" => "在“变量”中添加它，或改正名称；列表的字段只能在它的重复（$each）里使用",
        "template.unknown-string" => "在 strings 中添加它",
        "template.missing-variable" or "variable.missing" => "给变量写一个 sample",
        "template.bad-placeholder" => "写成 ${名称}；要显示 ${ 本身时写 $${",
        "template.bad-repetition" => "写成 {\"$each\": \"列表变量\", \"$as\": \"行\", \"$do\": …}",
        "template.bad-url" or "variable.bad-url" => "填写完整地址：https、http、lark 或 feishu，不含用户名和密码",
        "template.bad-date" => "写成 2026-04-01 或 2026-04-01T09:30:00+08:00",
        "notification.calls-back" => "给每个按钮一个 url，并去掉 inputs、submit 和 callback",
        _ when rule.StartsWith("variable.", StringComparison.Ordinal) => OfKind(english),
        _ => null,
    };

    /// <summary>How a variable's value is written. The English sentence names the type.</summary>
    private static string? OfKind(string english) => Kind().Match(english) is { Success: true } kind ? kind.Groups[1].Value switch
    {
        "text" => "text：一段文字，或 {\"zh\": …, \"en\": …}",
        "number" => "number：JSON 数字，不加引号",
        "money" => "money：{\"amount\": \"98765.40\", \"currency\": \"CNY\"}",
        "date" => "date：2026-04-01 或 2026-04-01T14:02:00+08:00",
        "url" => "url：完整地址",
        "person" => "person：{\"email\": …}、{\"name\": {\"zh\": …, \"en\": …}}，或只写姓名",
        _ => null,
    } : null;

    private static string? Chinese(string rule) => rule switch
    {
        "template.unknown-variable" => "引用了没有定义的变量",
        "template.unknown-string" => "引用了 strings 中没有的文字",
        "template.missing-variable" => "变量没有值，可用 $if 处理可选变量",
        "template.bad-placeholder" => "占位符没有写完整",
        "template.bad-repetition" => "重复（$each）的写法不对",
        "template.bad-url" => "不是卡片可以打开的地址",
        "template.bad-text" => "文字不完整，含有半个字符",
        "template.bad-date" => "不是日期",
        "template.bad-person" => "不是人员 ID",
        "template.wrong-type" => "类型不适合用在这里",
        "template.duplicate-name" => "名称重复",
        "template.too-large" => "内容太大",
        "template.too-long" => "内容太长",
        "template.too-many" => "数量太多",
        "template.no-card" => "这些内容无法生成卡片",
        "template.missing" => "缺少必填内容",
        "template.empty" => "内容为空",
        "template.unknown-member" or "template.unknown-field" => "不认识的字段",
        "notification.calls-back" => "通知的按钮只能打开链接；审批按钮由“需要审批”添加",
        "variable.missing" => "缺少变量的示例值",
        "variable.unknown" => "没有这个变量",
        "variable.wrong-type" => "示例值与变量类型不符",
        "card.size" => "卡片超过平台允许的大小",
        "card.too-deep" or "card.nesting" => "卡片嵌套太深",
        "card.duplicate-property" => "同一个对象里有重复的字段",
        "card.unknown-property" => "卡片没有这个字段",
        "card.missing-property" => "缺少必填字段",
        "card.deprecated" => "字段仍可使用，但已被取代",
        "card.type" => "字段的 JSON 类型不对",
        "card.value" => "取值不在允许的范围内",
        "card.color" => "没有这种颜色",
        "card.icon" => "没有这个图标",
        "card.range" => "数值超出范围",
        "card.length" => "文字太长",
        "card.too-many-items" => "列表项太多",
        "card.too-many-elements" => "卡片元素超过 200 个",
        "card.too-many-tables" => "表格超过 5 个",
        "card.unknown-tag" => "没有这种组件",
        "card.removed-tag" or "card.misplaced-tag" => "组件不能放在这里",
        "card.element-id" => "element_id 不合规则",
        "card.duplicate-element-id" => "element_id 重复",
        "card.duplicate-name" => "表单项名称重复",
        "card.button-does-nothing" => "按钮没有任何作用",
        "card.unsafe-url" => "链接不安全，卡片不能打开",
        "card.bad-url" => "链接为空，或不是地址",
        "card.image-not-uploaded" => "图片没有上传，应填写 image_key",
        "card.mention-of-nobody" => "提及的人没有 ID",
        _ => null,
    };

    private static string? General(string rule) => rule.Split('.')[0] switch
    {
        "card" => "平台可能不接受这样的卡片",
        "template" => "卡片内容不符合要求",
        "variable" => "示例值与变量类型不符",
        _ => null,
    };

    [GeneratedRegex("^\"([^\"]*)\" is none of (.+)\\.$")]
    private static partial Regex Choice();

    [GeneratedRegex("\"([^\"]{1,60})\"")]
    private static partial Regex Quoted();

    [GeneratedRegex("^(?:It is|Give) a ([a-z]+)\\b")]
    private static partial Regex Kind();
}
