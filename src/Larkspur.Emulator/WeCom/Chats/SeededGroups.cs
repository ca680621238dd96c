namespace Larkspur.Emulator.WeCom.Chats;

/// <summary>What every fresh corp holds: the chats of its people with application and AI bot, and two groups that the AI bot is in.</summary>
internal static class SeededGroups
{
    /// <summary>采购协作群 / Purchasing team: Bob, Alice, Carol, the AI bot and the group robot 采购提醒.</summary>
    public const string Purchasing = "wrLarkspurPurchasing0000000000001";
    /// <summary>财务审批群 / Finance approvals: Carol, Bob and the AI bot.</summary>
    public const string Finance = "wrLarkspurFinance00000000000000001";

    public static void Fill(WeComChats chats)
    {
        foreach (var person in new[] { SeededCompany.Alice, SeededCompany.Bob, SeededCompany.Carol })
        {
            chats.WithApplication(person);
            chats.WithAiBot(person);
        }

        chats.Put(new WeComChat
        {
            ChatId = Purchasing, Kind = WeComChatKind.Group, Name = "采购协作群", EnName = "Purchasing team", OwnerId = SeededCompany.Bob, HasAiBot = true,
            People = [SeededCompany.Bob, SeededCompany.Alice, SeededCompany.Carol],
        });
        chats.Put(new WeComChat
        {
            ChatId = Finance, Kind = WeComChatKind.Group, Name = "财务审批群", EnName = "Finance approvals", OwnerId = SeededCompany.Carol, HasAiBot = true,
            People = [SeededCompany.Carol, SeededCompany.Bob],
        });
    }
}
