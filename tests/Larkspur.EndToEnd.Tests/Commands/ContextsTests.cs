using System.Runtime.Versioning;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur login</c> and <c>contexts</c>: which gateway is asked, by which key, and who says so.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ContextsTests(CliFixture fixture) : IClassFixture<CliFixture>, IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("larkspur-home-").FullName;

    private string Kept => Path.Combine(_home, "larkspur", "contexts.json");

    private string Address => fixture.Gateway.Address.ToString();

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task A_key_that_works_is_kept_for_the_user_alone_and_printed_nowhere()
    {
        var login = (await RunAsync(["login", "--url", Address, "--context", "prod"], input: GatewayApp.ApiKey + "\n")).Is(0, $"Logged in: {Address}, context prod");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Kept)!));
        Assert.Contains(GatewayApp.ApiKey, await File.ReadAllTextAsync(Kept, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var status = (await RunAsync(["status"])).Is(0, Address);
        (await RunAsync(["payments", "list", "--context", "prod"])).Is(0, "None.");
        var shown = (await RunAsync(["contexts", "show"])).Is(0, "context prod");
        var json = (await RunAsync(["contexts", "show", "--json"])).Is(0);
        Assert.Equal(("prod", Address), (json.Json.GetProperty("context").GetString(), json.Json.GetProperty("address").GetString()));
        var list = (await RunAsync(["contexts", "list"])).Is(0);
        Assert.Matches(@"(?m)^\* +prod +http", list.Output);
        foreach (var run in (CliRun[])[login, status, shown, json, list]) Assert.DoesNotContain(GatewayApp.ApiKey, run.Output + run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_work_is_not_kept()
    {
        (await RunAsync(["login", "--url", Address], input: "a-wrong-key-0123456789\n")).Is(3, "does not take this key");
        (await RunAsync(["login", "--url", GatewayProcess.FreeAddress().ToString()], input: GatewayApp.ApiKey)).Is(3, "cannot be reached");
        (await RunAsync(["login", "--url", fixture.Emulator.BaseUrl.ToString()], input: GatewayApp.ApiKey)).Is(3, "is it a Larkspur gateway?");
        (await RunAsync(["login", "--url", "gateway"], input: GatewayApp.ApiKey)).Is(2, "is not an address");
        (await RunAsync(["login", "--url", Address], input: "")).Is(2, "the input is empty");
        (await RunAsync(["login", "--url", Address, "--key-file", "nowhere.key"])).Is(2, "there is no file nowhere.key");
        (await RunAsync(["login", "--url", Address, "--key", GatewayApp.ApiKey])).Is(2, "has no option \"--key\". Did you mean \"--key-file\"?");
        Assert.False(File.Exists(Kept));
        (await RunAsync(["contexts", "list"])).Is(0, "None. larkspur login keeps one.");
        (await RunAsync(["status"])).Is(3, "larkspur login keeps one");
    }

    [Fact]
    public async Task A_key_of_few_scopes_is_a_key()
    {
        var made = (await fixture.RunAsync("keys", "create", "few", "--scope", "payments:read", "--json")).Is(0).Json.GetProperty("secret").GetString()!;
        await File.WriteAllTextAsync(Path.Combine(_home, "few.key"), made, TestContext.Current.CancellationToken);
        (await RunAsync(["login", "--url", Address, "--key-file", "few.key", "--context", "few"])).Is(0, "context few");
        (await RunAsync(["payments", "list"])).Is(0, "None.");
        (await RunAsync(["status"])).Is(1, "missing_scope");
    }

    [Fact]
    public async Task The_command_line_goes_before_the_environment_and_that_before_the_context()
    {
        var nobody = GatewayProcess.FreeAddress().ToString();
        (await RunAsync(["login", "--url", Address, "--context", "good"], input: GatewayApp.ApiKey)).Is(0);
        Keep("away", nobody);
        (await RunAsync(["contexts", "use", "away"])).Is(0, $"In force: away, {nobody}");
        (await RunAsync(["status"])).Is(3, nobody);

        var environment = new Dictionary<string, string> { ["LARKSPUR_URL"] = Address, ["LARKSPUR_API_KEY"] = GatewayApp.ApiKey };
        (await RunAsync(["status"], environment)).Is(0, Address);
        (await RunAsync(["contexts", "show"], environment)).Is(0, "LARKSPUR_URL");
        (await RunAsync(["contexts", "list"], environment)).Is(0, "LARKSPUR_URL, LARKSPUR_API_KEY set in the environment: that goes before the context");
        (await RunAsync(["status", "--context", "away"], environment)).Is(3, nobody);
        (await RunAsync(["status", "--url", nobody], environment)).Is(3, nobody);
        (await RunAsync(["status", "--context", "good"])).Is(0, Address);
        (await RunAsync(["status", "--context", "good", "--url", Address])).Is(2, "exclude each other");
        (await RunAsync(["status", "--context", "goood"])).Is(2, "Did you mean \"good\"?");
        (await RunAsync(["inbox", "list", "--context", "good"])).Is(0);

        (await RunAsync(["contexts", "remove", "away"])).Is(0, "None is in force");
        (await RunAsync(["status"])).Is(3, "http://127.0.0.1:8080/");
        (await RunAsync(["contexts", "use", "good"])).Is(0);
        (await RunAsync(["status"])).Is(0, Address);
    }

    [Fact]
    public async Task A_kept_key_goes_to_its_own_address_only_and_a_key_of_the_environment_to_no_context()
    {
        (await RunAsync(["login", "--url", Address, "--context", "good"], input: GatewayApp.ApiKey)).Is(0);
        // The same address, however it is said: the kept key is the one for it.
        (await RunAsync(["status", "--url", Address.TrimEnd('/')])).Is(0);
        (await RunAsync(["status"], new Dictionary<string, string> { ["LARKSPUR_URL"] = Address })).Is(0);
        // Another address gets no key at all.
        var other = GatewayProcess.FreeAddress().ToString();
        (await RunAsync(["status", "--url", other])).Is(3, $"there is no key for {other}");
        // A key of the environment is that of the default address, not of where somebody once logged in.
        (await RunAsync(["contexts", "show"], new Dictionary<string, string> { ["LARKSPUR_API_KEY"] = "some-key" })).Is(0, "http://127.0.0.1:8080/");
    }

    [Fact]
    public async Task A_file_that_others_may_read_or_that_is_damaged_is_not_used()
    {
        (await RunAsync(["login", "--url", Address], input: GatewayApp.ApiKey)).Is(0);
        File.SetUnixFileMode(Kept, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        (await RunAsync(["status"])).Is(2, "others may read");
        File.SetUnixFileMode(Kept, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await RunAsync(["status"])).Is(0);
        foreach (var damaged in (string[])["{", "null", """{"contexts":null}""", """{"current":"a","contexts":{"a":{"url":"x"}}}"""])
        {
            await File.WriteAllTextAsync(Kept, damaged, TestContext.Current.CancellationToken);
            (await RunAsync(["contexts", "list"])).Is(2, "is not as larkspur login writes it");
        }
    }

    /// <summary>A context that nobody logged in to: the gateway has gone since.</summary>
    private void Keep(string name, string address)
    {
        var text = File.ReadAllText(Kept);
        File.WriteAllText(Kept, text.Replace("\"contexts\": {", $"\"contexts\": {{ \"{name}\": {{ \"url\": \"{address}\", \"key\": \"old-key\" }},", StringComparison.Ordinal));
    }

    private Task<CliRun> RunAsync(string[] arguments, Dictionary<string, string>? environment = null, string? input = null) => Cli.RunAsync(arguments, _home, gateway: "", key: "", input,
        new Dictionary<string, string>(environment ?? []) { ["XDG_CONFIG_HOME"] = _home });
}
