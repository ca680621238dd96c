namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur doctor</c> as an administrator or a script runs it.</summary>
public sealed class DoctorCommandTests : IAsyncLifetime
{
    private readonly CliFixture _fixture = new();

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task An_installation_that_works_gives_0_and_a_line_per_check()
    {
        var run = (await _fixture.RunAsync("doctor", "--lang", "en")).Is(0, "✓");
        Assert.Contains("Credentials", run.Output, StringComparison.Ordinal);
        Assert.Contains("Bot ability", run.Output, StringComparison.Ordinal);
        Assert.Contains("0 not working", run.Output, StringComparison.Ordinal);
        // No callback domain is set: to look at, and no failure.
        Assert.Contains("→ Set the callback domain", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayApp.ApiKey, run.ToString(), StringComparison.Ordinal);
        // Nothing fills up the lines of a file.
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.TrimEnd('\r').EndsWith(' '));
    }

    [Fact]
    public async Task A_fault_gives_1_and_what_to_do_in_either_language()
    {
        _fixture.Emulator.State.Change(EmulatorApp.AppId, app => app with { BotEnabled = false });
        var english = (await _fixture.RunAsync("doctor", "--lang", "en")).Is(1, "✗");
        Assert.Contains("The app has no bot", english.Output, StringComparison.Ordinal);
        Assert.Contains("→ Add the bot under Add Features", english.Output, StringComparison.Ordinal);
        Assert.Contains($"https://open.feishu.cn/app/{EmulatorApp.AppId}/bot", english.Output, StringComparison.Ordinal);
        (await _fixture.RunAsync("doctor", "--lang", "zh")).Is(1, "应用没有开启机器人能力");
        // The environment's language, without the option.
        (await Cli.EndAsync(Cli.Start("dotnet", [Cli.Program, "doctor"], _fixture.Folder, _fixture.Gateway.Address.ToString(), environment: new Dictionary<string, string> { ["LC_ALL"] = "zh_CN.UTF-8" })))
            .Is(1, "应用没有开启机器人能力");
    }

    [Fact]
    public async Task Json_is_one_document_and_nothing_else()
    {
        var run = (await _fixture.RunAsync("doctor", "--json")).Is(0);
        Assert.True(run.Json.GetProperty("checks").GetArrayLength() >= 14);
        Assert.Equal(0, run.Json.GetProperty("counts").GetProperty("failed").GetInt32());
        var one = (await _fixture.RunAsync("doctor", "--json", "--check", "database")).Is(0).Json.GetProperty("checks");
        Assert.Equal("database", Assert.Single(one.EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task What_cannot_be_asked_has_its_exit_code_and_a_sentence()
    {
        (await _fixture.RunAsync("doctor", "--check", "horoscope")).Is(1, "There is no check \"horoscope\"");
        (await _fixture.RunAsync("doctor", "--lang", "fr")).Is(2);
        (await Cli.RunAsync(["doctor"], _fixture.Folder, GatewayProcess.FreeAddress().ToString())).Is(3, "cannot be reached");
        (await Cli.RunAsync(["doctor"], _fixture.Folder, _fixture.Gateway.Address.ToString(), key: "another-key-0123")).Is(3, "does not take this LARKSPUR_API_KEY");
        (await _fixture.RunAsync("doctor", "--app", "nobody")).Is(0, "nobody");
    }
}
