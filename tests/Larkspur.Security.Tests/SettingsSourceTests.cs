using Larkspur.Gateway.Common;
using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Tests.Api;

namespace Larkspur.Security.Tests;

/// <summary>Who can put a file where the gateway is started, or look at the list of processes, gets nothing by it.</summary>
public sealed class SettingsSourceTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("larkspur-settings-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_settings_file_of_the_working_directory_is_left_aside_and_that_is_said()
    {
        var planted = Path.Combine(Environment.CurrentDirectory, "larkspur.json");
        await File.WriteAllTextAsync(planted, """{"LARKSPUR_TIME_ZONE":"Mars/Olympus"}""", TestContext.Current.CancellationToken);
        try
        {
            await using var gateway = await GatewayApp.StartAsync("http://127.0.0.1:1");
            Assert.Contains(gateway.Logs.Lines, l => l.Message.StartsWith(planted, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(planted);
        }
    }

    [Fact]
    public async Task The_one_of_the_data_folder_counts_and_one_that_is_named_must_be_there()
    {
        var file = Path.Combine(_data, "larkspur.json");
        await File.WriteAllTextAsync(file, """{"LARKSPUR_TIME_ZONE":"Mars/Olympus"}""", TestContext.Current.CancellationToken);
        Assert.StartsWith("LARKSPUR_TIME_ZONE", Assert.Single((await RefusedAsync([])).Problems), StringComparison.Ordinal);
        File.Move(file, Path.Combine(_data, "named.json"));
        Assert.StartsWith("LARKSPUR_TIME_ZONE",
            Assert.Single((await RefusedAsync(new() { ["LARKSPUR_CONFIG"] = Path.Combine(_data, "named.json") })).Problems),
            StringComparison.Ordinal);
        Assert.StartsWith("LARKSPUR_CONFIG", Assert.Single((await RefusedAsync(new() { ["LARKSPUR_CONFIG"] = file })).Problems),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--FEISHU_APP_SECRET", "hush-hush")]
    [InlineData("--larkspur_api_key", "hush-hush")]
    [InlineData("--LARKSPUR_MASTER_KEY=hush-hush", null)]
    [InlineData("--Feishu:Apps:hr:AppSecret", "hush-hush")]
    [InlineData("--Larkspur:Webhooks:erp:Secret", "hush-hush")]
    [InlineData("--LARKSPUR_DB", "Host=db;Database=l;Password=hush-hush")]
    [InlineData("/LARKSPUR_API_KEY=hush-hush", null)]
    [InlineData("/LARKSPUR_API_KEY", "hush-hush")]
    [InlineData("LARKSPUR_API_KEY=hush-hush", null)]
    [InlineData("-LARKSPUR_API_KEY=hush-hush", null)]
    [InlineData("-LARKSPUR_API_KEY", "hush-hush")]
    [InlineData("---LARKSPUR_API_KEY", "hush-hush")]
    [InlineData("--LARKSPUR_TIME_ZONE", "/LARKSPUR_API_KEY=hush-hush")]
    [InlineData("--LARKSPUR_DB=sqlite:/tmp/x", "--LARKSPUR_API_KEY=hush-hush")]
    public void A_secret_on_the_command_line_is_refused_and_not_repeated(string name, string? value)
    {
        var failure = Assert.Throws<SettingsException>(() => GatewayHost.Build(value is null ? [name] : [name, value]));
        Assert.Contains("command line", Assert.Single(failure.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_come_from_files()
    {
        var key = new string('k', 24);
        await File.WriteAllTextAsync(Path.Combine(_data, "key"), key + "\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_data, "secret"), "whsec_" + Convert.ToBase64String(new byte[32]) + "\r\n",
            TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(new()
        {
            ["LARKSPUR_API_KEY"] = null, ["LARKSPUR_API_KEY_FILE"] = Path.Combine(_data, "key"),
            ["Larkspur:Webhooks:erp:Url"] = "https://erp.example/", ["Larkspur:Webhooks:erp:Secret_FILE"] = Path.Combine(_data, "secret"),
        });
        Assert.Equal(200, (await gateway.CallAsync(key, HttpMethod.Get, "/status")).Status);
        Assert.Equal(401, (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/status")).Status);
        Assert.Equal(200, (await gateway.CallAsync(key, HttpMethod.Get, "/webhooks/erp")).Status);
    }

    [Fact]
    public async Task Credentials_of_systemd_are_found_by_their_names()
    {
        var key = new string('c', 24);
        Directory.CreateDirectory(Path.Combine(_data, "credentials"));
        await File.WriteAllTextAsync(Path.Combine(_data, "credentials", "LARKSPUR_API_KEY"), key, TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync(new() { ["LARKSPUR_API_KEY"] = null,
            ["CREDENTIALS_DIRECTORY"] = Path.Combine(_data, "credentials") });
        Assert.Equal(200, (await gateway.CallAsync(key, HttpMethod.Get, "/status")).Status);
    }

    [Theory]
    [InlineData("twice", "a-key-of-twenty-four-char", "both are set")]
    [InlineData("missing", null, "no file")]
    [InlineData("empty", "\n", "is empty")]
    [InlineData("lines", "first-line-of-the-key\nsecond", "more than one line")]
    [InlineData("large", "", "bytes")]
    public async Task A_file_that_is_no_secret_is_refused_by_name_and_not_repeated(string kind, string? text, string words)
    {
        var file = Path.Combine(_data, "key");
        if (text is not null) await File.WriteAllTextAsync(file, kind == "large" ? new string('x', 20_000)
            : text, TestContext.Current.CancellationToken);
        var settings = new Dictionary<string, string?> { ["LARKSPUR_API_KEY_FILE"] = file };
        if (kind != "twice") settings["LARKSPUR_API_KEY"] = null;
        var failure = await RefusedAsync(settings);
        var problem = Assert.Single(failure.Problems);
        Assert.Contains("LARKSPUR_API_KEY_FILE", problem, StringComparison.Ordinal);
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("key-of-twenty", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("first-line", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_file_can_give_is_refused() =>
        Assert.StartsWith("LARKSPUR_DATA_FILE", Assert.Single((await RefusedAsync(new() { ["LARKSPUR_DATA_FILE"] = "/run/secrets/x" }))
            .Problems), StringComparison.Ordinal);

    [Fact]
    public async Task A_key_that_could_be_found_by_trying_is_refused()
    {
        Assert.StartsWith("LARKSPUR_API_KEY: needs at least 24",
            Assert.Single((await RefusedAsync(new() { ["LARKSPUR_API_KEY"] = new string('k', 23) })).Problems), StringComparison.Ordinal);
        await using var gateway = await StartAsync(new() { ["LARKSPUR_API_KEY"] = new string('k', 24) });
    }

    private Task<GatewayApp> StartAsync(Dictionary<string, string?> settings) =>
        GatewayApp.StartAsync("http://127.0.0.1:1", settings, _data);

    private Task<SettingsException> RefusedAsync(Dictionary<string, string?> settings) =>
        Assert.ThrowsAsync<SettingsException>(() => StartAsync(settings));
}
