using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Messages;

/// <summary>A group's announcement over REST: read, changed at its revision, refused where somebody was faster or nobody may.</summary>
public sealed class AnnouncementTests
{
    [Fact]
    public async Task It_is_read_and_changed_and_a_change_to_an_old_revision_changes_nothing()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var group = emulator.CreateGroup("alice", "News");
        emulator.State.ChangeChat(group, c => c with { HasOldAnnouncement = true });
        var path = $"/chats/{group}/announcement";
        var first = await gateway.GetRestAsync(path);
        Assert.True((first.Status, first.Text("revision")) == (200, "1"), first.ToString());

        var change = new { revision = "1", requests = new[] { Paragraph("We launch on Friday") } };
        Assert.Equal(204, (await gateway.RestAsync(HttpMethod.Patch, path, change)).Status);
        var written = await gateway.GetRestAsync(path);
        Assert.Equal("2", written.Text("revision"));
        Assert.Contains("We launch on Friday", written.Text("content"), StringComparison.Ordinal);

        var late = await gateway.RestAsync(HttpMethod.Patch, path, change);
        Assert.True((late.Status, late.Error) == (422, "refused") && late.Body.GetProperty("code").GetInt32() == 232018, late.ToString());
        emulator.State.ChangeChat(group, c => c with { Settings = c.Settings.SetItem("edit_permission", "only_owner") });
        var forbidden = await gateway.RestAsync(HttpMethod.Patch, path, new { revision = "2", requests = new[] { Paragraph("no") } });
        Assert.True(forbidden.Status is 403 or 422 && forbidden.Body.GetProperty("code").GetInt32() == 232002, forbidden.ToString());
        Assert.Equal("2", (await gateway.GetRestAsync(path)).Text("revision"));

        // A newer group's announcement is another kind of document.
        var newer = await gateway.GetRestAsync($"/chats/{emulator.CreateGroup("alice", "Newer")}/announcement");
        Assert.True(newer.Status == 422 && newer.Body.GetProperty("code").GetInt32() == 232097, newer.ToString());
    }

    private static string Paragraph(string words)
    {
        var block = new { type = "paragraph", paragraph = new {
            elements = new[] { new { type = "textRun", textRun = new { text = words, style = new { } } } }, style = new { } } };
        return JsonSerializer.Serialize(new
        {
            requestType = "InsertBlocksRequestType",
            insertBlocksRequest = new { payload = JsonSerializer.Serialize(new { blocks = new[] { block } }),
                location = new { zoneId = "0", index = 0, endOfZone = true } },
        });
    }
}
