using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Quota;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Gateway.Tests.Quota;

/// <summary>The ledger in a running gateway: what is counted, told, held, and known after a restart.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class QuotaTests : IAsyncLifetime
{
    private const string UsedUp = """{"code":99991403,"msg":"This month's API call quota has been exceeded"}""";
    private const string Send = "im.v1.message.create";

    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 11, 21, 2, 0, 0, TimeSpan.Zero));
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-quota-").FullName;
    private FeishuStub _feishu = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _feishu.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Calls_are_counted_by_API_and_what_the_platform_does_not_count_is_not_counted()
    {
        await using var gateway = await StartAsync();
        for (var i = 0; i < 3; i++) await SendAsync(gateway);
        _feishu.Fault = _ => (400, """{"code":230002,"msg":"not in the chat"}""");
        await Assert.ThrowsAsync<FeishuApiException>(() => SendAsync(gateway));
        await Client(gateway).Contact.V3.User.GetAsync(new() { UserId = "ou_alice", UserIdType = "open_id" }, cancellationToken: Cancel);

        var app = await AppAsync(gateway);
        var apis = app.GetProperty("apis").EnumerateArray().ToDictionary(a => a.GetProperty("api").GetString()!, a => a);
        Assert.Equal((4, 1, 3, 4), Numbers(apis[Send]));
        Assert.Equal((1, 0, 0, 1), Numbers(apis["contact.v3.user.get"]));
        Assert.Equal((1, 0, 0, 1), Numbers(apis["auth.v3.tenant_access_token.internal"]));
        Assert.Equal((1, 0, 1, 1), Numbers(apis["bot.v3.info.get"])); // warming up
        Assert.Equal(4, app.GetProperty("used").GetInt64());
        Assert.Equal(("2026-11", "normal", JsonValueKind.Null), (app.GetProperty("month").GetString(), app.GetProperty("mode").GetString(), app.GetProperty("cap").ValueKind));

        static (long, long, long, long) Numbers(JsonElement api) => (api.GetProperty("calls").GetInt64(), api.GetProperty("refused").GetInt64(), api.GetProperty("counted").GetInt64(), api.GetProperty("today").GetInt64());
    }

    [Fact]
    public async Task Counts_are_written_when_the_gateway_stops_and_the_month_begins_anew()
    {
        await using (var first = await StartAsync()) await SendAsync(first);
        await using (var second = await StartAsync())
        {
            await SendAsync(second);
            Assert.Equal(2, await CallsAsync(second));
        }

        _clock.Advance(TimeSpan.FromDays(10));
        await using var next = await StartAsync();
        Assert.Equal(0, await CallsAsync(next));
        Assert.Equal("2026-12", (await AppAsync(next)).GetProperty("month").GetString());
    }

    [Fact]
    public async Task Nearing_the_cap_is_told_once_per_threshold_and_changes_the_mode_also_after_a_restart()
    {
        var settings = new Dictionary<string, string?> { ["Larkspur:Quota:MonthlyCap"] = "100", ["Larkspur:Admin:FeishuReceiver"] = "oc_admins" };
        await using (var gateway = await StartAsync(settings))
        {
            await UseAsync(gateway, 79);
            Assert.Equal(QuotaMode.Normal, Mode(gateway));
            Assert.Equal([], Told());

            await UseAsync(gateway, 80);
            await ToldAsync(1);
            Assert.Contains("80 %", Assert.Single(Told()).Content, StringComparison.Ordinal);
            Assert.Contains(gateway.Logs.Lines, l => l.Level == LogLevel.Warning && l.Message.Contains("80 %", StringComparison.Ordinal));

            // The message counts as well.
            await UntilAsync(async () => await UsedAsync(gateway) == 81);
            await UseAsync(gateway, 90);
            Assert.Equal(QuotaMode.Economy, Mode(gateway));
            Assert.Equal(QuotaMode.Normal, gateway.Services.GetRequiredService<IQuota>().Mode("default", "contact.v3.user.get"));
        }

        await using var later = await StartAsync(settings);
        Assert.Equal(QuotaMode.Economy, await ModeOfAsync(later));
        Assert.Single(Told());
        for (var i = 0; i < 15; i++) await SendAsync(later);
        Assert.Equal(QuotaMode.Exhausted, Mode(later));
        await AppAsync(later);
        await ToldAsync(2);
        Assert.True(later.Services.GetRequiredService<IQuota>().MayTry("default", Send));
        Assert.Contains("100 %", Told().Last().Content, StringComparison.Ordinal);
        await later.CountsAsync(1, "larkspur_quota_alarms_total", "kind=\"month\"");
        await later.CountsAsync(100, "larkspur_quota_cap", "app=\"default\"");
        await later.CountsAsync(2, "larkspur_quota_mode");
        await later.CountsAtLeastAsync(106, "larkspur_quota_used");
        await later.CountsAtLeastAsync(106, "larkspur_quota_forecast");
        Assert.Equal(["80", "95", "100"], (await AppAsync(later)).GetProperty("alarms").EnumerateArray().Select(a => a.GetProperty("occasion").GetString()).OrderBy(o => int.Parse(o!, CultureInfo.InvariantCulture)));

        using var reset = await later.Http.PostAsync(new Uri("/api/v1/quota/default/reset", UriKind.Relative), null, Cancel);
        var after = await reset.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("economy", true), (after.GetProperty("mode").GetString(), after.GetProperty("lifted").GetBoolean()));
        Assert.Equal(QuotaMode.Economy, Mode(later));
    }

    [Fact]
    public async Task A_refusal_of_the_platform_holds_until_the_month_ends_with_a_try_every_few_minutes_and_the_administrator_is_told_once()
    {
        var settings = new Dictionary<string, string?> { ["Larkspur:Admin:FeishuReceiver"] = "oc_admins" };
        _feishu.Fault = _ => (429, UsedUp);
        await using (var gateway = await StartAsync(settings))
        {
            await Assert.ThrowsAsync<FeishuQuotaExceededException>(() => SendAsync(gateway));
            Assert.Equal(QuotaMode.Exhausted, Mode(gateway));
            Assert.False(gateway.Services.GetRequiredService<IQuota>().MayTry("default", Send));
            Assert.True(gateway.Services.GetRequiredService<IQuota>().MayTry("default", "contact.v3.user.get"));

            // The message to the administrator cannot leave either: it waits for the next try like all others.
            await UntilAsync(async () => await gateway.CounterAsync("larkspur_outbox_retries_total", "quota") == 1);
            Assert.Empty(Told());
        }

        var later = await StartAsync(settings);
        Assert.Equal(QuotaMode.Exhausted, await ModeOfAsync(later));
        var quota = later.Services.GetRequiredService<IQuota>();
        Assert.False(quota.MayTry("default", Send));
        // It takes the tries that there are, at least three minutes apart, and tells nothing about its own failure.
        var began = _clock.GetUtcNow();
        await UntilAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(20));
            return Task.FromResult(Told().Length >= 3);
        });
        Assert.True(_clock.GetUtcNow() - began >= TimeSpan.FromMinutes(6), $"three tries within {_clock.GetUtcNow() - began}");
        Assert.Single(Told().Select(c => c.Uuid).Distinct());
        Assert.Contains("99991403", Told().First().Content, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.String, (await AppAsync(later)).GetProperty("refused_at").ValueKind);

        await later.StopAsync();
        _clock.Advance(TimeSpan.FromDays(10));
        await using var nextMonth = await StartAsync(settings);
        Assert.Equal(QuotaMode.Normal, await ModeOfAsync(nextMonth));
        Assert.True(nextMonth.Services.GetRequiredService<IQuota>().MayTry("default", Send));
    }

    [Fact]
    public async Task A_call_that_works_again_ends_the_refusal_and_so_does_an_administrator()
    {
        _feishu.Fault = _ => (429, UsedUp);
        await using var gateway = await StartAsync();
        await Assert.ThrowsAsync<FeishuQuotaExceededException>(() => SendAsync(gateway));
        Assert.Equal(QuotaMode.Exhausted, await ModeOfAsync(gateway));

        // One that was on its way when the refusal came proves nothing.
        _feishu.Fault = null;
        await SendAsync(gateway);
        Assert.Equal(QuotaMode.Exhausted, await ModeOfAsync(gateway));
        _clock.Advance(TimeSpan.FromMinutes(2));
        await SendAsync(gateway);
        Assert.Equal(QuotaMode.Normal, await ModeOfAsync(gateway));

        _feishu.Fault = _ => (429, UsedUp);
        await Assert.ThrowsAsync<FeishuQuotaExceededException>(() => SendAsync(gateway));
        Assert.Equal(QuotaMode.Exhausted, Mode(gateway));
        using var reset = await gateway.Http.PostAsync(new Uri("/api/v1/quota/default/reset", UriKind.Relative), null, Cancel);
        Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
        Assert.Equal(QuotaMode.Normal, Mode(gateway));
        Assert.Equal(["refused-1", "refused-2"], (await AppAsync(gateway)).GetProperty("alarms").EnumerateArray().Select(a => a.GetProperty("occasion").GetString()).Order());
    }

    [Fact]
    public async Task A_daily_cap_of_an_API_stops_that_API_only_and_is_told()
    {
        await using var gateway = await StartAsync(new Dictionary<string, string?> { [$"Larkspur:Quota:DailyCaps:{Send}"] = "2" });
        var quota = gateway.Services.GetRequiredService<IQuota>();
        await SendAsync(gateway);
        Assert.Equal(QuotaMode.Normal, quota.Mode("default", Send));
        await SendAsync(gateway);
        Assert.Equal(QuotaMode.Exhausted, quota.Mode("default", Send));
        Assert.Equal((QuotaMode.Normal, QuotaMode.Normal), (Mode(gateway), quota.Mode("default", "im.v1.message.reply")));
        await AppAsync(gateway);
        Assert.Equal(QuotaMode.Exhausted, quota.Mode("default", Send));
        Assert.Contains(gateway.Logs.Lines, l => l.Level == LogLevel.Warning && l.Message.Contains(Send, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Processes_on_one_database_add_up_share_a_refusal_and_tell_it_once()
    {
        if (!GatewayApp.IsPostgres) Assert.Skip("a file serves one process");
        var settings = new Dictionary<string, string?> { ["Larkspur:Admin:FeishuReceiver"] = "oc_admins", ["Larkspur:Quota:MonthlyCap"] = "20" };
        await using var one = await StartAsync(settings);
        settings["LARKSPUR_DB"] = await File.ReadAllTextAsync(Path.Combine(_folder, "postgresql"), Cancel);
        await using var two = await GatewayApp.StartAsync(_feishu.Address, settings, clock: _clock);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => SendAsync(i % 2 == 0 ? one : two)));
        await Task.WhenAll(AppAsync(one), AppAsync(two));
        Assert.Equal((12, 12), (await CallsAsync(one), await CallsAsync(two)));
        Assert.Empty(Told());

        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => SendAsync(i % 2 == 0 ? one : two)));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => AppAsync(i % 2 == 0 ? one : two)));
        await LivelyAsync(() => Told().Length >= 1);
        _feishu.Fault = c => c.Target == "oc_admins" ? null : (429, UsedUp);
        await Task.WhenAll(RefusedAsync(one), RefusedAsync(two));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => AppAsync(i % 2 == 0 ? one : two)));
        Assert.Equal((QuotaMode.Exhausted, QuotaMode.Exhausted), (Mode(one), Mode(two)));
        await LivelyAsync(() => Told().Any(t => t.Content.Contains("99991403", StringComparison.Ordinal)));
        Assert.Single(Told(), t => t.Content.Contains("99991403", StringComparison.Ordinal));
        Assert.Equal(1, await one.CounterAsync("larkspur_quota_alarms_total", "refused") + await two.CounterAsync("larkspur_quota_alarms_total", "refused"));

        using var reset = await two.Http.PostAsync(new Uri("/api/v1/quota/default/reset", UriKind.Relative), null, Cancel);
        Assert.NotEqual(QuotaMode.Exhausted, await ModeOfAsync(one));

        static Task RefusedAsync(GatewayApp gateway) => Assert.ThrowsAsync<FeishuQuotaExceededException>(() => SendAsync(gateway));
    }

    [Fact]
    public async Task While_the_database_is_away_counts_wait_and_the_API_says_so()
    {
        await using var gateway = await StartAsync();
        await using (await gateway.HoldDatabaseAsync())
        {
            await SendAsync(gateway);
            using var answer = await gateway.Http.GetAsync(new Uri("/api/v1/quota", UriKind.Relative), Cancel);
            if (!GatewayApp.IsPostgres) Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        Assert.Equal(1, await CallsAsync(gateway));
    }

    [Fact]
    public async Task The_endpoints_want_the_key_and_a_known_app_and_are_described()
    {
        await using var gateway = await StartAsync();
        using var stranger = new HttpClient { BaseAddress = gateway.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(new Uri("/api/v1/quota", UriKind.Relative), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.PostAsync(new Uri("/api/v1/quota/default/reset", UriKind.Relative), null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Http.PostAsync(new Uri("/api/v1/quota/nobody/reset", UriKind.Relative), null, Cancel)).StatusCode);
        var paths = (await gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/openapi/v1.json", UriKind.Relative), Cancel)).GetProperty("paths");
        foreach (var status in (string[])["200", "401", "503"])
            Assert.True(paths.GetProperty("/api/v1/quota").GetProperty("get").GetProperty("responses").TryGetProperty(status, out _), status);
        foreach (var status in (string[])["200", "401", "404", "503"])
            Assert.True(paths.GetProperty("/api/v1/quota/{app}/reset").GetProperty("post").GetProperty("responses").TryGetProperty(status, out _), status);
    }

    [Theory]
    [InlineData("Larkspur:Quota:MonthlyCap", "-1")]
    [InlineData("Larkspur:Quota:MonthlyCap", "many")]
    [InlineData("Larkspur:Quota:Apps:nobody:MonthlyCap", "5")]
    [InlineData("Larkspur:Quota:DailyCaps:im.v1.message.create", "0")]
    [InlineData("Larkspur:Quota:Thresholds:0", "0")]
    [InlineData("Larkspur:Quota:EconomyFrom", "101")]
    [InlineData("Larkspur:Quota:FlushInterval", "00:00:00")]
    [InlineData("Larkspur:Quota:ProbeInterval", "00:00:00")]
    [InlineData("Larkspur:Admin:FeishuReceiver", "two words")]
    public async Task Wrong_settings_are_named(string key, string value)
    {
        var failure = await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { [key] = value }));
        Assert.Contains(key.Split(':')[1], Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oc_1", "chat_id")]
    [InlineData("ou_1", "open_id")]
    [InlineData("on_1", "union_id")]
    [InlineData("ann@example.com", "email")]
    [InlineData("ann", "user_id")]
    public void The_kind_of_the_administrators_id_is_told_by_its_look(string receiver, string type)
        => Assert.Equal(type, new AdminOptions { FeishuReceiver = receiver }.ReceiverType);

    /// <summary>A gateway whose flushes are the test's own: the clock stands still.</summary>
    private async Task<GatewayApp> StartAsync(Dictionary<string, string?>? settings = null)
    {
        var gateway = await GatewayApp.StartAsync(_feishu.Address, settings, _folder, _clock);
        // Warming up makes a call that counts; what follows is to be counted alone.
        await UntilAsync(() => Task.FromResult(gateway.Services.GetRequiredService<FeishuApps>().Get("default").KnownBot is not null));
        return gateway;
    }

    private static FeishuClient Client(GatewayApp gateway) => gateway.Services.GetRequiredService<FeishuApps>().Get("default").Client;

    private static Task SendAsync(GatewayApp gateway) => Client(gateway).Im.V1.Message.CreateAsync(
        new() { ReceiveIdType = "chat_id", ReceiveId = "oc_1", MsgType = "text", Content = """{"text":"x"}""" }, new() { MaxAttempts = 1, PermitAcquired = true }, Cancel);

    private static QuotaMode Mode(GatewayApp gateway) => gateway.Services.GetRequiredService<IQuota>().Mode("default");

    /// <summary>After everything was written and read.</summary>
    private static async Task<QuotaMode> ModeOfAsync(GatewayApp gateway)
    {
        await AppAsync(gateway);
        return Mode(gateway);
    }

    /// <summary>Sends until that many calls are counted, and writes them.</summary>
    private static async Task UseAsync(GatewayApp gateway, long used)
    {
        for (var more = used - await UsedAsync(gateway); more > 0; more--) await SendAsync(gateway);
        // The message that tells of a threshold counts as well, and may have left by now.
        Assert.InRange(await UsedAsync(gateway), used, used + 1);
    }

    private static async Task<long> UsedAsync(GatewayApp gateway) => (await AppAsync(gateway)).GetProperty("used").GetInt64();

    private static async Task<JsonElement> AppAsync(GatewayApp gateway) =>
        (await gateway.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/quota", UriKind.Relative), Cancel)).GetProperty("apps")[0];

    /// <summary>Messages sent this month.</summary>
    private static async Task<long> CallsAsync(GatewayApp gateway) => (await AppAsync(gateway)).GetProperty("apis").EnumerateArray()
        .Where(a => a.GetProperty("api").GetString() == Send).Sum(a => a.GetProperty("calls").GetInt64());

    private SentCall[] Told() => [.. _feishu.Calls.Where(c => c.Target == "oc_admins")];

    private Task ToldAsync(int count) => UntilAsync(() => Task.FromResult(Told().Length >= count));

    /// <summary>Waits while time goes on: what was refused is tried again minutes later.</summary>
    private Task LivelyAsync(Func<bool> condition) => UntilAsync(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(condition());
    });

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition()) await ticks.WaitForNextTickAsync(deadline.Token);
    }
}
