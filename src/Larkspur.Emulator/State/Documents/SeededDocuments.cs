using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Documents;

/// <summary>The documents of every fresh state: one that the whole company may read, one that is Alice's alone, one of a group, and a page of the wiki.</summary>
public static class SeededDocuments
{
    /// <summary>差旅报销制度: everybody in the company who has the link.</summary>
    public const string TravelPolicy = "LkTravelPolicy2026MicaDocx1";
    /// <summary>艾丽丝的薪资说明: Alice alone; the app was added to it.</summary>
    public const string Salary = "LkSalaryNoteAliceMicaDocx02";
    /// <summary>三季度采购计划: the purchasing group.</summary>
    public const string PurchasePlan = "LkPurchasePlanQ3MicaDocx003";
    /// <summary>新人指南: a page of the space that finance keeps.</summary>
    public const string Handbook = "LkHandbookObjectMicaDocx004";
    public const string HandbookNode = "LkHandbookWikiNodeMica00005";
    /// <summary>A spreadsheet in the same space.</summary>
    public const string Budget = "LkBudgetSheetObjectMica0006";
    public const string BudgetNode = "LkBudgetWikiNodeMica0000007";
    /// <summary>财务知识库: Carol keeps it, the finance department reads it.</summary>
    public const string FinanceSpace = "7300000000000000001";

    public static void Fill(EmulatorState state)
    {
        ImmutableArray<DocumentMember> apps = [.. state.Apps.Select(a => new DocumentMember("app", a.AppId, "view"))];
        Put(state, CloudDocument.Empty(TravelPolicy, "差旅报销制度", SeededCompany.Carol, state.Clock.GetUtcNow()) with { LinkShare = "tenant_readable", Members = apps }, """
            # 适用范围
            本制度适用于全体员工因公出差的费用报销。
            # 标准
            | 城市 | 住宿上限（元/晚） | 餐补（元/天） |
            | 北京、上海、深圳 | 650 | 120 |
            | 其他省会城市 | 450 | 100 |
            | 其他城市 | 350 | 80 |
            # 流程
            1. 出差前在飞书提交出差申请
            2. 返回后 10 个工作日内提交报销单
            3. 财务部在 5 个工作日内付款
            > 超标部分须由部门负责人说明原因。
            """);
        Put(state, CloudDocument.Empty(Salary, "薪资说明（艾丽丝）", SeededCompany.Alice, state.Clock.GetUtcNow()) with { Members = apps }, """
            # 2026 年薪资
            月薪 28500 元，年终奖 3 个月。
            """);
        Put(state, CloudDocument.Empty(PurchasePlan, "三季度采购计划", SeededCompany.Bob, state.Clock.GetUtcNow()) with
        {
            Members = [.. apps, new DocumentMember("chat", SeededCompany.PurchasingChat, "edit")],
        }, """
            # 重点
            - 笔记本电脑 40 台
            - 显示器 60 台
            - 会议室设备 3 套
            """);
        state.Put(new WikiSpace
        {
            SpaceId = FinanceSpace, Name = "财务知识库",
            Members = [new WikiMember("user", SeededCompany.Carol, "admin"), new WikiMember("department", SeededCompany.FinanceDepartment), .. state.Apps.Select(a => new WikiMember("app", a.AppId))],
        });
        DocumentMember everybodyInSpace = new("wiki_space_member", FinanceSpace, "view");
        Put(state, CloudDocument.Empty(Handbook, "新人指南", SeededCompany.Carol, state.Clock.GetUtcNow()) with { Members = [everybodyInSpace] }, """
            # 第一周
            - 领取电脑与门禁卡
            - 阅读差旅报销制度
            """);
        state.Put(CloudDocument.Empty(Budget, "2026 预算", SeededCompany.Carol, state.Clock.GetUtcNow()) with { Type = "sheet", Members = [everybodyInSpace] });
        state.Put(new WikiNode(HandbookNode, FinanceSpace, Handbook));
        state.Put(new WikiNode(BudgetNode, FinanceSpace, Budget));
    }

    private static void Put(EmulatorState state, CloudDocument empty, string text)
    {
        var number = 0;
        state.Put(NewBlock.Insert(empty, empty.Token, 0, DocumentLines.Read(text), () => "dox" + WireIds.Hash("block", $"{empty.Token}/{number++}")[..24]).Document);
    }
}
