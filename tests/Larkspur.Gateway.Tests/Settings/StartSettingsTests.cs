using Larkspur.Gateway.Common;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>What the start says of settings that are wrong.</summary>
public sealed class StartSettingsTests
{
    [Fact]
    public async Task All_problems_are_told_at_once_whichever_room_finds_them()
    {
        var failure = await FailureAsync(new()
        {
            ["LARKSPUR_API_KEY"] = "short", ["Larkspur:Outbox:PerLane"] = "many", ["Larkspur:Retention:Keep"] = "00:10:00",
            ["Larkspur:Gaps:MaxCalls"] = "0", ["Larkspur:Outbox:FirstPaus"] = "00:00:01", ["LARKSPUR_ADMIN_PASSWORD"] = "short", ["Larkspur:Assistant:Masking"] = "nothing", ["Larkspur:Quota:Apps:hr:MonthlyCap"] = "5", ["Larkspur:Assistant:MaxFiles"] = "50",
        });
        foreach (var setting in (string[])["LARKSPUR_API_KEY", "LARKSPUR_ADMIN_PASSWORD", "Larkspur:Outbox: ", "Larkspur:Outbox:FirstPaus", "Larkspur:Retention:Keep", "Larkspur:Gaps:MaxCalls", "Larkspur:Quota:Apps:hr", "Larkspur:Assistant:MaxFiles"])
            Assert.Contains(failure.Problems, problem => problem.StartsWith(setting, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Larkspur:Outbox:FirstPaus", "Did you mean Larkspur:Outbox:FirstPause?")]
    [InlineData("Larkspur:Outbx:FirstPause", "Did you mean Larkspur:Outbox?")]
    [InlineData("Larkspur:Assistant:Backends:default:BaseUlr", "Did you mean Larkspur:Assistant:Backends:default:BaseUrl?")]
    [InlineData("Larkspur:Assistant:Routes:0:Keyword:0", "Did you mean Larkspur:Assistant:Routes:0:Keywords?")]
    [InlineData("Larkspur:Bot:Commands:On:0", "There are: Off")]
    [InlineData("Larkspur:Quota:Apps:default:Cap", "There are: MonthlyCap")]
    [InlineData("Larkspur:WeCom:App:sales:Secret", "Did you mean Larkspur:WeCom:Apps?")]
    [InlineData("Larkspur:WeCom:Apps:sales:AiBotTokn", "Did you mean Larkspur:WeCom:Apps:sales:AiBotToken?")]
    [InlineData("Larkspur:DingTalk:Apps:hr:CardTemplte", "Did you mean Larkspur:DingTalk:Apps:hr:CardTemplate?")]
    [InlineData("Larkspur:Cards:Foldr", "Did you mean Larkspur:Cards:Folder?")]
    // No secret, so nobody reads a file of it.
    [InlineData("Larkspur:LongConnection:Proxy_FILE", "There are: FirstPause, LongestPause, Patience, PongTimeout, Proxy")]
    public async Task A_setting_that_there_is_none_of_is_told_with_what_was_meant(string setting, string meant)
    {
        var failure = await FailureAsync(new() { [setting] = "00:00:01" });
        Assert.Contains(failure.Problems, problem => problem.Contains("there is no such setting", StringComparison.Ordinal) && problem.EndsWith(meant, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_name_of_a_secrets_file_is_a_setting()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("larkspur-secret-").FullName, "key");
        await File.WriteAllTextAsync(file, "app-secret-of-a-file\n", TestContext.Current.CancellationToken);
        var settings = new Dictionary<string, string?>
        {
            ["Larkspur:Assistant:Backends:default:BaseUrl"] = "http://127.0.0.1:1/v1", ["Larkspur:Assistant:Backends:default:ApiKey_FILE"] = file,
        };
        await using (await GatewayApp.StartAsync("http://127.0.0.1:1", settings)) { }
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static async Task<SettingsException> FailureAsync(Dictionary<string, string?> settings) =>
        await Assert.ThrowsAsync<SettingsException>(() => GatewayApp.StartAsync("http://127.0.0.1:1", settings));
}
