using System.Text.Json;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>A matter may have any number of notifications; each is settled once, whatever ends in between.</summary>
public sealed class SettleMatterTests : IAsyncLifetime
{
    private NoticeHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await NoticeHouse.StartAsync();

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task All_notifications_of_a_matter_are_settled_however_many_there_are()
    {
        for (var i = 0; i < 215; i++) await _house.SendAsync(NoticeHouse.Requisition("PR-many", NoticeHouse.Email(i % 2 == 0 ? "bob" : "carol")));
        var settled = await SettleAsync("PR-many");
        Assert.True(settled.Status == 200, settled.ToString());
        Assert.Equal((215, 0), (settled.Body.GetProperty("count").GetInt32(), settled.Body.GetProperty("pending").GetInt32()));
        Assert.Equal(200, settled.Items.Length);
        Assert.Equal(["settled 1 215"], await FacesAsync("PR-many"));
        // A repeat says the same: no card is changed again.
        Assert.Equal(200, (await SettleAsync("PR-many")).Status);
        Assert.Equal(["settled 1 215"], await FacesAsync("PR-many"));
    }

    [Fact]
    public async Task What_was_cut_off_in_the_middle_is_gone_on_with_and_each_card_changes_once()
    {
        var sent = new List<JsonElement>();
        for (var i = 0; i < 3; i++) sent.Add(await _house.SendAsync(NoticeHouse.Requisition("PR-cut", NoticeHouse.Email(i == 0 ? "bob" : "carol"))));
        foreach (var one in sent) await _house.UntilAsync(one, "sent");
        Assert.Equal(200, (await SettleAsync("PR-cut")).Status);
        // As a process leaves it that ended between two of its transactions: the first is settled, the others are not.
        await _house.Gateway.DamageAsync("UPDATE notification SET state = 'open', settled = NULL, face = 0 WHERE id > (SELECT MIN(id) FROM notification)");
        await _house.Gateway.DamageAsync("UPDATE notification_delivery SET face = 0 WHERE notification > (SELECT MIN(id) FROM notification)");
        await _house.Gateway.DamageAsync("""
            INSERT INTO notification_settling (matter, settled, who, after_id, up_to, created_at)
            SELECT 'PR-cut', (SELECT settled FROM notification WHERE settled IS NOT NULL), 'api', MIN(id), MAX(id), 1 FROM notification
            """);
        await _house.KeepAsync();
        Assert.Equal(["settled 1 3"], await FacesAsync("PR-cut"));
        foreach (var one in sent) await _house.FaceAsync(NoticeHouse.MessageOf(await _house.GetAsync(one.GetProperty("id").GetString()!)), "Withdrawn in the ERP");
        Assert.Equal(0, await _house.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM notification_settling"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_sent_for_the_matter_afterwards_is_not_settled()
    {
        await _house.SendAsync(NoticeHouse.Requisition("PR-later"));
        Assert.Equal(200, (await SettleAsync("PR-later")).Status);
        var later = await _house.SendAsync(NoticeHouse.Requisition("PR-later"));
        await _house.KeepAsync();
        Assert.Equal("open", (await _house.GetAsync(later.GetProperty("id").GetString()!)).GetProperty("state").GetString());
    }

    private Task<RestAnswer> SettleAsync(string matter) =>
        _house.Gateway.PostRestAsync("/notifications/settle", new { matter, status = "closed", text = new { zh = "已在 ERP 中撤销", en = "Withdrawn in the ERP" } });

    private async Task<List<string>> FacesAsync(string matter) => await _house.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.QueryAsync(
        "SELECT state, face, COUNT(*) FROM notification WHERE matter = $1 GROUP BY state, face", static row => $"{row.GetString(0)} {row.GetInt64(1)} {row.GetInt64(2)}", matter));
}
