using Larkspur.Feishu;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.Chats;

public sealed class ChatTests : EmulatorTests
{
    [Fact]
    public async Task Groups_are_listed_page_by_page_and_searched()
    {
        string made = await MadeAsync("Alpha team");
        ChatPage first = await Feishu.Chats.ListPageAsync(2, cancellationToken: Stop);
        Assert.Equal(2, first.Chats.Count);
        ChatPage second = await Feishu.Chats.ListPageAsync(2, first.NextPageToken, cancellationToken: Stop);
        Assert.Null(second.NextPageToken);
        List<ChatSummary> all = await ListAsync(Feishu.Chats.ListAsync(cancellationToken: Stop));
        Assert.Equal(first.Chats.Concat(second.Chats).Select(c => c.ChatId), all.Select(c => c.ChatId));
        Assert.Equal([made], (await ListAsync(Feishu.Chats.SearchAsync("Alpha", cancellationToken: Stop))).Select(c => c.ChatId));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Feishu.Chats.ListPageAsync(101, cancellationToken: Stop));
    }

    [Fact]
    public async Task A_group_is_made_once_per_key_changed_and_disbanded()
    {
        string made = await MadeAsync("Beta", "key-1");
        Assert.Equal(made, await MadeAsync("Beta", "key-1"));
        await Feishu.Chats.UpdateAsync(new() { ChatId = made, Name = "Gamma" }, cancellationToken: Stop);
        Assert.Equal("Gamma", (await Feishu.Chats.GetAsync(made, cancellationToken: Stop)).Name);
        Assert.StartsWith("http", (await Feishu.Chats.LinkAsync(made, ValidityPeriod.Year, cancellationToken: Stop)).Address.Scheme, StringComparison.Ordinal);
        await Feishu.Chats.DisbandAsync(made, cancellationToken: Stop);
        FeishuApiException refused = await RefusedAsync(SayAsync("anybody?", made));
        Assert.Equal((232009, FailureKind.NotFound), (refused.Code, refused.FailureKind));
        Assert.Contains("disbanded", refused.Explanation!.English, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Chats.CreateAsync(new() { UserIdList = [.. Enumerable.Range(0, 51).Select(i => $"ou_{i}")] }, cancellationToken: Stop));
    }

    [Fact]
    public async Task Members_come_and_go_and_who_cannot_is_listed()
    {
        string group = await MadeAsync("Members");
        MemberChange added = await Feishu.Chats.AddMembersAsync(group, [Open("alice"), Open("bob"), "ou_nobody"], cancellationToken: Stop);
        Assert.False(added.IsComplete);
        Assert.Contains("ou_nobody", added.NotExistingIds.Concat(added.InvalidIds));
        Assert.Equal(new HashSet<string> { Open("alice"), Open("bob") }, (await ListAsync(Feishu.Chats.MembersAsync(group, cancellationToken: Stop))).Select(m => m.Id).ToHashSet());
        Assert.True((await Feishu.Chats.RemoveMembersAsync(group, [Open("bob")], cancellationToken: Stop)).IsComplete);
        Assert.Single(await ListAsync(Feishu.Chats.MembersAsync(group, cancellationToken: Stop)));
        await RefusedAsync(Feishu.Chats.AddAllMembersAsync(group, [Open("carol"), "ou_nobody"], cancellationToken: Stop));
        Assert.Single(await ListAsync(Feishu.Chats.MembersAsync(group, cancellationToken: Stop)));
        Assert.True(await Feishu.Chats.IsInChatAsync(group, cancellationToken: Stop));
        Assert.False(await Feishu.Chats.IsInChatAsync(await StrangeGroupAsync(), cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Feishu.Chats.AddMembersAsync(group, [], cancellationToken: Stop));
    }

    [Fact]
    public async Task Changes_of_one_group_run_one_after_the_other()
    {
        string group = await MadeAsync("Turns");
        string[] people = [Open("alice"), Open("bob"), Open("carol")];
        await Task.WhenAll(people.Select(p => Feishu.Chats.AddMembersAsync(group, [p], cancellationToken: Stop)));
        Assert.Equal(3, (await ListAsync(Feishu.Chats.MembersAsync(group, cancellationToken: Stop))).Count);
    }

    [Fact]
    public async Task Managers_are_named()
    {
        string group = await MadeAsync("Managers");
        await Feishu.Chats.AddMembersAsync(group, [Open("alice")], cancellationToken: Stop);
        ChatManagers managers = await Feishu.Chats.AddManagersAsync(group, [Open("alice")], cancellationToken: Stop);
        Assert.Contains(Open("alice"), managers.UserIds);
        Assert.DoesNotContain(Open("alice"), (await Feishu.Chats.RemoveManagersAsync(group, [Open("alice")], cancellationToken: Stop)).UserIds);
        FeishuApiException refused = await RefusedAsync(Feishu.Chats.AddManagersAsync(Purchasing, [Open("alice")], cancellationToken: Stop));
        Assert.Equal(FailureKind.Permission, refused.FailureKind);
        Assert.NotNull(refused.Explanation);
    }

    [Fact]
    public async Task A_public_group_is_joined()
    {
        string group = await MadeAsync("Open house", type: "public");
        await Feishu.Chats.RemoveMembersAsync(group, [EmulatorApp.AppId], MemberIdType.AppId, cancellationToken: Stop);
        Assert.False(await Feishu.Chats.IsInChatAsync(group, cancellationToken: Stop));
        await Feishu.Chats.JoinAsync(group, cancellationToken: Stop);
        Assert.True(await Feishu.Chats.IsInChatAsync(group, cancellationToken: Stop));
    }

    [Fact]
    public async Task The_announcement_is_replaced()
    {
        string group = await MadeAsync("News");
        await Feishu.Chats.SetAnnouncementTextAsync(group, "first\nsecond", cancellationToken: Stop);
        await Feishu.Chats.SetAnnouncementTextAsync(group, "Rules\nBe kind", cancellationToken: Stop);
        Assert.Equal("Rules\nBe kind", await Feishu.Chats.AnnouncementTextAsync(group, cancellationToken: Stop));
        await Feishu.Chats.SetAnnouncementTextAsync(group, "", cancellationToken: Stop);
        Assert.Equal("", await Feishu.Chats.AnnouncementTextAsync(group, cancellationToken: Stop));
        FeishuApiException refused = await RefusedAsync(Feishu.Chats.AnnouncementAsync(group, cancellationToken: Stop));
        Assert.Equal(232097, refused.Code);
        Assert.Contains(nameof(FeishuChats.AnnouncementTextAsync), refused.Explanation!.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_announcement_of_the_old_kind_is_read_and_changed_at_its_revision()
    {
        string group = await MadeAsync("Old news");
        await Feishu.Chats.AddMembersAsync(group, [Open("alice")], cancellationToken: Stop);
        await Emulator.ActAsync(new { @as = "alice", @do = "change_group", chat = group, announcement_type = "doc" });
        ChatAnnouncement empty = await Feishu.Chats.AnnouncementAsync(group, cancellationToken: Stop);
        Assert.Equal("1", empty.Revision);

        await Feishu.Chats.WriteAnnouncementAsync(group, empty.Revision, [Paragraph("Rules", null), Paragraph("Be kind", null)],
            cancellationToken: Stop);
        await Feishu.Chats.WriteAnnouncementAsync(group, "2", [Paragraph("Welcome", 0)], cancellationToken: Stop);
        ChatAnnouncement written = await Feishu.Chats.AnnouncementAsync(group, cancellationToken: Stop);
        Assert.Equal("3", written.Revision);
        Assert.Equal(EmulatorApp.AppId, written.ModifierId);
        using (var content = System.Text.Json.JsonDocument.Parse(written.Content))
        {
            Assert.Equal(["Welcome", "Rules", "Be kind"], content.RootElement.GetProperty("body").GetProperty("blocks").EnumerateArray()
                .Select(b => b.GetProperty("paragraph").GetProperty("elements")[0].GetProperty("textRun").GetProperty("text").GetString()));
        }

        // Somebody was faster: nothing is changed.
        FeishuApiException late = await RefusedAsync(Feishu.Chats.WriteAnnouncementAsync(group, "2", [Paragraph("late", null)],
            cancellationToken: Stop));
        Assert.Equal(232018, late.Code);
        Assert.Contains("latest revision", late.Explanation!.English, StringComparison.Ordinal);
        Assert.Equal(written.Content, (await Feishu.Chats.AnnouncementAsync(group, cancellationToken: Stop)).Content);

        // The docx calls do not take it, and say which do.
        FeishuApiException old = await RefusedAsync(Feishu.Chats.AnnouncementTextAsync(group, cancellationToken: Stop));
        Assert.Equal(1772006, old.Code);
        Assert.Contains(nameof(FeishuChats.WriteAnnouncementAsync), old.Explanation!.English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_announcement_that_only_the_owner_may_change_is_refused_to_others()
    {
        string group = (await Emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "Strict",
            bots = new[] { EmulatorApp.AppId } }))["chat_id"]!.GetValue<string>();
        await Emulator.ActAsync(new { @as = "alice", @do = "change_group", chat = group, announcement_type = "doc" });
        await Feishu.Chats.WriteAnnouncementAsync(group, "1", [Paragraph("Everybody may", null)], cancellationToken: Stop);
        Emulator.State.ChangeChat(group, c => c with { Settings = c.Settings.SetItem("edit_permission", "only_owner") });
        FeishuApiException refused = await RefusedAsync(Feishu.Chats.WriteAnnouncementAsync(group, "2",
            [Paragraph("Not any more", null)], cancellationToken: Stop));
        Assert.Equal((232002, FailureKind.Permission), (refused.Code, refused.FailureKind));
        Assert.Contains("Everybody may", (await Feishu.Chats.AnnouncementAsync(group, cancellationToken: Stop)).Content,
            StringComparison.Ordinal);
        Assert.Equal(232011, (await RefusedAsync(Feishu.Chats.AnnouncementAsync(await StrangeGroupAsync(), cancellationToken: Stop))).Code);
    }

    /// <summary>A change that puts a paragraph at an index, or at the end.</summary>
    private static string Paragraph(string words, int? index)
    {
        var block = new { type = "paragraph", paragraph = new {
            elements = new[] { new { type = "textRun", textRun = new { text = words, style = new { } } } }, style = new { } } };
        string payload = System.Text.Json.JsonSerializer.Serialize(new { blocks = new[] { block } });
        return System.Text.Json.JsonSerializer.Serialize(new
        {
            requestType = "InsertBlocksRequestType",
                insertBlocksRequest = new { payload, location = new { zoneId = "0", index = index ?? 0, endOfZone = index is null } },
        });
    }

    private async Task<string> MadeAsync(string name, string? key = null, string? type = null)
        => (await Feishu.Chats.CreateAsync(new() { Name = name, Uuid = key, ChatType = type is null ? null : new(type) }, cancellationToken: Stop)).ChatId!;
}
