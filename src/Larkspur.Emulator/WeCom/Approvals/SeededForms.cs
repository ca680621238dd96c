using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>The form that every fresh corp has: 付款申请 / Payment request, decided by Bob, then by Carol.</summary>
internal static class SeededForms
{
    public const string Payment = "3WLarkspurPayment0000000000000000000001";

    public static ImmutableArray<ApprovalTemplate> All { get; } =
    [
        TemplateReader.Read(Payment, JsonNode.Parse("""
        {
          "template_name": [{"text": "付款申请", "lang": "zh_CN"}, {"text": "Payment request", "lang": "en"}],
          "template_content": {"controls": [
            {"property": {"control": "Text", "id": "Text-1700000001", "title": [{"text": "付款事由", "lang": "zh_CN"}, {"text": "Reason", "lang": "en"}], "require": 1}},
            {"property": {"control": "Money", "id": "Money-1700000002", "title": [{"text": "金额", "lang": "zh_CN"}, {"text": "Amount", "lang": "en"}], "require": 1}},
            {"property": {"control": "Date", "id": "Date-1700000003", "title": [{"text": "付款日期", "lang": "zh_CN"}, {"text": "Due", "lang": "en"}], "require": 0}, "config": {"date": {"type": "day"}}},
            {"property": {"control": "Selector", "id": "Selector-1700000004", "title": [{"text": "付款方式", "lang": "zh_CN"}, {"text": "Method", "lang": "en"}], "require": 0},
             "config": {"selector": {"type": "single", "options": [
               {"key": "option-1", "value": [{"text": "银行转账", "lang": "zh_CN"}, {"text": "Bank transfer", "lang": "en"}]},
               {"key": "option-2", "value": [{"text": "现金", "lang": "zh_CN"}, {"text": "Cash", "lang": "en"}]}]}}},
            {"property": {"control": "File", "id": "File-1700000005", "title": [{"text": "附件", "lang": "zh_CN"}, {"text": "Attachments", "lang": "en"}], "require": 0}},
            {"property": {"control": "Table", "id": "Table-1700000006", "title": [{"text": "明细", "lang": "zh_CN"}, {"text": "Items", "lang": "en"}], "require": 0},
             "config": {"table": {"children": [
               {"property": {"control": "Text", "id": "Text-1700000007", "title": [{"text": "品名", "lang": "zh_CN"}, {"text": "Item", "lang": "en"}], "require": 1}},
               {"property": {"control": "Number", "id": "Number-1700000008", "title": [{"text": "数量", "lang": "zh_CN"}, {"text": "Count", "lang": "en"}], "require": 0}}]}}}
          ]}
        }
        """)!.AsObject()) with { Nodes = [Of(SeededCompany.Bob), Of(SeededCompany.Carol)] },
    ];

    private static ApprovalNode Of(string userId) => new(ApprovalNodeKind.Approve, ApprovalRule.Any, [new ApprovalPart(userId)]);
}
