using Larkspur.Emulator.State.Calendars;
using Larkspur.Emulator.State.Documents;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.State;

/// <summary>The company that every fresh state holds: three people, two departments, two groups, one bot and one custom bot.</summary>
public static class SeededCompany
{
    public const string Name = "云母";
    public const string Alice = "alice";
    public const string Bob = "bob";
    public const string Carol = "carol";

    public static readonly string PurchasingDepartment = "od-" + WireIds.Hash("department", "purchasing");
    public static readonly string FinanceDepartment = "od-" + WireIds.Hash("department", "finance");
    public static readonly string PurchasingChat = "oc_" + WireIds.Hash("chat", "purchasing");
    public static readonly string FinanceChat = "oc_" + WireIds.Hash("chat", "finance");

    /// <summary>Last part of the address of the seeded custom bot's webhook (采购提醒 / Purchasing alerts), which wants signatures.</summary>
    public const string CustomBotToken = "0f7c1a52-6d3e-4b88-9a51-2c4e8d90b613";
    public const string CustomBotSecret = "emulator-hook-secret";

    /// <summary>付款申请 / Payment request: Bob, then Carol.</summary>
    public const string PaymentApprovalCode = "5A6F1C3E-2B7D-4E90-8C41-7D3A9B0E6F12";
    /// <summary>采购申请 / Purchase request: whom the submitter chooses, then Bob and Carol together.</summary>
    public const string PurchaseApprovalCode = "9C2E7B04-61F8-4D35-A0B7-1E5D8F3C4A26";
    /// <summary>财务审批: a role that Carol has.</summary>
    public const string FinanceRole = "7vrj3vk70xk7v5r";

    public static void Fill(EmulatorState state, IReadOnlyList<BotApp> apps)
    {
        foreach (var app in apps) state.Put(app);
        SeededTemplates.Fill(state);
        SeededApprovals.Fill(state);
        state.Put(new Department
        {
            OpenDepartmentId = PurchasingDepartment, DepartmentId = "purchasing", Name = "采购部", EnName = "Purchasing", LeaderUserId = Bob, Order = "100",
        });
        state.Put(new Department
        {
            OpenDepartmentId = FinanceDepartment, DepartmentId = "finance", Name = "财务部", EnName = "Finance", LeaderUserId = Carol, Order = "200",
        });
        state.Put(new Person
        {
            UserId = Alice, Name = "艾丽丝", EnName = "Alice", Email = "alice@mica.example", Mobile = "+8613800000001", EmployeeNo = "M1001",
            JobTitle = "采购专员", Gender = 2, City = "上海", JoinTime = 1_672_531_200, LeaderUserId = Bob, DepartmentIds = [PurchasingDepartment],
        });
        state.Put(new Person
        {
            UserId = Bob, Name = "鲍勃", EnName = "Bob", Email = "bob@mica.example", Mobile = "+8613800000002", EmployeeNo = "M1002",
            JobTitle = "采购经理", Gender = 1, City = "上海", JoinTime = 1_609_459_200, DepartmentIds = [PurchasingDepartment], IsTenantManager = true,
        });
        state.Put(new Person
        {
            UserId = Carol, Name = "卡罗尔", EnName = "Carol", Email = "carol@mica.example", Mobile = "+8613800000003", EmployeeNo = "M1003",
            JobTitle = "财务主管", Gender = 2, City = "深圳", JoinTime = 1_640_995_200, Locale = "en_us", DepartmentIds = [FinanceDepartment],
        });

        var bots = apps.Where(a => a.BotEnabled).ToArray();
        foreach (var bot in bots)
        {
            foreach (var person in new[] { Alice, Bob, Carol }) state.GetOrCreateBotChat(person, bot, out _);
        }

        state.AddChat(new Chat
        {
            ChatId = PurchasingChat, Kind = ChatKind.Group, Name = "采购协作群", EnName = "Purchasing team",
            Description = "采购申请与到货 / Purchase requests and deliveries",
            OwnerId = Bob, People = [Bob, Alice, Carol], Bots = [.. bots.Select(b => b.AppId)],
        });
        state.AddChat(new Chat
        {
            ChatId = FinanceChat, Kind = ChatKind.Group, Name = "财务审批群", EnName = "Finance approvals",
            Description = "付款与报销 / Payments and expenses",
            OwnerId = Carol, People = [Carol, Bob], Bots = [.. bots.Select(b => b.AppId)],
        });
        state.Put(new CustomBot
        {
            Token = CustomBotToken, ChatId = PurchasingChat, Name = "采购提醒", EnName = "Purchasing alerts", Secret = CustomBotSecret,
        });
        SeededDocuments.Fill(state);
        SeededCalendars.Fill(state);
        SeededTables.Fill(state);
    }
}
