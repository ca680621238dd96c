namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary>People read times on their own clock with its offset named, or of UTC; programs read UTC.</summary>
public sealed class LocalTimeTests(CliFixture fixture) : IClassFixture<CliFixture>
{
    [Fact]
    public async Task A_time_has_its_zone_and_programs_get_UTC()
    {
        var made = (await fixture.RunAsync("keys", "create", "clock", "--scope", "payments:read", "--json")).Is(0).Json.GetProperty("key");
        var id = made.GetProperty("id").GetInt64().ToString();
        var at = made.GetProperty("created_at").GetDateTimeOffset();
        Assert.Equal(TimeSpan.Zero, at.Offset);

        var (shanghai, utc) = (at.ToOffset(TimeSpan.FromHours(8)), at.ToUniversalTime());
        (await RunAsync("Asia/Shanghai", "keys", "show", id)).Is(0, $"{shanghai:yyyy-MM-dd HH:mm:ss} +08:00 by");
        (await RunAsync("America/St_Johns", "keys", "show", id)).Is(0, $"{TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById("America/St_Johns")):yyyy-MM-dd HH:mm:ss zzz} by");
        (await RunAsync("UTC", "keys", "show", id)).Is(0, $"{utc:yyyy-MM-dd HH:mm:ss} UTC by");
        (await RunAsync("Asia/Shanghai", "keys", "show", id, "--utc")).Is(0, $"{utc:yyyy-MM-dd HH:mm:ss} UTC by");
        var json = (await RunAsync("Asia/Shanghai", "keys", "show", id, "--json")).Is(0).Json;
        Assert.Equal((at, TimeSpan.Zero), (json.GetProperty("created_at").GetDateTimeOffset(), json.GetProperty("created_at").GetDateTimeOffset().Offset));
    }

    [Fact]
    public async Task Lists_say_how_long_ago_in_the_language_of_the_one_who_looks()
    {
        var session = (await fixture.RunAsync("web-chat", "sessions", "create", "--issuer", "https://intranet.example.com", "--subject", "E7", "--name", "Eve", "--lifetime", "1h", "--json")).Is(0).Json;
        var created = session.GetProperty("session").GetProperty("created_at").GetDateTimeOffset();
        Assert.Matches(@"(?m)^ws_\S+ .*Eve .* \d+ (s|min) ago +in (59 min|1 h)", (await RunAsync("Asia/Shanghai", "web-chat", "sessions", "list")).Is(0).Output);
        (await RunAsync("Asia/Shanghai", "web-chat", "sessions", "list", "--utc")).Is(0, $"{created:yyyy-MM-dd HH:mm} UTC");
        var chinese = await Cli.RunAsync(["web-chat", "sessions", "list"], fixture.Folder, fixture.Gateway.Address.ToString(), environment: new Dictionary<string, string> { ["LC_ALL"] = "zh_CN.UTF-8" });
        Assert.Matches(@"\d+ (秒|分钟)前 +(59 分钟|1 小时)后", chinese.Is(0).Output);
    }

    private Task<CliRun> RunAsync(string zone, params string[] arguments) =>
        Cli.RunAsync(arguments, fixture.Folder, fixture.Gateway.Address.ToString(), environment: new Dictionary<string, string> { ["TZ"] = zone });
}
