using System.Text.Json;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>A subject may have any number of notifications; each is resolved once, whatever ends in between.</summary>
public sealed class ResolveSubjectTests : IAsyncLifetime
{
    private NotificationFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NotificationFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task All_notifications_of_a_subject_are_resolved_however_many_there_are()
    {
        for (var i = 0; i < 215; i++) await _fixture.SendAsync(NotificationFixture.Requisition("PR-many", NotificationFixture.Email(i % 2 == 0 ? "bob" : "carol")));
        var resolved = await ResolveAsync("PR-many");
        Assert.True(resolved.Status == 200, resolved.ToString());
        Assert.Equal((215, 0), (resolved.Body.GetProperty("count").GetInt32(), resolved.Body.GetProperty("pending").GetInt32()));
        Assert.Equal(200, resolved.Items.Length);
        Assert.Equal(["resolved 1 215"], await FacesAsync("PR-many"));
        // A repeat says the same: no card is changed again.
        Assert.Equal(200, (await ResolveAsync("PR-many")).Status);
        Assert.Equal(["resolved 1 215"], await FacesAsync("PR-many"));
    }

    [Fact]
    public async Task What_was_cut_off_in_the_middle_is_gone_on_with_and_each_card_changes_once()
    {
        var sent = new List<JsonElement>();
        for (var i = 0; i < 3; i++) sent.Add(await _fixture.SendAsync(NotificationFixture.Requisition("PR-cut", NotificationFixture.Email(i == 0 ? "bob" : "carol"))));
        foreach (var one in sent) await _fixture.UntilAsync(one, "sent");
        Assert.Equal(200, (await ResolveAsync("PR-cut")).Status);
        // As a process leaves it that ended between two of its transactions: the first is resolved, the others are not.
        await _fixture.Gateway.DamageAsync("UPDATE notification SET state = 'open', resolved = NULL, face = 0 WHERE id > (SELECT MIN(id) FROM notification)");
        await _fixture.Gateway.DamageAsync("UPDATE notification_delivery SET face = 0 WHERE notification > (SELECT MIN(id) FROM notification)");
        await _fixture.Gateway.DamageAsync("""
            INSERT INTO subject_resolution (subject, resolved, who, after_id, up_to, created_at)
            SELECT 'PR-cut', (SELECT resolved FROM notification WHERE resolved IS NOT NULL), 'api', MIN(id), MAX(id), 1 FROM notification
            """);
        await _fixture.KeepAsync();
        Assert.Equal(["resolved 1 3"], await FacesAsync("PR-cut"));
        foreach (var one in sent) await _fixture.FaceAsync(NotificationFixture.MessageOf(await _fixture.GetAsync(one.GetProperty("id").GetString()!)), "Withdrawn in the ERP");
        Assert.Equal(0, await _fixture.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM subject_resolution"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_sent_for_the_subject_afterwards_is_not_resolved()
    {
        await _fixture.SendAsync(NotificationFixture.Requisition("PR-later"));
        Assert.Equal(200, (await ResolveAsync("PR-later")).Status);
        var later = await _fixture.SendAsync(NotificationFixture.Requisition("PR-later"));
        await _fixture.KeepAsync();
        Assert.Equal("open", (await _fixture.GetAsync(later.GetProperty("id").GetString()!)).GetProperty("state").GetString());
    }

    private Task<RestAnswer> ResolveAsync(string subject) =>
        _fixture.Gateway.PostRestAsync("/notifications/resolve", new { subject, status = "closed", text = new { zh = "已在 ERP 中撤销", en = "Withdrawn in the ERP" } });

    private async Task<List<string>> FacesAsync(string subject) => await _fixture.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.QueryAsync(
        "SELECT state, face, COUNT(*) FROM notification WHERE subject = $1 GROUP BY state, face", static row => $"{row.GetString(0)} {row.GetInt64(1)} {row.GetInt64(2)}", subject));
}
