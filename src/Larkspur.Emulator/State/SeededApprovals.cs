using System.Collections.Immutable;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.State;

/// <summary>The two kinds of request that every fresh state knows.</summary>
public static class SeededApprovals
{
    private const string PaymentForm = """
        [{"id":"widget17300000000010001","custom_id":"payee","name":"@i18n@payee","type":"input","required":true,"printable":true},
         {"id":"widget17300000000010002","custom_id":"amount","name":"@i18n@amount","type":"amount","required":true,"printable":true,"option":{"currency":"CNY","currencyRange":["CNY","USD","EUR"]}},
         {"id":"widget17300000000010003","custom_id":"reason","name":"@i18n@reason","type":"textarea","required":false,"printable":true},
         {"id":"widget17300000000010004","custom_id":"method","name":"@i18n@method","type":"radioV2","required":false,"printable":true,
          "option":[{"value":"transfer","text":"@i18n@transfer"},{"value":"cheque","text":"@i18n@cheque"},{"value":"cash","text":"@i18n@cash"}]},
         {"id":"widget17300000000010005","custom_id":"date","name":"@i18n@date","type":"date","required":false,"printable":true,"value":"YYYY-MM-DD"},
         {"id":"widget17300000000010006","custom_id":"attachment","name":"@i18n@attachment","type":"attachmentV2","required":false,"printable":true}]
        """;

    private const string PurchaseForm = """
        [{"id":"widget17300000000020001","custom_id":"subject","name":"@i18n@subject","type":"input","required":true,"printable":true},
         {"id":"widget17300000000020002","custom_id":"items","name":"@i18n@items","type":"fieldList","required":true,"printable":true,"children":[
           {"id":"widget17300000000020003","custom_id":"article","name":"@i18n@article","type":"input","required":true},
           {"id":"widget17300000000020004","custom_id":"pieces","name":"@i18n@pieces","type":"number","required":true}]},
         {"id":"widget17300000000020005","custom_id":"needed","name":"@i18n@needed","type":"checkboxV2","required":false,
          "option":[{"value":"invoice","text":"@i18n@invoice"},{"value":"contract","text":"@i18n@contract"}]}]
        """;

    private static readonly (string Key, string Zh, string En)[] PaymentTexts =
    [
        ("name", "付款申请", "Payment request"), ("payee", "收款方", "Payee"), ("amount", "金额", "Amount"), ("reason", "付款事由", "Reason"), ("method", "付款方式", "Method"),
        ("transfer", "银行转账", "Bank transfer"), ("cheque", "支票", "Cheque"), ("cash", "现金", "Cash"), ("date", "期望付款日期", "Pay by"), ("attachment", "附件", "Attachments"),
        ("manager", "采购经理审批", "Purchasing manager"), ("finance", "财务审批", "Finance"),
    ];

    private static readonly (string Key, string Zh, string En)[] PurchaseTexts =
    [
        ("name", "采购申请", "Purchase request"), ("subject", "采购事由", "Subject"), ("items", "采购明细", "Items"), ("article", "品名", "Article"), ("pieces", "数量", "Quantity"),
        ("needed", "所需资料", "Documents needed"), ("invoice", "发票", "Invoice"), ("contract", "合同", "Contract"), ("chosen", "自选审批人", "Chosen approver"), ("together", "会签", "All of them"),
    ];

    public static void Fill(EmulatorState state)
    {
        state.Put(new ApprovalDefinition
        {
            Code = SeededCompany.PaymentApprovalCode, ApprovalId = "7300000000000010001", Name = "@i18n@name", FormJson = PaymentForm, Texts = Texts(PaymentTexts),
            Managers = [SeededCompany.Carol],
            Nodes =
            [
                new ApprovalNode { NodeId = NodeId("payment/manager"), CustomId = "manager", Name = "@i18n@manager", Kind = NodeKind.Or, Approvers = [new Approver(ApproverKind.Personal, SeededCompany.Bob)] },
                new ApprovalNode { NodeId = NodeId("payment/finance"), CustomId = "finance", Name = "@i18n@finance", Kind = NodeKind.Or, Approvers = [new Approver(ApproverKind.Personal, SeededCompany.Carol)] },
            ],
        });
        state.Put(new ApprovalDefinition
        {
            Code = SeededCompany.PurchaseApprovalCode, ApprovalId = "7300000000000020001", Name = "@i18n@name", FormJson = PurchaseForm, Texts = Texts(PurchaseTexts),
            Managers = [SeededCompany.Bob],
            Nodes =
            [
                new ApprovalNode { NodeId = NodeId("purchase/chosen"), CustomId = "chosen", Name = "@i18n@chosen", Kind = NodeKind.Or, ChosenMulti = true, Approvers = [new Approver(ApproverKind.Free)] },
                new ApprovalNode
                {
                    NodeId = NodeId("purchase/together"), CustomId = "together", Name = "@i18n@together", Kind = NodeKind.And,
                    Approvers = [new Approver(ApproverKind.Personal, SeededCompany.Bob), new Approver(ApproverKind.Personal, SeededCompany.Carol)],
                },
            ],
        });
        state.Put(new FunctionalRole(SeededCompany.FinanceRole, "财务审批", [SeededCompany.Carol]));
    }

    private static string NodeId(string name) => WireIds.Hash("approval-node", name);

    private static LocalTexts Texts((string Key, string Zh, string En)[] texts) => new("zh-CN", ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty
        .Add("zh-CN", texts.ToImmutableDictionary(t => LocalTexts.KeyMark + t.Key, t => t.Zh))
        .Add("en-US", texts.ToImmutableDictionary(t => LocalTexts.KeyMark + t.Key, t => t.En)));
}
